// Draws every figure.chart with the numbers that it holds or that its address gives; without scripts the link to them stays.
"use strict";
(() => {
  const INK = "#1d2321", QUIET = "#56605c", GRID = "#e3e8e5";
  const COLOUR = { price: "#14508a", reference: "#56605c", line: "#b3151b", volume_t: "#b9cfc2", q50: "#8a4b00",
    band: "#f08c1d", baseline: "#7a5ea8", surplus_t: "#b3151b", stock_t: "#1f5f3f", supply: "#14508a" };
  const LEVEL = { red: "#b3151b", orange: "#f08c1d", yellow: "#ffe14d", blue: "#1f66b0", none: "#cfe5d8", unknown: "#fff" };
  const CHANNELS = ["#14508a", "#1f5f3f", "#f08c1d", "#7a5ea8", "#b3151b", "#2b8c8c", "#b98900", "#56605c", "#c2588a",
    "#5b8c2a", "#3f6fd1", "#a3623a", "#888"];
  // the page's policy forbids styles in markup, so that a tooltip is drawn and not written
  const base = (narrow) => ({
    animation: false, textStyle: { color: INK }, aria: { enabled: true },
    tooltip: { trigger: "axis", renderMode: "richText", confine: true },
    legend: { top: 0, type: narrow ? "scroll" : "plain" },
    grid: { left: 8, right: 8, top: 36, bottom: 8, containLabel: true },
  });
  const axis = (name, more) => ({ type: "value", name, nameTextStyle: { color: QUIET }, splitLine: { lineStyle: { color: GRID } }, ...more });
  // the next number of one or two digits: an axis that ends on 755.559 reads badly
  const round = (value) => { const unit = 10 ** Math.max(0, Math.floor(Math.log10(value || 1)) - 1); return Math.ceil(value / unit) * unit; };
  const line = (name, data, colour, more) => ({ name, type: "line", data, showSymbol: false, connectNulls: false,
    itemStyle: { color: colour }, lineStyle: { color: colour, width: 2 }, ...more });

  // straight between the weeks that are forecast: a stacked band takes a gap for nothing
  const between = (values) => {
    const out = [...values];
    let from = -1;
    values.forEach((value, i) => {
      if (value === null) return;
      for (let j = from + 1; from >= 0 && j < i; j += 1) out[j] = values[from] + (value - values[from]) * (j - from) / (i - from);
      from = i;
    });
    return out;
  };

  const price = (told, narrow) => {
    const c = told.columns, n = told.names, low = c.q10 && between(c.q10), high = c.q90 && between(c.q90);
    const width = low && low.map((q, i) => (q === null ? null : high[i] - q));
    const series = [
      { name: n.volume_t, type: "bar", yAxisIndex: 1, data: c.volume_t, itemStyle: { color: COLOUR.volume_t }, barCategoryGap: "10%" },
      line(n.price, c.price, COLOUR.price, {
        z: 3, markArea: { silent: true, itemStyle: { color: "rgba(179,21,27,.10)" }, data: told.spells.map(([a, b]) => [{ xAxis: a }, { xAxis: b }]) },
      }),
      line(n.reference, c.reference, COLOUR.reference, { lineStyle: { type: "dashed", width: 1.5 },
        markArea: { silent: true, itemStyle: { color: "rgba(29,35,33,.14)" }, label: { color: INK, fontSize: 11, position: "insideTop" },
          data: told.events.map(([a, b, name]) => [{ xAxis: a, name }, { xAxis: b }]) } }),
      line(n.line, c.line, COLOUR.line, { lineStyle: { type: "dotted", width: 1.5 } }),
    ];
    if (width) {
      series.push(
        line(n.q10, low, COLOUR.band, { stack: "band", lineStyle: { opacity: 0 }, tooltip: { show: true } }),
        line(n.q90, width, COLOUR.band, { stack: "band", lineStyle: { opacity: 0 }, areaStyle: { color: COLOUR.band, opacity: .25 }, tooltip: { show: false } }),
        line(n.q50, c.q50, COLOUR.q50, { connectNulls: true, showSymbol: true }),
        line(n.baseline, c.baseline, COLOUR.baseline, { connectNulls: true, lineStyle: { type: "dotted", width: 1.5 } }),
      );
    }
    const last = c.week.length - 1;
    return { ...base(narrow), grid: { left: 8, right: 8, top: 36, bottom: 44, containLabel: true },
      xAxis: { type: "category", data: c.week, axisLabel: { hideOverlap: true } },
      yAxis: [axis(told.unit, { scale: true }), axis("t", { position: "right", splitLine: { show: false }, max: (v) => round(v.max * 3) })],
      dataZoom: [{ type: "slider", height: 20, bottom: 8, startValue: c.week[Math.max(0, last - (narrow ? 40 : 90))], endValue: c.week[last] }],
      series };
  };

  const subject = (told, narrow) => {
    const c = told.columns, n = told.names;
    return { ...base(narrow), legend: { top: 0, data: [n.surplus_t, n.stock_t, n.supply] }, xAxis: { type: "category", data: c.day, axisLabel: { hideOverlap: true } },
      yAxis: [axis("t", { min: 0 }), axis("", { min: 0, position: "right", splitLine: { show: false } }), axis("", { show: false, max: 12, min: 0 })],
      series: [
        { name: n.level, type: "bar", yAxisIndex: 2, barCategoryGap: "0%", silent: true, tooltip: { show: false },
          data: c.level.map((word) => ({ value: 1, itemStyle: { color: LEVEL[word] } })) },
        line(n.surplus_t, c.surplus_t, COLOUR.surplus_t, {}),
        line(n.stock_t, c.stock_t, COLOUR.stock_t, {}),
        line(n.supply, c.supply, COLOUR.supply, { yAxisIndex: 1, lineStyle: { type: "dashed" } }),
      ] };
  };

  const stacked = (told, narrow) => ({ ...base(narrow), xAxis: { type: "category", data: told.days, axisLabel: { hideOverlap: true } },
    yAxis: axis("t"), tooltip: { trigger: "axis", renderMode: "richText", confine: true, axisPointer: { type: "shadow" } },
    series: told.series.map((one, i) => ({ name: one.name, type: "bar", stack: "all", data: one.tonnes, itemStyle: { color: CHANNELS[i % CHANNELS.length] } })) });

  const reliability = (told, narrow) => ({ ...base(narrow), tooltip: { trigger: "item", renderMode: "richText", confine: true },
    xAxis: axis(told.names.forecast, { min: 0, max: 1, nameLocation: "middle", nameGap: 26 }), yAxis: axis(told.names.observed, { min: 0, max: 1 }),
    series: [line("", [[0, 0], [1, 1]], QUIET, { lineStyle: { type: "dashed", width: 1 }, silent: true, tooltip: { show: false } }),
      ...told.series.map((one, i) => line(one.name, one.points, CHANNELS[i], { showSymbol: true, symbolSize: 7 }))] });

  const places = (told, narrow) => {
    echarts.registerMap("places", told.map);
    const word = (level) => (level > 0 ? ` ${told.colours[level]}` : ""), colour = (level) => LEVEL[["none", "blue", "yellow", "orange", "red"][level]];
    const text = { color: INK, fontSize: 12, textBorderColor: "#fff", textBorderWidth: 3 };
    const middle = (told.bounds[0][0] + told.bounds[1][0]) / 2;
    // a shared map takes its words from the map, which knows its areas by name alone
    const level = Object.fromEntries(told.areas.map((one) => [one.name, one.level]));
    const label = (one) => one.name.replace(/ (Town|Township|Subdistrict)\b/g, "") + word(one.data ? one.data.level : level[one.name]);
    return { animation: false, textStyle: { color: INK }, aria: { enabled: true },
      tooltip: { trigger: "item", renderMode: "richText", confine: true, formatter: (one) => one.data ? one.data.text : one.name },
      visualMap: { type: "piecewise", orient: "horizontal", bottom: 0, left: "center", seriesIndex: 0, selectedMode: false, itemGap: 8, textStyle: { color: INK },
        pieces: [4, 3, 2, 1, 0].map((level) => ({ value: level, label: told.levels[level], color: colour(level) })) },
      geo: { map: "places", aspectScale: told.aspect, boundingCoords: told.bounds, top: 16, bottom: 44, left: 16, right: 16,
        emphasis: { disabled: true }, select: { disabled: true }, itemStyle: { borderColor: "#fff", borderWidth: 1.5 },
        label: { show: !narrow, ...text, formatter: label } },
      series: [
        { type: "map", geoIndex: 0, map: "places", data: told.areas.map((one) => ({ ...one, value: one.level })) },
        { name: told.market, type: "scatter", coordinateSystem: "geo", symbol: "diamond", symbolSize: 13,
          label: { show: !narrow, ...text, formatter: label }, labelLayout: { hideOverlap: true },
          data: told.markets.map((one) => ({ ...one, value: one.position, label: { position: one.position[0] > middle ? "left" : "right" },
            itemStyle: { color: colour(one.level), borderColor: INK, borderWidth: 1, opacity: 1 } })) },
      ] };
  };

  const KINDS = { price, subject, stacked, reliability, places };

  const draw = async (figure) => {
    if (figure.dataset.drawn) return;
    figure.dataset.drawn = "begun";
    const room = figure.querySelector(".room");
    const inline = figure.querySelector("script[type='application/json']");
    let told;
    if (inline) { told = JSON.parse(inline.textContent); }
    else {
      const answer = await fetch(figure.dataset.source, { headers: { accept: "application/json" } });
      if (!answer.ok) { figure.dataset.drawn = "failed"; room.textContent = figure.dataset.failed; return; }
      told = await answer.json();
    }
    const first = Object.values(told.columns || { any: told.days || told.areas || told.series || [] })[0];
    if (!first.length) { figure.dataset.drawn = "empty"; room.textContent = told.empty || ""; room.classList.add("quiet"); return; }
    const chart = echarts.init(room, null, { renderer: "canvas", locale: document.documentElement.lang === "en" ? "EN" : "ZH" });
    const show = () => chart.setOption(KINDS[told.kind](told, room.clientWidth < 600), true);
    show();
    chart.on("click", (one) => { if (one.data && one.data.href) location.href = one.data.href; });
    new ResizeObserver(() => { chart.resize(); }).observe(room);
    figure.dataset.drawn = "done";
  };
  const all = (root) => root.querySelectorAll("figure.chart").forEach((figure) => { draw(figure); });
  document.addEventListener("DOMContentLoaded", () => all(document));
  document.addEventListener("htmx:load", (event) => all(event.detail.elt.parentNode || document));
})();
