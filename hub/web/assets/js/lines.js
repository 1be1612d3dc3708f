// Time lines: uPlot in place of the line that the server drew, from the table that stands under it.
import uPlot from "uplot";

const NAMES = ["sent", "delivered", "clicked"];
const charts = new Map();

for (const place of document.querySelectorAll("[data-chart]")) {
  new ResizeObserver(() => draw(place)).observe(place);
}
new MutationObserver(() => charts.forEach((_, place) => draw(place, true))).observe(document.documentElement, {
  attributeFilter: ["data-bs-theme"],
});

function draw(place, anew = false) {
  const size = { width: place.clientWidth, height: 240 };
  const known = charts.get(place);
  if (known && !anew) return known.setSize(size);
  known?.destroy();
  const found = read(place.dataset.chart);
  if (found.days.length < 2) return;
  place.querySelector("svg")?.remove();
  charts.set(place, new uPlot(shape(size, found), [found.days, ...found.counts], place));
}

// The rows of the table: days as seconds at their noon, so that no zone moves them to another day.
function read(name) {
  const table = document.querySelector(`table.${name}`);
  const rows = [...table.querySelectorAll("tbody tr")];
  const number = (row, n) => Number(row.querySelectorAll("[data-n]")[n].dataset.n);
  return {
    words: [...table.querySelectorAll("th")].map((head) => head.textContent.trim()),
    shown: rows.map((row) => row.querySelector("td").textContent.trim()),
    days: rows.map((row) => Date.parse(`${row.dataset.day}T12:00:00Z`) / 1000),
    counts: NAMES.map((_, n) => rows.map((row) => number(row, n))),
  };
}

function shape(size, found) {
  const token = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
  const language = document.documentElement.lang;
  const days = new Intl.DateTimeFormat(language, { day: "numeric", month: "short", timeZone: "UTC" });
  const counts = new Intl.NumberFormat(language);
  const short = new Intl.NumberFormat(language, { notation: "compact" });
  const axis = { stroke: token("--ink-soft"), font: "12px system-ui, sans-serif", ticks: { show: false } };
  const lines = NAMES.map((name, n) => ({
    label: found.words[n + 1],
    stroke: token({ sent: "--still", delivered: "--good", clicked: "--tblr-primary" }[name]),
    width: 2,
    points: { show: found.days.length < 15 },
    value: (_, count) => (count == null ? "–" : counts.format(count)),
  }));
  return {
    ...size,
    cursor: { y: false },
    scales: { y: { range: (_, low, high) => [0, Math.max(high, 4)] } },
    axes: [
      { ...axis, grid: { show: false }, values: (_, at) => at.map((one) => days.format(one * 1000)), incrs: [86400, 2 * 86400, 7 * 86400, 14 * 86400, 28 * 86400] },
      { ...axis, size: 48, grid: { stroke: token("--line"), width: 1 }, values: (_, at) => at.map((one) => (Number.isInteger(one) ? short.format(one) : "")) },
    ],
    series: [{ label: found.words[0], value: (_, at, __, n) => (n == null ? "–" : found.shown[n]) }, ...lines],
  };
}
