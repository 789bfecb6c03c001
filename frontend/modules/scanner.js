// A USB scanner is a very fast keyboard that ends with Enter. What it types anywhere is posted by [data-scan-form].
const FASTEST_HAND = 50; // ms between two keys; scanners need 1–20

export function scanner() {
  let code = "";
  let last = 0;
  document.addEventListener("keydown", (event) => {
    const form = document.querySelector("[data-scan-form]");
    if (!form || event.ctrlKey || event.altKey || event.metaKey) return;
    if (event.timeStamp - last > FASTEST_HAND) code = "";
    last = event.timeStamp;
    if (event.key.length === 1) code += event.key;
    if (event.key !== "Enter" || code.length < Number(form.dataset.scanMin)) return;
    event.preventDefault();
    event.stopPropagation();
    form.querySelector("[data-scan-field]").value = code;
    code = "";
    form.requestSubmit();
  }, { capture: true });
}
