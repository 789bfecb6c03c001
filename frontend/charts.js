// Lines over time, by uPlot; loaded by modules/lazy.js. Arrow keys walk along them; what stands under the
// cursor is read out below. Times run from left to right in every language.
import uPlot from "uplot";

const REFRESH_MS = 10_000;
const NARROW_PX = 480;
const css = (name) => getComputedStyle(document.body).getPropertyValue(name).trim();
const language = () => document.documentElement.lang.replace("-simple", "");

/** Ticks in words of the page's language: times within two days, dates beyond. */
function timesOf(ticks) {
  const short = ticks.at(-1) - ticks[0] < 172_800;
  const form = new Intl.DateTimeFormat(
    language(),
    short ? { hour: "2-digit", minute: "2-digit", hourCycle: "h23" } : { day: "numeric", month: "short" },
  );
  return ticks.map((tick) => form.format(tick * 1000));
}

function number(value) {
  return new Intl.NumberFormat(language(), { maximumFractionDigits: 1 }).format(value);
}

const heightOf = (element) => (element.clientWidth < NARROW_PX ? 200 : 260);

/** A line belongs to the scale of its unit: °C at the start, per cent at the end. */
function optionsFor(element, { lines, unit = "" }, hint) {
  const units = [...new Set(lines.map((line) => line.unit ?? unit))];
  const colours = ["--accent", "--warn", "--good", "--bad"];
  const axis = { stroke: css("--ink-soft"), font: "13px Noto Sans" };
  const narrow = element.clientWidth < NARROW_PX;
  return {
    width: element.clientWidth,
    height: heightOf(element),
    legend: { live: false },
    cursor: { y: false, drag: { x: false, y: false } },
    scales: Object.fromEntries(units.map((one) => [one, one === "%" ? { range: [0, 100] } : {}])),
    axes: [
      { ...axis, space: narrow ? 56 : 72, grid: { stroke: css("--line"), width: 1 }, values: (_plot, ticks) => timesOf(ticks) },
      ...units.map((one, index) => ({
        ...axis, scale: one, side: index ? 1 : 3, size: narrow ? 60 : 68,
        grid: { show: !index, stroke: css("--line"), width: 1 }, values: (_plot, ticks) => ticks.map((tick) => `${number(tick)} ${one}`),
      })),
    ],
    series: [{}, ...lines.map((line, index) => ({
      label: line.label,
      scale: line.unit ?? unit,
      stroke: css(line.colour ? `--${line.colour}` : colours[index % colours.length]),
      dash: line.dashed ? [6, 5] : undefined,
      width: 2,
      spanGaps: false,
      points: { show: false },
    }))],
    hooks: { setCursor: [(plot) => { hint.textContent = wordsAt(plot, lines, unit); }] },
  };
}

/** "14:05 · Düse 215 °C · Bett 60 °C" */
function wordsAt(plot, lines, unit) {
  const at = plot.cursor.idx;
  if (at === null || at === undefined) return "";
  const values = lines.map(({ label, unit: own }, index) => [label, plot.data[index + 1][at], own ?? unit]);
  const known = values.filter(([, value]) => value !== null && value !== undefined);
  return [timesOf([plot.data[0][at], plot.data[0][at]])[0], ...known.map(([label, value, one]) => `${label} ${number(value)} ${one}`)].join(" · ");
}

const STEPS = { ArrowLeft: -1, ArrowRight: 1, PageUp: -10, PageDown: 10, Home: -Infinity, End: Infinity };

function walk(event, plot) {
  const step = STEPS[event.key];
  const last = plot.data[0].length - 1;
  if (step === undefined || last < 0) return;
  event.preventDefault();
  const at = Math.min(Math.max((plot.cursor.idx ?? last) + step, 0), last);
  plot.setCursor({ left: plot.valToPos(plot.data[0][at], "x"), top: 0 });
}

const dataOf = ({ x, lines }) => [x, ...lines.map(({ values }) => values)];

/** New values while somebody looks; a server that is away leaves the old ones. */
function refreshing(element, plot) {
  const timer = setInterval(async () => {
    if (!element.isConnected) return clearInterval(timer);
    if (document.hidden) return undefined;
    try {
      const answer = await fetch(element.dataset.chartUrl);
      if (answer.ok && !answer.redirected) plot.setData(dataOf(await answer.json()));
    } catch {
      // the page's own poll says that the server is away
    }
    return undefined;
  }, REFRESH_MS);
}

export function mount(element) {
  const series = JSON.parse(element.dataset.chart);
  const field = Object.assign(document.createElement("div"), { className: "chart-field", dir: "ltr", tabIndex: 0 });
  field.setAttribute("role", "group");
  field.setAttribute("aria-label", element.querySelector("figcaption").textContent);
  const hint = Object.assign(document.createElement("p"), { className: "chart-hint" });
  hint.setAttribute("aria-live", "polite");
  element.querySelector("figcaption").after(field, hint);
  const plot = new uPlot(optionsFor(field, series, hint), dataOf(series), field);
  field.addEventListener("keydown", (event) => walk(event, plot));
  new ResizeObserver(() => plot.setSize({ width: field.clientWidth, height: heightOf(field) })).observe(field);
  if (element.dataset.chartUrl) refreshing(element, plot);
}
