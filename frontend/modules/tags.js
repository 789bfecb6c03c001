// Words separated by commas become chips: one is added by Enter or a comma, and taken away by its cross.
// The field that the form sends keeps the same text, so that all works without this.
export function tags(part) {
  for (const field of part.querySelectorAll("input[data-tags]")) if (!field.hidden) chips(field);
}

function chips(field) {
  const list = document.createElement("div");
  list.className = "tag-chips";
  const typed = field.cloneNode();
  typed.removeAttribute("name");
  typed.removeAttribute("data-tags");
  typed.value = "";
  typed.placeholder = field.dataset.tags;
  field.removeAttribute("id");
  field.hidden = true;
  field.after(list, typed);

  const words = () => field.value.split(",").map((word) => word.trim()).filter(Boolean);
  const keep = (all) => {
    field.value = [...new Map(all.map((word) => [word.toLocaleLowerCase(), word])).values()].join(", ");
    show();
  };
  const add = () => {
    if (typed.value.trim()) keep([...words(), ...typed.value.split(",").map((word) => word.trim())]);
    typed.value = "";
  };
  function show() {
    list.replaceChildren(...words().map((word) => {
      const chip = document.createElement("button");
      chip.type = "button";
      chip.className = "filter";
      chip.textContent = `${word} ×`;
      chip.setAttribute("aria-label", `${word}: ${field.dataset.tagsRemove}`);
      chip.addEventListener("click", () => keep(words().filter((one) => one !== word)));
      return chip;
    }));
  }
  typed.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" && event.key !== ",") return;
    event.preventDefault();
    add();
  });
  typed.addEventListener("change", add);
  show();
}
