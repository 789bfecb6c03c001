// Signs out a person who has left the kiosk: [data-idle-seconds] without a touch, then a warning of [data-idle-warning].
// Counts by the clock, not by ticks: a sleeping screen wakes up signed out.
const SIGNS = ["pointerdown", "keydown", "wheel", "touchstart"];

export function idle() {
  const dialog = document.querySelector("[data-idle]");
  if (!dialog) return;
  const quiet = Number(dialog.dataset.idleSeconds) * 1000;
  const warning = Number(dialog.dataset.idleWarning) * 1000;
  const bar = dialog.querySelector("progress");
  let last = Date.now();

  const stay = () => {
    last = Date.now();
    if (dialog.open) dialog.close();
  };
  const look = () => {
    const left = last + quiet + warning - Date.now();
    if (left <= 0) return signOut();
    if (left > warning) return;
    if (!dialog.open) dialog.showModal();
    bar.value = left / 1000;
  };

  for (const sign of SIGNS) {
    document.addEventListener(sign, () => dialog.open || (last = Date.now()), { passive: true, capture: true });
  }
  dialog.querySelector("[data-idle-stay]").addEventListener("click", stay);
  dialog.addEventListener("cancel", stay);
  const timer = setInterval(look, 250);

  function signOut() {
    clearInterval(timer);
    document.querySelector("form[data-sign-out]")?.requestSubmit();
  }
}
