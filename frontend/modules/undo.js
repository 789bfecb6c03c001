// The time left to undo. The server decides whether it still works; here the offer goes when the time is over.
export function undo(part) {
  for (const toast of part.querySelectorAll("[data-undo]")) {
    const ends = Date.now() + Number(toast.dataset.undo) * 1000;
    const bar = toast.querySelector("progress");
    const timer = setInterval(() => {
      const left = (ends - Date.now()) / 1000;
      bar.value = Math.max(left, 0);
      if (left > 0 && toast.isConnected) return;
      clearInterval(timer);
      toast.remove();
    }, 1000);
  }
}
