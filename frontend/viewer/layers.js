// G-code layer by layer: the text of designs/gcode/drawing.py, drawn by gcode-preview, with a slider of the page.
import { init } from "gcode-preview";

const KINDS = ["outer", "inner", "sparse", "solid", "top", "bridge", "support", "other"]; // T0 … T7
const PLAIN = "#2a3fb8";

/** The view of the whole file; `legend` of the page gives each kind of line its colour. */
export function layersIn(canvas, text) {
  const preview = init({ canvas, backgroundColor: "#f6f2ea", extrusionColor: KINDS.map(colourOf), renderTravel: false, disableGradient: true });
  preview.processGCode(text);
  return preview;
}

function colourOf(kind) {
  const item = document.querySelector(`.legend [data-kind="${kind}"]`);
  return (item && getComputedStyle(item).getPropertyValue("--kind").trim()) || PLAIN;
}

/** Wires the page's slider, its two buttons and the box for a single layer. */
export async function sliderFor(figure, preview) {
  const box = document.querySelector("[data-layers]");
  if (!box || !figure.dataset.layersUrl) return;
  const response = await fetch(figure.dataset.layersUrl);
  if (!response.ok) throw new Error(`${figure.dataset.layersUrl}: ${response.status}`);
  const { layers } = await response.json();
  const slider = box.querySelector("input[type=range]");
  const single = box.querySelector("[data-layer-single]");
  const show = onceAFrame(() => {
    const place = Number(slider.value);
    say(box, slider, layers[place - 1], layers.at(-1));
    preview.singleLayerMode = single.checked;
    preview.endLayer = place + 1; // the first one of gcode-preview is what comes before all layers
    preview.render();
  });
  slider.addEventListener("input", show);
  single.addEventListener("change", show);
  box.addEventListener("click", (event) => {
    const button = event.target.closest("[data-layer-step]");
    if (!button) return;
    slider.value = Number(slider.value) + Number(button.dataset.layerStep);
    show();
  });
  box.hidden = !layers.length;
  if (layers.length) show();
}

function say(box, slider, layer, last) {
  const words = new Intl.NumberFormat(document.documentElement.lang, { maximumFractionDigits: 2 });
  const height = `${words.format(layer.z)} mm`;
  const time = layer.s === null ? "–" : duration(layer.s, words);
  box.querySelector("[data-layer-number]").textContent = `${layer.number} / ${last.number}`;
  box.querySelector("[data-layer-height]").textContent = height;
  box.querySelector("[data-layer-time]").textContent = time;
  slider.setAttribute("aria-valuetext", `${layer.number} / ${last.number}, ${height}, ${time}`);
}

function duration(seconds, words) {
  const whole = Math.round(seconds);
  if (whole < 60) return `${words.format(whole)} s`;
  return `${words.format(Math.floor(whole / 60))} min ${words.format(whole % 60)} s`;
}

/** A finger on the slider asks more often than a frame can be drawn. */
function onceAFrame(work) {
  let asked = 0;
  return () => {
    cancelAnimationFrame(asked);
    asked = requestAnimationFrame(work);
  };
}
