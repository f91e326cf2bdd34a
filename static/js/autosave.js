// Saves each answer two seconds after the last key, and at once for a choice or when one leaves the box.
// Nothing is stored in the browser: while the line is down the text stays on the page and is sent again.

const PAUSE = 2000;
const AGAIN = 5000;

export function keepAnswers(form) {
  const line = form.querySelector("[data-saved]");
  const say = (text) => { if (line) line.textContent = text; };
  for (const group of form.querySelectorAll("[data-answer]")) keepOne(form, group, say);
}

function keepOne(form, group, say) {
  const version = form.querySelector(`input[name="${group.dataset.answer}-version"]`);
  const fields = [...form.querySelectorAll(`[name="${group.dataset.answer}"]`)];
  const state = { timer: null, sending: false, sent: value(fields) };
  const later = (pause) => { clearTimeout(state.timer); state.timer = setTimeout(() => send(), pause); };

  async function send() {
    const now = value(fields);
    if (state.sending) return later(PAUSE);
    if (now === state.sent) return;
    state.sending = true;
    try {
      await post(form, group.dataset.answer, now, version, state, say);
    } catch {
      say("Not saved: no connection. Your text is still here, and is sent when the line is back.");
      later(AGAIN);
    } finally {
      state.sending = false;
    }
  }

  for (const field of fields) {
    field.addEventListener("input", () => later(field.type === "radio" ? 0 : PAUSE));
    field.addEventListener("blur", () => later(0));
  }
  // The button sends the page itself: what waits is part of it.
  form.addEventListener("submit", () => clearTimeout(state.timer));
}

function value(fields) {
  if (fields[0]?.type !== "radio") return fields[0]?.value ?? "";
  return fields.find((field) => field.checked)?.value ?? "";
}

async function post(form, field, text, version, state, say) {
  const body = new FormData();
  body.set("field", field);
  body.set("value", text);
  body.set("version", version.value);
  body.set("domain", form.dataset.domain ?? "");
  body.set("csrfmiddlewaretoken", form.querySelector("[name=csrfmiddlewaretoken]").value);
  const answer = await fetch(form.dataset.autosave, { method: "POST", body, redirect: "error" });
  if (answer.status === 409) {
    say("This answer was changed somewhere else. Press the button below: both texts are shown, and nothing is lost.");
    return;
  }
  if (!answer.ok) throw new Error(String(answer.status));
  const kept = await answer.json();
  version.value = kept.version;
  state.sent = text;
  say(`Saved at ${kept.saved}. Everything you type is kept as you go.`);
}
