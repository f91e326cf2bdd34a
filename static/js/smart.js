// Says while one writes an action which of its words nobody can confirm. The words come with the page.

const PAUSE = 800;

export function adviseOn(form) {
  const words = [...form.querySelectorAll("[data-vague]")].map((item) => [item.dataset.vague, item.textContent]);
  const line = form.querySelector("[data-advice]");
  const box = form.querySelector("[name=what]");
  box.after(line);
  let timer = null;
  const look = () => {
    const found = words.filter(([word]) => new RegExp(`\\b${word}\\b`, "i").test(box.value));
    const said = found.map(([, sentence]) => sentence).join(" ");
    if (line.textContent !== said) line.textContent = said;
  };
  box.addEventListener("input", () => { clearTimeout(timer); timer = setTimeout(look, PAUSE); });
}
