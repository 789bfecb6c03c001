// − and + count in the page; without JavaScript they submit the form and the server counts.
export function stepper() {
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-stepper] [data-step]");
    if (!button) return;
    event.preventDefault();
    const field = button.closest("[data-stepper]").querySelector("input");
    const wanted = Number(field.value || 0) + Number(button.dataset.step);
    field.value = String(Math.min(Math.max(wanted, limit(field.min, -Infinity)), limit(field.max, Infinity)));
    field.dispatchEvent(new Event("change", { bubbles: true }));
  });
  document.addEventListener("change", (event) => {
    const box = event.target.closest("[data-stepper]");
    if (box) markEnds(box, event.target);
  });
}

const limit = (text, otherwise) => (text === "" ? otherwise : Number(text));

function markEnds(box, field) {
  box.querySelector('[data-step="-1"]').disabled = Number(field.value) <= limit(field.min, -Infinity);
  box.querySelector('[data-step="1"]').disabled = Number(field.value) >= limit(field.max, Infinity);
}
