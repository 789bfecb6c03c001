// <dialog>: opened by [data-dialog-open="#id"], closed by [data-dialog-close], Escape or a touch beside it.
export function dialogs() {
  document.addEventListener("click", (event) => {
    const opener = event.target.closest("[data-dialog-open]");
    if (opener) document.querySelector(opener.dataset.dialogOpen)?.showModal();
    if (event.target.closest("[data-dialog-close]")) event.target.closest("dialog")?.close();
    if (event.target.matches("dialog:not([data-idle])") && isBeside(event, event.target)) event.target.close();
  });
}

function isBeside(event, dialog) {
  const box = dialog.getBoundingClientRect();
  return event.clientX < box.left || event.clientX > box.right || event.clientY < box.top || event.clientY > box.bottom;
}
