// Saves each answer two seconds after the last key, and at once for a choice or when one leaves the box or the page.
// Nothing is stored in the browser: while the line is down the text stays on the page and is sent again.

const PAUSE = 2000;
const AGAIN = 5000;
const PATIENCE = 15000;
const HERE = "Your text is still here";
const OFFLINE = `Not saved: no connection. ${HERE}, and is sent when the line is back.`;
const SIGNED_OUT = `Not saved: you are signed out. ${HERE}. Sign in again in another window, and it is sent.`;
const CHANGED =
  "This answer was changed somewhere else. Press the button below: both texts are shown, and nothing is lost.";
const REFUSED = `Not saved: you cannot write here any more. ${HERE}: copy it, then open the audit again.`;
const BROKEN = `Not saved: something went wrong on our side. ${HERE}, and is sent again.`;

// A refusal that sending again cannot mend.
class Final extends Error {}
class Passing extends Error {}

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
    if (!leaving && answers.some((answer) => answer.refused())) event.preventDefault();
  });
}

function keepOne(form, group, say) {
  const name = group.dataset.answer;
  const version = form.querySelector(`input[name="${name}-version"]`);
  const fields = [...form.querySelectorAll(`[name="${name}"]`)];
  const state = { timer: null, running: null, refused: false, sent: value(fields) };
  const later = (pause) => { clearTimeout(state.timer); state.timer = setTimeout(() => send(), pause); };

  async function attempt(text, last) {
    try {
      const kept = await post(form, name, text, version.value, last);
      version.value = kept.version;
      state.sent = text;
      state.refused = false;
      say(`Saved at ${kept.saved}. Everything you type is kept as you go.`);
    } catch (problem) {
      state.refused = true;
      const known = problem instanceof Final || problem instanceof Passing;
      say(known ? problem.message : OFFLINE);
      if (!(problem instanceof Final)) later(AGAIN);
    }
  }

  function send(last = false) {
    const now = value(fields);
    if (state.running && !last) return later(PAUSE);
    if (now === state.sent) {
      state.refused = false;
      return;
    }
    state.running = attempt(now, last).finally(() => { state.running = null; });
  }

  for (const field of fields) {
    field.addEventListener("input", () => later(["radio", "checkbox"].includes(field.type) ? 0 : PAUSE));
    field.addEventListener("blur", () => later(0));
  }
  return {
    send,
    running: () => state.running,
    refused: () => state.refused,
    stop: () => clearTimeout(state.timer),
  };
}

function value(fields) {
  if (fields[0]?.type === "checkbox") return fields.filter((field) => field.checked).map((field) => field.value).join("\n");
  if (fields[0]?.type !== "radio") return fields[0]?.value ?? "";
  return fields.find((field) => field.checked)?.value ?? "";
}

async function post(form, field, text, version, last, again = false) {
  const token = form.querySelector("[name=csrfmiddlewaretoken]");
  const body = new FormData();
  body.set("field", field);
  body.set("value", text);
  body.set("version", version);
  body.set("domain", form.dataset.domain ?? "");
  body.set("csrfmiddlewaretoken", token.value);
  const answer = await fetch(form.dataset.autosave, {
    method: "POST", body, redirect: "manual", keepalive: last, signal: AbortSignal.timeout(PATIENCE),
  });
  if (answer.ok) return answer.json();
  if (answer.type === "opaqueredirect") throw new Passing(SIGNED_OUT);
  if (answer.status === 409) throw new Final(CHANGED);
  if (answer.status === 403 && !again && await renew(token)) return post(form, field, text, version, last, true);
  if (answer.status >= 500) throw new Passing(BROKEN);
  throw new Final(REFUSED);
}

// Somebody who signed in again in another window has a new token: this page takes it over.
async function renew(token) {
  const answer = await fetch(window.location.pathname, { redirect: "manual", signal: AbortSignal.timeout(PATIENCE) });
  if (answer.type === "opaqueredirect") throw new Passing(SIGNED_OUT);
  if (!answer.ok) return false;
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const fresh = page.querySelector("form[data-autosave] [name=csrfmiddlewaretoken]");
  if (fresh) token.value = fresh.value;
  return Boolean(fresh);
}
