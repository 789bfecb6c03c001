// Large figures fill the PIN field beside them; the form goes off when it is full.
export function keypad() {
  document.addEventListener("click", (event) => {
    const key = event.target.closest("[data-key]");
    const pad = key?.closest("[data-keypad]");
    if (!pad) return;
    const field = pad.querySelector("input");
    const length = Number(pad.dataset.keypadLength);
    if (key.dataset.key === "delete") field.value = field.value.slice(0, -1);
    else if (field.value.length < length) field.value += key.dataset.key;
    if (field.value.length === length && key.dataset.key !== "delete") field.form?.requestSubmit();
  });
}
