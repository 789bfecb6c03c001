// Lines over time, by uPlot; loaded by modules/lazy.js.
import uPlot from "uplot";

const css = (name) => getComputedStyle(document.body).getPropertyValue(name).trim();

/** Ticks in words of the page's language: times within two days, dates beyond. */
function timesOf(ticks) {
  const short = ticks.at(-1) - ticks[0] < 172_800;
  const form = new Intl.DateTimeFormat(
    document.documentElement.lang.replace("-simple", ""),
    short ? { hour: "2-digit", minute: "2-digit", hourCycle: "h23" } : { day: "numeric", month: "short" },
  );
  return ticks.map((tick) => form.format(tick * 1000));
}

export function mount(element) {
  const { x, lines, unit = "" } = JSON.parse(element.dataset.chart);
  const colours = ["--accent", "--good", "--warn", "--bad"].map(css);
  const axis = { stroke: css("--ink-soft"), grid: { stroke: css("--line"), width: 1 }, font: "13px Noto Sans" };
  const options = {
    width: element.clientWidth,
    height: 260,
    legend: { live: false },
    axes: [{ ...axis, space: 72, values: (_plot, ticks) => timesOf(ticks) }, { ...axis, size: 64, values: (_plot, ticks) => ticks.map((tick) => `${tick} ${unit}`) }],
    series: [{}, ...lines.map(({ label }, index) => ({ label, stroke: colours[index % 4], width: 2, points: { show: false } }))],
  };
  const plot = new uPlot(options, [x, ...lines.map(({ values }) => values)], element);
  new ResizeObserver(() => plot.setSize({ width: element.clientWidth, height: 260 })).observe(element);
}
