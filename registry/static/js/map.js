/* The Map page: filters, layers, period and the list follow each other; the address can be kept and sent. */

import { referenceLayers } from "./map-layers.js";
import { periodSlider } from "./map-period.js";
import { KINDS, addBase, ask, mix, plate, radius, ring } from "./mapkit.js";

const map = window.map;
const $ = (id) => document.getElementById(id);
const setup = JSON.parse($("map-setup").textContent);
const words = $("words").dataset;
const form = $("filters");
const phone = matchMedia("(max-width: 767px)").matches;
const numbers = new Intl.NumberFormat(document.documentElement.lang || "en");
const days = new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "short", year: "numeric", timeZone: "UTC" });
const say = (text, values) => text.replace(/\{(\w+)\}/g, (_all, name) => (typeof values[name] === "number" ? numbers.format(values[name]) : values[name]));
const layerBox = (key) => document.querySelector(`[data-layer="${key}"]`);
const period = Object.fromEntries(setup.filters.filter(([name]) => name === "from" || name === "to"));
let at = "";
let running = null;

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

function mark(where, icon, label, { onOpen, onNearer, pane }) {
  const point = map.latLngToContainerPoint(where);
  const size = map.getSize();
  const cut = point.x < 22 || point.y < 22 || point.x > size.x - 22 || point.y > size.y - 22; /* it is in the list */
  const made = L.marker(where, { icon, keyboard: !cut, interactive: !cut, title: label, ...(pane ? { pane } : {}) });
  made.on("add", () => {
    const drawn = made.getElement();
    if (cut) drawn.setAttribute("aria-hidden", "true");
    else drawn.setAttribute("aria-label", label);
  });
  if (onOpen) made.on("click", onOpen);
  if (onNearer) made.on("dblclick", onNearer);
  return made;
}

function shares(kinds) {
  return KINDS.filter((kind) => kinds[kind]).map((kind) => `${numbers.format(kinds[kind])} ${kindWord(kind)}`).join(", ");
}

function drawCells(answer) {
  const nearer = (where) => () => map.setView(where, Math.min(map.getZoom() + 1.5, map.getMaxZoom()));
  for (const section of answer.sections) {
    const where = L.latLng(section.lat, section.lon);
    const { sign, width } = plate(section.kinds, section.n);
    const icon = L.divIcon({ className: `cell plate${at === section.code ? " on" : ""}`, html: sign, iconSize: [width, 22] });
    const label = `${say(words.section, { code: section.code })}: ${shares(section.kinds)}`;
    mark(where, icon, label, { onOpen: () => open(section.code, words.section), onNearer: nearer(where) }).addTo(marks);
  }
  for (const cell of answer.cells) {
    const where = L.latLng(cell.lat, cell.lon);
    const r = radius(map, answer.level, cell.n);
    const icon = L.divIcon({ className: `cell${at === cell.code ? " on" : ""}`, html: ring(cell.kinds, cell.n, r), iconSize: [2 * r, 2 * r] });
    const label = `${say(words.activities, { n: cell.n })}: ${shares(cell.kinds)}`;
    mark(where, icon, label, { onOpen: () => open(cell.code, words.cell), onNearer: nearer(where) }).addTo(marks);
  }
}

function kindIcon(kind) {
  return document.querySelector(`template[data-kind="${kind}"]`)?.content.querySelector("svg").cloneNode(true);
}

function middleOf(geometry) {
  if (geometry.type === "Point") return L.latLng(geometry.coordinates[1], geometry.coordinates[0]);
  return L.geoJSON(geometry).getBounds().getCenter();
}

function drawFeatures(answer) {
  const spots = new Map();
  for (const feature of answer.features) {
    const { kind, precision } = feature.properties;
    const where = middleOf(feature.geometry);
    const key = `${precision} ${where.lat.toFixed(5)} ${where.lng.toFixed(5)}`;
    if (!spots.has(key)) spots.set(key, { where, precision, code: feature.properties.code, items: [] });
    spots.get(key).items.push(feature.properties);
    if (feature.geometry.type !== "Point") {
      L.geoJSON(feature.geometry, { interactive: false, style: { className: `way d-${kind.toLowerCase()}`, fill: false } }).addTo(ways);
    }
  }
  for (const spot of spots.values()) drawSpot(spot);
}

function drawSpot({ where, precision, code, items }) {
  const kinds = {};
  for (const item of items) kinds[item.kind] = (kinds[item.kind] || 0) + 1;
  const general = precision === "exact" ? "" : `, ${words.general}`;
  const title = code ? say(precision === "section" ? words.section : words.cell, { code }) : say(words.activities, { n: items.length });
  const onOpen = () => show(items, { title, count: items.length, more: false });
  if (precision === "section") {
    const { sign, width } = plate(kinds, items.length);
    mark(where, L.divIcon({ className: "cell plate", html: sign, iconSize: [width, 22] }), `${title}: ${shares(kinds)}`, { onOpen }).addTo(marks);
  } else if (items.length === 1) {
    const cls = `ft ft-${items[0].kind.toLowerCase()}${general ? " gen" : ""}`;
    const icon = L.divIcon({ className: cls, html: kindIcon(items[0].kind), iconSize: general ? [26, 26] : [24, 24] });
    mark(where, icon, `${items[0].reference}, ${kindWord(items[0].kind)}${general}`, { onOpen }).addTo(marks);
  } else {
    const r = Math.min(13 + Math.sqrt(items.length), 24);
    const icon = L.divIcon({ className: `cell${general ? " gen" : ""}`, html: ring(kinds, items.length, r), iconSize: [2 * r, 2 * r] });
    mark(where, icon, `${say(words.activities, { n: items.length })}: ${shares(kinds)}${general}`, { onOpen }).addTo(marks);
  }
}

/* ---- the list beside ---- */

function entry(item) {
  const line = document.createElement("li");
  const link = document.createElement("a");
  link.href = item.href;
  const kind = document.querySelector(`template[data-kind="${item.kind}"]`)?.content.cloneNode(true);
  const name = document.createElement("span");
  name.className = "ref";
  name.textContent = item.reference;
  const day = document.createElement("time");
  if (item.from) {
    day.dateTime = item.from;
    day.textContent = days.format(new Date(`${item.from}T00:00:00Z`));
  }
  link.append(kind || item.kind, name, day);
  line.append(link);
  return line;
}

function show(items, { title, count, more, whole = false }) {
  const groups = new Map();
  for (const item of items) {
    const border = item.border_label || item.border || words.inland;
    groups.set(border, [...(groups.get(border) || []), item]);
  }
  const ordered = [...groups].sort((one, other) => other[1].length - one[1].length);
  const parts = ordered.flatMap(([border, members]) => {
    const heading = document.createElement("h3");
    heading.append(border);
    if (!more) {
      const number = document.createElement("span");
      number.className = "c num";
      number.textContent = numbers.format(members.length);
      heading.append(number);
    }
    const list = document.createElement("ul");
    list.append(...members.map(entry));
    return [heading, list];
  });
  if (!items.length) parts.push(paragraph(words.none));
  if (more) parts.push(paragraph(say(words.newest, { shown: items.length, n: count }), $("as-table").href));
  $("list").replaceChildren(...parts);
  $("list-title").textContent = title;
  $("whole-view").hidden = whole;
}

function paragraph(text, href = "") {
  const made = document.createElement("p");
  made.className = "foot";
  made.textContent = text;
  if (href) {
    const link = document.createElement("a");
    link.href = href;
    link.textContent = words.table;
    made.append(" ", link);
  }
  return made;
}

function counts(answer) {
  const parts = [say(words.counts, { shown: answer.shown, matching: answer.matching })];
  if (answer.total > answer.matching) parts.push(say(words.filtered, { n: answer.total - answer.matching }));
  if (answer.unplaced) parts.push(say(words.unplaced, { n: answer.unplaced }));
  $("counts").textContent = parts.join(", ");
  const kinds = {};
  for (const { kinds: part } of [...answer.cells, ...answer.sections]) {
    for (const [kind, number] of Object.entries(part)) kinds[kind] = (kinds[kind] || 0) + number;
  }
  mix($("mix"), kinds);
}

function open(code, title) {
  at = code;
  update().then(() => {
    $("list-title").textContent = say(title, { code });
    $("whole-view").focus();
  });
}

/* ---- everything together ---- */

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
    marks.clearLayers();
    ways.clearLayers();
    if (activities.checked) near && !near.live ? drawFeatures(near) : drawCells(answer);
    note(near?.live ? say(words.many, { n: near.ceiling }) : "");
    counts(near && !near.live ? { ...answer, shown: near.shown } : answer);
    const number = at ? listed.shown : answer.shown;
    show(listed.items, { title: $("list-title").dataset.whole, count: number, more: listed.more, whole: !at });
  } catch (error) {
    if (error.name !== "AbortError") note(words.failed);
  }
}

function note(text) {
  $("map-note").textContent = text;
  $("map-note").hidden = !text;
}

$("list-title").dataset.whole = $("list-title").textContent;
$("whole-view").addEventListener("click", () => {
  at = "";
  update();
});

form.addEventListener("change", () => update());
form.addEventListener("submit", (event) => event.preventDefault());
layerBox("activities").addEventListener("change", () => update());
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
  map.on("moveend", update);
  update();
}

begin();
