// The filters of a wall are lists that open below their word: one at a time, gone by a tap beside them or Escape,
// and open again after a choice, for the next one.
const opened = () => document.querySelector("[data-facets] details[open]");

export function facets() {
  document.addEventListener("click", (event) => {
    const facet = opened();
    if (facet && !facet.contains(event.target)) facet.open = false;
  });
  document.addEventListener("keydown", (event) => {
    const facet = opened();
    if (event.key !== "Escape" || !facet) return;
    facet.open = false;
    facet.querySelector("summary").focus();
  });
  let last = "";
  document.addEventListener("htmx:beforeSwap", () => {
    last = opened()?.id ?? "";
  });
  document.addEventListener("htmx:afterSwap", () => {
    const facet = last && document.getElementById(last);
    if (facet && last !== "facet-order") facet.open = true;
    last = "";
  });
  // A chip that takes the words away, and the button that shows all, empty the search, too.
  document.addEventListener("htmx:pushedIntoHistory", (event) => {
    const search = document.querySelector("[data-search]");
    if (!search || search === document.activeElement || !document.querySelector("[data-facets]")) return;
    search.value = new URL(event.detail.path, location.href).searchParams.get("q") ?? "";
  });
}
