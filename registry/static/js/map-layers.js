/* The layers of the map besides the activities: sections, crossing points, published record, control episodes. */

import { ask, baseFile, diamond } from "./mapkit.js";

const $ = (id) => document.getElementById(id);
const CROSSINGS_FROM = 6;

/* Switch each layer with its box; a layer is fetched when it is first shown. */
export function referenceLayers(map, { setup, mark, kindIcon, words, failed }) {
  map.createPane("sections").style.zIndex = 400;
  map.getPane("sections").style.pointerEvents = "none";
  map.createPane("crossings").style.zIndex = 440;
  map.getPane("crossings").style.pointerEvents = "none";

  const fetched = {
    async sections() {
      const shapes = await baseFile(setup.base, "sections", setup.language);
      const renderer = L.svg({ pane: "sections" });
      return L.geoJSON(shapes, { renderer, pane: "sections", interactive: false, style: { className: "sec" } });
    },
    async crossings(href) {
      const group = L.layerGroup();
      for (const { geometry } of (await ask(href)).features) {
        const icon = L.divIcon({ className: "", html: diamond(), iconSize: [10, 10] });
        const [lon, lat] = geometry.coordinates;
        L.marker([lat, lon], { pane: "crossings", interactive: false, keyboard: false, icon }).addTo(group);
      }
      return group;
    },
    async published(href) {
      const group = L.layerGroup();
      for (const { geometry, properties } of (await ask(href)).features) {
        const [lon, lat] = geometry.coordinates;
        const className = `ft ft-${properties.kind.toLowerCase()} pub`;
        const sign = { html: kindIcon(properties.kind), size: [24, 24], className, always: true };
        const label = `${properties.reference}, ${properties.title}, ${words.published}`;
        mark(L.latLng(lat, lon), sign, label, { onOpen: () => location.assign(properties.href) }).addTo(group);
      }
      return group;
    },
  };
  const made = {};

  async function follow(box) {
    const key = box.dataset.layer;
    if (key === "episodes") return episodes(box);
    try {
      if (box.checked) made[key] ??= await fetched[key](box.dataset.href);
    } catch {
      failed();
    }
    const wanted = box.checked && (key !== "crossings" || map.getZoom() >= CROSSINGS_FROM);
    if (made[key]) wanted ? made[key].addTo(map) : made[key].remove();
  }

  async function episodes(box) {
    const part = $("episodes");
    part.hidden = !box.checked;
    if (!box.checked || part.dataset.filled) return;
    const found = await ask(box.dataset.href);
    part.dataset.filled = "yes";
    part.querySelector(".c").textContent = String(found.total);
    part.querySelector("ul").replaceChildren(...found.items.map(episode));
  }

  for (const box of document.querySelectorAll("[data-layer]")) {
    if (box.dataset.layer === "activities") continue;
    box.addEventListener("change", () => follow(box));
    follow(box);
  }
  map.on("zoomend", () => follow(document.querySelector("[data-layer=crossings]")));
}

function episode(row) {
  const line = document.createElement("li");
  const head = document.createElement("b");
  head.textContent = `${row.state} – ${row.border_scope}`;
  const when = document.createElement("span");
  when.className = "num";
  when.textContent = `${row.starts_on || "?"} – ${row.ends_on || "?"}`;
  const why = document.createElement("span");
  why.textContent = row.reason;
  line.append(head, when, why);
  return line;
}
