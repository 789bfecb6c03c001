// Back shows nothing of the last person; print and back buttons work without inline script.
export function backAndPrint() {
  window.addEventListener("pageshow", (event) => {
    if (event.persisted) location.reload();
  });
  document.addEventListener("click", (event) => {
    if (event.target.closest("[data-print]")) window.print();
    const back = event.target.closest("[data-back]");
    if (back && history.length > 1) history.back();
    else if (back) location.assign(back.dataset.back);
  });
}
