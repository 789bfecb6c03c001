// A still picture that is fetched anew every few seconds, without a flicker, while somebody looks.
export function cameras(part) {
  for (const image of part.querySelectorAll("img[data-refresh-seconds]")) follow(image);
}

function follow(image) {
  const address = image.getAttribute("src").split("?")[0];
  const timer = setInterval(() => {
    if (!image.isConnected) return clearInterval(timer);
    if (document.hidden) return undefined;
    const next = new Image();
    next.onload = () => { image.src = next.src; };
    next.src = `${address}?${Date.now()}`;
    return undefined;
  }, 1000 * Number(image.dataset.refreshSeconds));
}
