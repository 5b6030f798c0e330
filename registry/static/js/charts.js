/* Draws every <figure class="chart" data-chart="{…}"> with ECharts: the figures of the table beside it, nothing more.
   Colours are read from the page's tokens and read again when the theme changes. Needs window.echarts. */

const KINDS = new Set(["jp", "jo", "jad", "cbo", "hp", "cd", "cov", "jit", "meet", "ws", "tr", "ex", "ra"]);
const GREYS = ["--ink-2", "--control", "--line-2", "--ink-3", "--ink"];
const drawn = new Map();

/* A report page is paper: its tokens differ from the page's, so they are read where the chart stands. */
let place = document.documentElement;

function token(name) {
  return getComputedStyle(place).getPropertyValue(name).trim();
}

function colour(series, position) {
  const kind = series.key.toLowerCase();
  return KINDS.has(kind) ? token(`--k-${kind}`) : token(GREYS[position % GREYS.length]);
}

function tooltip(chart) {
  const lines = (index) => chart.series.map((series) => `${series.label}  ${series.printed[index]}`);
  return {
    trigger: "axis",
    renderMode: "richText",
    axisPointer: { type: chart.kind === "line" ? "line" : "shadow" },
    backgroundColor: token("--surface"),
    borderColor: token("--line-2"),
    textStyle: { color: token("--ink"), fontSize: 12 },
    formatter: (points) => [chart.categories[points[0].dataIndex], ...lines(points[0].dataIndex)].join("\n"),
  };
}

function axes(chart, width) {
  const label = { color: token("--ink-2"), fontSize: 12, lineHeight: 15 };
  const line = { lineStyle: { color: token("--line-2") } };
  const category = { type: "category", data: chart.categories, axisTick: { show: false }, axisLabel: label, axisLine: line };
  const value = {
    type: "value",
    minInterval: chart.kind === "bars" ? undefined : 1,
    axisLabel: { ...label, hideOverlap: true },
    splitLine: { lineStyle: { color: token("--line") } },
  };
  return chart.kind === "bars"
    ? { xAxis: value, yAxis: { ...category, inverse: true, axisLabel: { ...label, width: Math.min(160, width * 0.35), overflow: "break" } } }
    : { xAxis: category, yAxis: value };
}

/* Bars against a limit: the second series is an outline around the first, as on paper. */
function measuredBars(chart) {
  return chart.series.map((series, position) => {
    const outline = position > 0;
    const ink = token("--ink-2");
    return {
      name: series.label,
      type: "bar",
      data: series.values,
      barWidth: outline ? 18 : 12,
      barGap: "-125%",
      z: outline ? 1 : 2,
      itemStyle: outline ? { color: "transparent", borderColor: ink, borderWidth: 1 } : { color: ink },
    };
  });
}

function plainSeries(chart) {
  return chart.series.map((series, position) => ({
    name: series.label,
    type: chart.kind === "line" ? "line" : "bar",
    data: series.values,
    barMaxWidth: 28,
    symbolSize: 6,
    itemStyle: { color: colour(series, position) },
    lineStyle: { color: colour(series, position) },
  }));
}

function option(chart, width) {
  return {
    animation: false,
    textStyle: { fontFamily: token("--sans") || "sans-serif" },
    legend: { top: 0, left: 0, icon: "rect", itemWidth: 10, itemHeight: 10, textStyle: { color: token("--ink-2") } },
    grid: { left: 4, right: 24, top: 36, bottom: 4, containLabel: true },
    tooltip: tooltip(chart),
    ...axes(chart, width),
    series: chart.kind === "bars" ? measuredBars(chart) : plainSeries(chart),
  };
}

function draw(figure) {
  const canvas = figure.querySelector(".chart-canvas");
  const chart = JSON.parse(figure.dataset.chart);
  place = figure;
  const instance = drawn.get(canvas) ?? window.echarts.init(canvas);
  instance.setOption(option(chart, canvas.clientWidth), true);
  drawn.set(canvas, instance);
}

function drawAll() {
  document.querySelectorAll("figure.chart[data-chart]").forEach(draw);
}

if (window.echarts) {
  drawAll();
  addEventListener("themechange", drawAll);
  addEventListener("resize", () => drawn.forEach((instance) => instance.resize()));
  addEventListener("beforeprint", () => drawn.forEach((instance) => instance.resize()));
}
