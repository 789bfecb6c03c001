// The desk's keyboard: / jumps into the search, Escape leaves it.
const isTyping = (element) => element.matches("input, textarea, select, [contenteditable]");

export function keys() {
  document.addEventListener("keydown", (event) => {
    const search = document.querySelector("[data-search]");
    if (!search) return;
    if (event.key === "/" && !event.ctrlKey && !event.metaKey && !isTyping(event.target)) {
      event.preventDefault();
      search.focus();
      search.select();
    }
    if (event.key === "Escape" && event.target === search) search.blur();
  });
}
