// A list with ticks: how many are chosen stands on the buttons. Without this the buttons say "what is ticked".
export function countTicks(form) {
  const ticks = [...form.querySelectorAll("input[name=duty], input[name=filing]")];
  const all = form.querySelector("input[name=everything]");
  const said = form.querySelector("[data-bulk-count]");
  const buttons = [...form.querySelectorAll("[data-bulk-words]")].map((button) => [button, button.textContent]);

  const show = () => {
    const chosen = ticks.filter((tick) => tick.checked);
    const people = new Set(chosen.map((tick) => tick.dataset.person)).size;
    const counted = chosen.length > 0 && !(all && all.checked);
    said.hidden = !counted;
    said.textContent = `${chosen.length} chosen`;
    for (const [button, plain] of buttons) {
      const words = button.dataset.bulkWords;
      const about = button.dataset.bulkOf === "people" ? named(people, "person", "people") : named(chosen.length, "thing", "things");
      button.textContent = counted ? `${words} ${about}` : plain;
    }
  };
  form.addEventListener("change", show);
  show();
}

function named(count, one, many) {
  return `${count} ${count === 1 ? one : many}`;
}
