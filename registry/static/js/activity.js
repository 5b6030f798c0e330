/* The small map beside an activity: its place, its cell or its section, as the page may show it. Nothing else is known here. */

import { addBase, token } from "./mapkit.js";

const box = document.getElementById("amap");
const setup = JSON.parse(document.getElementById("map-setup").textContent);
const CLOSEST = { exact: 11, cell: 9, section: 8 };

function look() {
  const colour = token(`--k-${setup.kind.toLowerCase()}`) || token("--accent");
  const coarse = setup.precision !== "exact";
  const area = { color: colour, weight: coarse ? 2 : 3, fillColor: colour, fillOpacity: 0.12, radius: 7 };
  return coarse ? { ...area, dashArray: "5 4" } : area;
}

const map = L.map(box, {
  attributionControl: false,
  scrollWheelZoom: false,
  zoomAnimation: false,
  fadeAnimation: false,
  minZoom: 4,
  maxZoom: 15,
});
map.setView([46, 15], 6);
addBase(map, { base: setup.base, language: setup.language });
const shape = L.geoJSON(setup.shape, {
  interactive: false,
  style: look,
  pointToLayer: (_feature, at) => L.circleMarker(at, { ...look(), fillColor: token("--surface"), fillOpacity: 1 }),
}).addTo(map);
map.fitBounds(shape.getBounds(), { padding: [28, 28], maxZoom: CLOSEST[setup.precision] ?? 10 });

addEventListener("themechange", () => shape.setStyle(look()));
