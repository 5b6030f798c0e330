/* What every map of the registry is made of: the base map below, answers that are asked for again only when they
   changed, and the signs for cells, sections and single activities. Leaflet's `L` is loaded before. */

const SVG = "http://www.w3.org/2000/svg";
export const KINDS = ["JP", "JO", "JAD", "CBO", "JIT", "MEET", "WS", "TR", "EX"];
const CELL_KM = [10, 20, 40, 80, 160, 320];
const NEAR_LAND_FROM = 7;
const LAKES_FROM = 6;
const TINY = new Set(["AD", "IM", "LI", "MC", "SM", "VA"]);

/* ---- answers ---- */

const kept = new Map();

/* JSON of an address; the answer is kept in this page's memory with its tag, never on the device. */
export async function ask(url, signal) {
  const known = kept.get(url);
  const headers = { "X-Requested-With": "fetch" };
  if (known) headers["If-None-Match"] = known.tag;
  const response = await fetch(url, { headers, signal, cache: "no-store", credentials: "same-origin" });
  if (response.status === 304 && known) return known.body;
  if (!response.ok) throw new Error(`${response.status} ${url}`);
  const body = await response.json();
  const tag = response.headers.get("ETag");
  if (kept.size > 200) kept.clear();
  if (tag) kept.set(url, { tag, body });
  return body;
}

const files = new Map();

/* A file of the base map; browsers keep these. */
export function baseFile(address, name, language) {
  const url = `${address.replace("NAME", name)}?language=${encodeURIComponent(language)}`;
  if (!files.has(url)) {
    files.set(
      url,
      fetch(url, { credentials: "same-origin" }).then((response) => {
        if (!response.ok) throw new Error(`${response.status} ${url}`);
        return response.json();
      }),
    );
  }
  return files.get(url);
}

/* ---- base map ---- */

export function token(name) {
  return getComputedStyle(document.documentElement).getPropertyValue(name).trim();
}

function pane(map, name, z) {
  const made = map.getPane(name) || map.createPane(name);
  made.style.zIndex = z;
  made.style.pointerEvents = "none";
  return name;
}

const landStyle = () => ({ fillColor: token("--land"), fillOpacity: 1, color: token("--line-2"), weight: 1 });
const lakeStyle = () => ({ fillColor: token("--water"), fillOpacity: 1, color: token("--line-2"), weight: 0.5 });

/* Countries, lakes, names and towns, in the colours of the theme, coarser far out. */
export function addBase(map, { base, language }) {
  const renderer = L.canvas({ pane: pane(map, "land", 210), padding: 0.3 });
  const lakes = L.canvas({ pane: pane(map, "lakes", 220), padding: 0.3 });
  const names = pane(map, "names", 450);
  const drawn = new Map();
  const labels = L.layerGroup().addTo(map);
  const towns = L.layerGroup().addTo(map);

  async function outline(name, options) {
    if (!drawn.has(name)) {
      drawn.set(name, null);
      const shapes = await baseFile(base, name, language);
      drawn.set(name, L.geoJSON(shapes, { interactive: false, ...options }));
      refresh();
    }
    return drawn.get(name);
  }

  function show(name, visible) {
    const layer = drawn.get(name);
    if (layer) visible ? layer.addTo(map) : layer.remove();
  }

  function refresh() {
    const near = map.getZoom() >= NEAR_LAND_FROM && drawn.get("countries");
    show("countries", near);
    show("countries_low", !near);
    show("lakes", map.getZoom() >= LAKES_FROM);
  }

  async function follow() {
    const zoom = map.getZoom();
    if (zoom >= NEAR_LAND_FROM) outline("countries", { renderer, style: landStyle });
    if (zoom >= LAKES_FROM) outline("lakes", { renderer: lakes, style: lakeStyle });
    refresh();
    write(await baseFile(base, "countries_low", language), zoom >= 6.75 ? await baseFile(base, "towns", language) : null);
  }

  /* Names that do not cover each other: countries first, then towns from the largest down. */
  function write(countries, places) {
    const taken = [];
    const view = map.getBounds();
    labels.clearLayers();
    towns.clearLayers();
    const place = (group, lon, lat, text, cls) => {
      const at = L.latLng(lat, lon);
      if (!view.contains(at)) return;
      const point = map.latLngToContainerPoint(at);
      const half = text.length * 3.1 + 2;
      const around = (down) => [point.x - half, point.y + down - 8, point.x + half, point.y + down + 8];
      const free = (box) => !taken.some((t) => box[0] < t[2] && box[2] > t[0] && box[1] < t[3] && box[3] > t[1]);
      const down = [0, -15, 15].find((step) => free(around(step)));
      if (down === undefined) return;
      taken.push(around(down));
      const word = document.createElement("span");
      word.textContent = text;
      const icon = L.divIcon({ className: cls, html: word, iconSize: [120, 14], iconAnchor: [0, 7 - down] });
      L.marker(at, { pane: names, interactive: false, keyboard: false, icon }).addTo(group);
    };
    if (map.getZoom() < 9) {
      for (const { properties } of countries.features) {
        const tiny = TINY.has(properties.iso2) && map.getZoom() < 7.5;
        if (properties.label && !tiny) place(labels, ...properties.label, properties.name, "cn");
      }
    }
    if (!places) return;
    const least = map.getZoom() < 8 ? 100000 : map.getZoom() < 9.5 ? 30000 : 0;
    const seen = places.features.filter((town) => town.properties.capital || town.properties.population >= least);
    seen.sort((a, b) => b.properties.capital - a.properties.capital || b.properties.population - a.properties.population);
    for (const town of seen) place(towns, ...town.geometry.coordinates, town.properties.name, "cn town");
  }

  outline("countries_low", { renderer, style: landStyle });
  follow();
  map.on("moveend", follow);
  addEventListener("themechange", () => {
    for (const [name, layer] of drawn) layer?.setStyle(name === "lakes" ? lakeStyle() : landStyle());
  });
}

/* ---- signs ---- */

function element(name, attributes = {}, text = "") {
  const made = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  if (text) made.textContent = text;
  return made;
}

export function short(number) {
  if (number < 10000) return String(number);
  return number < 1000000 ? `${Math.round(number / 1000)}k` : `${(number / 1000000).toFixed(1)}M`;
}

/* Half the width of a cell's ring: the count decides, and no ring leaves its cell. */
export function radius(map, level, number) {
  const metres = (156543.034 * Math.cos((map.getCenter().lat * Math.PI) / 180)) / 2 ** map.getZoom();
  const room = Math.max(15, (CELL_KM[level] * 1000) / metres / 2 - 1);
  const wanted = number < 2 ? 13 : 11 + Math.sqrt(number) * 2.3;
  return Math.min(Math.max(wanted, 8 + short(number).length * 4), room);
}

export function ring(kinds, number, r) {
  const d = 2 * r;
  const sign = element("svg", { width: d, height: d, viewBox: `0 0 ${d} ${d}`, "aria-hidden": "true" });
  sign.append(element("circle", { class: "b", cx: r, cy: r, r }));
  const inner = r - 2.5;
  const around = 2 * Math.PI * inner;
  let offset = 0;
  for (const kind of KINDS) {
    if (!kinds[kind]) continue;
    const share = (kinds[kind] / number) * around;
    sign.append(
      element("circle", {
        class: `d-${kind.toLowerCase()}`,
        cx: r,
        cy: r,
        r: inner,
        fill: "none",
        "stroke-width": 5,
        "stroke-dasharray": `${share} ${around - share}`,
        "stroke-dashoffset": -offset,
        transform: `rotate(-90 ${r} ${r})`,
      }),
    );
    offset += share;
  }
  sign.append(element("text", { x: r, y: r }, short(number)));
  return sign;
}

/* What is shown by section only: a plate on the section, its edge in the colour of the most frequent kind. */
export function plate(kinds, number) {
  const most = KINDS.reduce((best, kind) => ((kinds[kind] || 0) > (kinds[best] || 0) ? kind : best));
  const width = 18 + short(number).length * 8;
  const sign = element("svg", { width, height: 24, viewBox: `0 0 ${width} 24`, "aria-hidden": "true" });
  const edge = { class: `b d-${most.toLowerCase()}`, x: 1.5, y: 1.5, width: width - 3, height: 21, rx: 5, "stroke-width": 3 };
  sign.append(element("rect", edge), element("text", { x: width / 2, y: 12.5 }, short(number)));
  return { sign, size: [width, 24] };
}

export function diamond() {
  const sign = element("svg", { width: 10, height: 10, viewBox: "0 0 10 10", "aria-hidden": "true" });
  sign.append(element("path", { d: "M5 0l5 5-5 5-5-5z", class: "v-ink" }));
  return sign;
}

/* A bar with the share of each kind. */
export function mix(target, kinds) {
  const number = Object.values(kinds).reduce((sum, one) => sum + one, 0);
  let x = 0;
  target.replaceChildren(
    ...KINDS.filter((kind) => kinds[kind]).map((kind) => {
      const width = (kinds[kind] / number) * 1000;
      const part = element("path", { class: `d-${kind.toLowerCase()}`, d: `M${x} 3h${Math.max(1, width - 2)}`, "stroke-width": 6 });
      x += width;
      return part;
    }),
  );
}

export { element };
