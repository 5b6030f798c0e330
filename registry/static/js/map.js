/* The Map page: filters, layers, period and the list follow each other; the address can be kept and sent. */

import { referenceLayers } from "./map-layers.js";
import { $, counts, numbers, say, show, words } from "./map-list.js";
import { periodSlider } from "./map-period.js";
import { KINDS, addBase, ask, baseFile, plate, radius, ring } from "./mapkit.js";

const map = window.map;
const setup = JSON.parse($("map-setup").textContent);
const form = $("filters");
const phone = matchMedia("(max-width: 767px)").matches;
const layerBox = (key) => document.querySelector(`[data-layer="${key}"]`);
const period = Object.fromEntries(setup.filters.filter(([name]) => name === "from" || name === "to"));
const GATHER_FROM_LEVEL = 2;
const SPOT_PX = 36;
const TOUCH_PX = 30;
const middles = new Map();
let at = "";
let atTitle = "";
let running = null;
let latest = null;

/* ---- the address ---- */

function filters() {
  const chosen = new URLSearchParams();
  const kinds = [...form.querySelectorAll("[name=kind]")];
  const on = kinds.filter((box) => box.checked);
  if (on.length && on.length < kinds.length) for (const box of on) chosen.append("kind", box.value);
  for (const field of form.querySelectorAll("select, input[type=hidden]")) if (field.value) chosen.append(field.name, field.value);
  for (const name of ["from", "to"]) if (period[name]) chosen.append(name, period[name]);
  return chosen;
}

function remember() {
  const chosen = filters();
  const table = $("as-table");
  table.href = `${table.href.split("?")[0]}${chosen.size ? `?${chosen}` : ""}`;
  const middle = map.getCenter();
  chosen.set("zoom", map.getZoom());
  chosen.set("lat", middle.lat.toFixed(4));
  chosen.set("lon", middle.lng.toFixed(4));
  history.replaceState(null, "", `?${chosen}`);
}

function address(href, more = {}) {
  const url = new URL(href, location.origin);
  for (const [name, value] of filters()) url.searchParams.append(name, value);
  const box = map.getBounds();
  const clip = (value, most) => Math.max(-most, Math.min(most, value)).toFixed(4);
  url.searchParams.set("bbox", [clip(box.getWest(), 180), clip(box.getSouth(), 90), clip(box.getEast(), 180), clip(box.getNorth(), 90)].join());
  url.searchParams.set("zoom", map.getZoom());
  for (const [name, value] of Object.entries(more)) url.searchParams.set(name, value);
  return url.pathname + url.search;
}

/* ---- activities ---- */

const marks = L.layerGroup().addTo(map);
const ways = L.layerGroup().addTo(map);

function kindWord(kind) {
  return document.querySelector(`template[data-kind="${kind}"]`)?.dataset.word || kind;
}

/* What is drawn where on the screen: a mark that another covers is no target; it is in the list. */
let taken = [];

function box(where, [width, height], [right, down] = [0, 0]) {
  const { x, y } = map.latLngToContainerPoint(where).add([right, down]);
  return [x - width / 2, y - height / 2, x + width / 2, y + height / 2];
}

const free = (b) => !taken.some((t) => b[0] < t[2] && b[2] > t[0] && b[1] < t[3] && b[3] > t[1]);

function mark(where, { html, size, className, beside = [0, 0], always = false }, label, { onOpen, onNearer } = {}) {
  const around = box(where, size, beside);
  const screen = map.getSize();
  const cut = around[0] < 0 || around[1] < 0 || around[2] > screen.x || around[3] > screen.y;
  const target = always || (!cut && free(around));
  if (target && !always) taken.push(around);
  const iconAnchor = [size[0] / 2 - beside[0], size[1] / 2 - beside[1]];
  const icon = L.divIcon({ className, html, iconSize: size, iconAnchor });
  const made = L.marker(where, { icon, keyboard: target, interactive: target, title: label });
  made.on("add", () => {
    const drawn = made.getElement();
    if (!target) return drawn.setAttribute("aria-hidden", "true");
    drawn.setAttribute("aria-label", label);
    drawn.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" && event.key !== " ") return;
      event.preventDefault();
      onOpen?.();
    });
  });
  if (onOpen) made.on("click", onOpen);
  if (onNearer) made.on("dblclick", onNearer);
  return made;
}

/* A plate stands on its section, or as near to it as the cells leave room. */
function besideCells(where, size) {
  const far = (step) => [[0, -step], [0, step], [step, 0], [-step, 0]];
  return [[0, 0], ...far(20), ...far(34), ...far(48)].find((step) => free(box(where, size, step))) || [0, 0];
}

function shares(kinds) {
  return KINDS.filter((kind) => kinds[kind]).map((kind) => `${numbers.format(kinds[kind])} ${kindWord(kind)}`).join(", ");
}

/* Far out the sections of a border are drawn as one, at its middle section: a place that no filter moves. */
function gathered(answer) {
  const each = answer.sections.map((section) => ({ ...section, codes: section.code }));
  if (answer.level < GATHER_FROM_LEVEL || !middles.size) return each;
  const borders = new Map();
  for (const section of each) {
    const border = section.code.replace(/-[0-9]+$/, "");
    const known = borders.get(border);
    if (!known) {
      borders.set(border, { ...section, ...middles.get(border), code: border, kinds: { ...section.kinds } });
      continue;
    }
    known.n += section.n;
    known.codes += `,${section.code}`;
    for (const [kind, number] of Object.entries(section.kinds)) known.kinds[kind] = (known.kinds[kind] || 0) + number;
  }
  return [...borders.values()];
}

async function learnMiddles() {
  const borders = new Map();
  for (const { properties } of (await baseFile(setup.base, "sections", setup.language)).features) {
    const border = properties.code.replace(/-[0-9]+$/, "");
    borders.set(border, [...(borders.get(border) || []), properties]);
  }
  for (const [border, sections] of borders) {
    const middle = sections[Math.floor(sections.length / 2)];
    middles.set(border, { lon: middle.mid_lon, lat: middle.mid_lat });
  }
}

function drawCells(answer) {
  const nearer = (where) => () => map.setView(where, Math.min(map.getZoom() + 1.5, map.getMaxZoom()));
  for (const cell of answer.cells) {
    const where = L.latLng(cell.lat, cell.lon);
    const r = radius(map, answer.level, cell.n);
    const sign = { html: ring(cell.kinds, cell.n, r), size: [2 * r, 2 * r], className: `cell${at === cell.code ? " on" : ""}` };
    const label = `${say(words.activities, { n: cell.n })}: ${shares(cell.kinds)}`;
    const title = say(words.cell, { code: cell.code });
    mark(where, sign, label, { onOpen: () => open(cell.code, title), onNearer: nearer(where) }).addTo(marks);
  }
  for (const section of gathered(answer)) {
    const where = L.latLng(section.lat, section.lon);
    const title = say(/-[0-9]+$/.test(section.code) ? words.section : words.border, { code: section.code });
    const label = `${title}: ${shares(section.kinds)}`;
    const events = { onOpen: () => open(section.codes, title), onNearer: nearer(where) };
    drawPlate(where, section.kinds, section.n, label, events, at === section.codes);
  }
}

function drawPlate(where, kinds, number, label, events, on = false) {
  const { sign: html, size } = plate(kinds, number);
  const className = `cell plate${on ? " on" : ""}`;
  mark(where, { html, size, className, beside: besideCells(where, size) }, label, events).addTo(marks);
}

function kindIcon(kind) {
  return document.querySelector(`template[data-kind="${kind}"]`)?.content.querySelector("svg").cloneNode(true);
}

function middleOf(geometry) {
  if (geometry.type === "Point") return L.latLng(geometry.coordinates[1], geometry.coordinates[0]);
  return L.geoJSON(geometry).getBounds().getCenter();
}

/* Exact ones that would cover each other stand together in the middle of a square of the screen's raster. */
function raster(where) {
  const point = map.project(where);
  const [x, y] = [Math.floor(point.x / SPOT_PX), Math.floor(point.y / SPOT_PX)];
  return { key: `exact ${x} ${y}`, middle: map.unproject([(x + 0.5) * SPOT_PX, (y + 0.5) * SPOT_PX]) };
}

function drawFeatures(answer) {
  const spots = new Map();
  for (const feature of answer.features) {
    const { kind, precision } = feature.properties;
    const where = middleOf(feature.geometry);
    const key = precision === "exact" ? raster(where).key : `${precision} ${feature.properties.code}`;
    if (!spots.has(key)) spots.set(key, { where, precision, code: feature.properties.code, items: [] });
    const spot = spots.get(key);
    spot.items.push(feature.properties);
    if (precision === "exact" && spot.items.length > 1) spot.where = raster(where).middle;
    if (feature.geometry.type !== "Point") {
      L.geoJSON(feature.geometry, { interactive: false, style: { className: `way d-${kind.toLowerCase()}`, fill: false } }).addTo(ways);
    }
  }
  const order = ["exact", "cell", "section"];
  const sorted = [...spots.values()].sort((one, other) => order.indexOf(one.precision) - order.indexOf(other.precision));
  for (const spot of apart(sorted)) drawSpot(spot);
}

/* Exact spots that would still touch become one, where the fuller of them stands. */
function apart(spots) {
  const kept = [];
  for (const spot of spots) {
    const near = ({ where, precision }) =>
      precision === "exact" && map.latLngToContainerPoint(where).distanceTo(map.latLngToContainerPoint(spot.where)) < TOUCH_PX;
    const other = spot.precision === "exact" ? kept.find(near) : null;
    if (!other) {
      kept.push(spot);
      continue;
    }
    if (spot.items.length > other.items.length) other.where = spot.where;
    other.items.push(...spot.items);
  }
  return kept;
}

function drawSpot({ where, precision, code, items }) {
  const kinds = {};
  for (const item of items) kinds[item.kind] = (kinds[item.kind] || 0) + 1;
  const general = precision === "exact" ? "" : `, ${words.general}`;
  const title = code ? say(precision === "section" ? words.section : words.cell, { code }) : say(words.activities, { n: items.length });
  const events = { onOpen: () => show(items, { title, count: items.length, more: false }) };
  if (precision === "section") {
    drawPlate(where, kinds, items.length, `${title}: ${shares(kinds)}`, events);
  } else if (items.length === 1) {
    const className = `ft ft-${items[0].kind.toLowerCase()}${general ? " gen" : ""}`;
    const sign = { html: kindIcon(items[0].kind), size: general ? [26, 26] : [24, 24], className };
    mark(where, sign, `${items[0].reference}, ${kindWord(items[0].kind)}${general}`, events).addTo(marks);
  } else {
    const r = Math.min(13 + Math.sqrt(items.length), 24);
    const sign = { html: ring(kinds, items.length, r), size: [2 * r, 2 * r], className: `cell${general ? " gen" : ""}` };
    mark(where, sign, `${say(words.activities, { n: items.length })}: ${shares(kinds)}${general}`, events).addTo(marks);
  }
}

/* ---- everything together ---- */

function open(code, title) {
  [at, atTitle] = [code, title];
  update().then(() => $("whole-view").focus());
}

async function update() {
  remember();
  running?.abort();
  running = new AbortController();
  const { signal } = running;
  try {
    const activities = layerBox("activities");
    const close = map.getZoom() >= setup.close;
    const [answer, near, listed] = await Promise.all([
      ask(address(activities.dataset.href), signal),
      close ? ask(address(activities.dataset.near), signal) : null,
      ask(address(setup.records, at ? { at } : {}), signal),
    ]);
    latest = { answer, near };
    draw();
    note(near?.live ? say(words.many, { n: near.ceiling }) : "");
    counts(near && !near.live ? { ...answer, shown: near.shown } : answer);
    const number = at ? listed.shown : answer.shown;
    show(listed.items, { title: at ? atTitle : words.whole, count: number, more: listed.more, whole: !at });
  } catch (error) {
    if (error.name !== "AbortError") note(words.failed);
  }
}

function draw() {
  marks.clearLayers();
  ways.clearLayers();
  taken = [];
  if (!latest || !layerBox("activities").checked) return;
  latest.near && !latest.near.live ? drawFeatures(latest.near) : drawCells(latest.answer);
}

function note(text) {
  $("map-note").textContent = text;
  $("map-note").hidden = !text;
}

$("whole-view").addEventListener("click", () => {
  at = "";
  update();
});

form.addEventListener("change", () => update());
form.addEventListener("submit", (event) => event.preventDefault());
layerBox("activities").addEventListener("change", draw);
$("zoom-in").addEventListener("click", () => map.zoomIn());
$("zoom-out").addEventListener("click", () => map.zoomOut());
if (phone) $("layers").open = false;

function begin() {
  const sent = new URLSearchParams(location.search);
  const [zoom, lat, lon] = ["zoom", "lat", "lon"].map((name) => parseFloat(sent.get(name)));
  if (Number.isFinite(zoom) && Number.isFinite(lat) && Number.isFinite(lon)) map.setView([lat, lon], zoom);
  else map.setView(phone ? [44.9, 17.2] : [44.6, 18.7], phone ? 5.5 : 5.75);
  L.control.scale({ imperial: false, position: "bottomleft" }).addTo(map);
  addBase(map, setup);
  referenceLayers(map, { setup, mark, kindIcon, words, failed: () => note(words.failed) });
  periodSlider(setup.months, period, update);
  map.on("moveend", () => {
    at = "";
    update();
  });
  update();
  learnMiddles().then(draw, () => note(words.failed));
}

begin();
