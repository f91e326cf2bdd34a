// Saves each answer a second after the last key, while one types without a pause every two seconds, and at once for a
// choice or when one leaves the box or the page. Each saving says from which page it comes (the sitting) and its number.
// Nothing is stored in the browser: while the line is down the text stays on the page and is sent again.

const PAUSE = 1000;
const LONGEST = 2000;
const AGAIN = 5000;
const PATIENCE = 15000;
const LAST_BYTES = 60000; // what a browser still sends for a page that is left
const HERE = "Your text is still here";
const OFFLINE = `Not saved: no connection. ${HERE}, and is sent when the line is back.`;
const SIGNED_OUT = `Not saved: you are signed out. ${HERE}. Sign in again in another window, and it is sent.`;
const CHANGED =
  "This answer was changed somewhere else. Nothing is lost: your text is kept too, and both are shown above the box. " +
  "Choose when you are ready.";
const REFUSED = `Not saved: you cannot write here any more. ${HERE}: copy it, then open the audit again.`;
const BROKEN = `Not saved: something went wrong on our side. ${HERE}, and is sent again.`;

// A refusal that sending again cannot mend.
class Final extends Error {}
class Passing extends Error {}
// The text is kept beside the one that stands: as safe as if it were saved.
class Kept extends Error {}

export function keepAnswers(form) {
  const line = form.querySelector("[data-saved]");
  const say = (text) => { if (line && line.textContent !== text) line.textContent = text; };
  const answers = [...form.querySelectorAll("[data-answer]")].map((group) => keepOne(form, group, say));
  let leaving = false;

  // The button sends the page itself, on top of what is on its way.
  form.addEventListener("submit", (event) => {
    if (!navigator.onLine) {
      event.preventDefault();
      form.removeAttribute("aria-busy");
      return say(OFFLINE);
    }
    const running = answers.map((answer) => answer.running()).filter(Boolean);
    if (running.length) {
      event.preventDefault();
      form.setAttribute("aria-busy", "true");
      return Promise.allSettled(running).then(() => form.requestSubmit(event.submitter));
    }
    leaving = true;
    for (const answer of answers) answer.stop();
  });
  window.addEventListener("pageshow", () => {
    leaving = false;
    form.removeAttribute("aria-busy");
  });
  window.addEventListener("online", () => { for (const answer of answers) answer.send(); });
  window.addEventListener("pagehide", () => { if (!leaving) for (const answer of answers) answer.send(true); });
  window.addEventListener("beforeunload", (event) => {
    if (!leaving && answers.some((answer) => answer.atRisk())) event.preventDefault();
  });
}

function keepOne(form, group, say) {
  const name = group.dataset.answer;
  const version = form.querySelector(`input[name="${name}-version"]`);
  const number = form.querySelector(`input[name="${name}-sequence"]`);
  const fields = [...form.querySelectorAll(`[name="${name}"]`)];
  const state = { timer: null, since: 0, running: null, refused: false, sent: value(fields), sequence: 0 };
  const unsent = () => value(fields) !== state.sent;
  const later = (pause) => { clearTimeout(state.timer); state.timer = setTimeout(() => send(), pause); };

  // After a pause, but never longer than LONGEST after the first key that was not sent.
  function typed(pause) {
    state.since ||= Date.now();
    later(Math.max(0, Math.min(pause, state.since + LONGEST - Date.now())));
  }

  async function attempt(text, last) {
    const sequence = ++state.sequence;
    try {
      const kept = await post(form, { field: name, value: text, version: version.value, sequence }, last);
      if (sequence !== state.sequence) return;
      version.value = kept.version;
      done(text, `Saved at ${kept.saved}. Everything you type is kept as you go.`);
    } catch (problem) {
      if (sequence !== state.sequence) return;
      if (problem instanceof Kept) {
        done(text, CHANGED);
        return showBoth(form, name);
      }
      state.refused = true;
      const known = problem instanceof Final || problem instanceof Passing;
      say(known ? problem.message : OFFLINE);
      if (!(problem instanceof Final)) later(AGAIN);
    }
  }

  function done(text, words) {
    state.sent = text;
    state.refused = false;
    say(words);
  }

  function send(last = false) {
    if (!unsent()) {
      state.since = 0;
      state.refused = false;
      return;
    }
    if (state.running && !last) return;
    state.since = 0;
    state.running = attempt(value(fields), last).finally(() => {
      state.running = null;
      if (unsent() && !state.refused) typed(PAUSE);
    });
  }

  function stop() {
    clearTimeout(state.timer);
    if (state.sequence || unsent()) number.value = ++state.sequence;
  }

  for (const field of fields) {
    field.addEventListener("input", () => typed(["radio", "checkbox"].includes(field.type) ? 0 : PAUSE));
    field.addEventListener("blur", () => typed(0));
  }
  return {
    send,
    stop,
    running: () => state.running,
    atRisk: () => unsent() && (state.refused || new Blob([value(fields)]).size > LAST_BYTES),
  };
}

function value(fields) {
  if (fields[0]?.type === "checkbox") return fields.filter((field) => field.checked).map((field) => field.value).join("\n");
  if (fields[0]?.type !== "radio") return fields[0]?.value ?? "";
  return fields.find((field) => field.checked)?.value ?? "";
}

async function post(form, fields, last, again = false) {
  const token = form.querySelector("[name=csrfmiddlewaretoken]");
  const body = new FormData();
  for (const [name, text] of Object.entries(fields)) body.set(name, text);
  body.set("domain", form.dataset.domain ?? "");
  body.set("sitting", form.querySelector("[name=sitting]").value);
  body.set("csrfmiddlewaretoken", token.value);
  const answer = await fetch(form.dataset.autosave, {
    method: "POST", body, redirect: "manual", keepalive: last, signal: AbortSignal.timeout(PATIENCE),
  });
  if (answer.ok) return answer.json();
  if (answer.type === "opaqueredirect") throw new Passing(SIGNED_OUT);
  if (answer.status === 409) throw new Kept(CHANGED);
  if (answer.status === 403 && !again && await renew(token)) return post(form, fields, last, true);
  if (answer.status >= 500) throw new Passing(BROKEN);
  throw new Final(REFUSED);
}

// The page as the server shows it now; null where it shows none.
async function freshPage() {
  const answer = await fetch(window.location.pathname, { redirect: "manual", signal: AbortSignal.timeout(PATIENCE) });
  if (answer.type === "opaqueredirect") throw new Passing(SIGNED_OUT);
  return answer.ok ? new DOMParser().parseFromString(await answer.text(), "text/html") : null;
}

// Somebody who signed in again in another window has a new token: this page takes it over.
async function renew(token) {
  const fresh = (await freshPage())?.querySelector("form[data-autosave] [name=csrfmiddlewaretoken]");
  if (fresh) token.value = fresh.value;
  return Boolean(fresh);
}

// Both texts above the box, once, without leaving what one writes. Where that fails the next page shows them.
async function showBoth(form, name) {
  const place = form.querySelector(`[data-conflict="${name}"]`);
  if (place?.childElementCount) return;
  const fresh = await freshPage().catch(() => null);
  const both = fresh?.querySelector(`[data-conflict="${name}"]`);
  if (place && both) place.replaceChildren(...document.adoptNode(both).childNodes);
}
