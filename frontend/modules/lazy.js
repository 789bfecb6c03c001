// three.js and uPlot are fetched only when a view or a chart comes into sight.
const WANTS = "[data-viewer], [data-chart]";

export function lazyModules(part) {
  const wanting = [...part.querySelectorAll(WANTS), ...(part.matches?.(WANTS) ? [part] : [])];
  for (const element of wanting) watcher.observe(element);
}

const watcher = new IntersectionObserver((entries) => {
  for (const { isIntersecting, target } of entries) {
    if (!isIntersecting) continue;
    watcher.unobserve(target);
    load(target);
  }
}, { rootMargin: "200px" });

async function load(element) {
  try {
    const { mount } = await import(element.dataset.viewerModule ?? element.dataset.chartModule);
    await mount(element);
  } catch (error) {
    console.error(error);
    const trouble = element.querySelector(".viewer-trouble");
    if (trouble) trouble.hidden = false;
  }
}
