// A small map of outlines to tap on: no tiles, no outside host. Loaded when it comes near the screen.

const EUROPE = [[36, -10], [64, 34]];

function colour(name) {
  return getComputedStyle(document.documentElement).getPropertyValue(name).trim();
}

async function leaflet(box) {
  if (!globalThis.L) {
    const style = document.createElement("link");
    style.rel = "stylesheet";
    style.href = box.dataset.css;
    document.head.append(style);
    await import(box.dataset.leaflet);
  }
  return globalThis.L;
}

async function outlines(L, map, address) {
  const answer = await fetch(address, { credentials: "same-origin" });
  if (!answer.ok) throw new Error(String(answer.status));
  return L.geoJSON(await answer.json(), { interactive: false, pane: "tilePane" }).addTo(map);
}

export async function openMap(box, tapped) {
  const L = await leaflet(box);
  const map = L.map(box, {
    preferCanvas: true, attributionControl: false, zoomControl: false, dragging: false, scrollWheelZoom: false,
    touchZoom: false, doubleClickZoom: false, boxZoom: false, minZoom: 3, maxZoom: 17, fadeAnimation: false, zoomAnimation: false,
  });
  L.control.zoom({ zoomInTitle: box.dataset.zoomIn, zoomOutTitle: box.dataset.zoomOut, position: "topright" }).addTo(map);
  map.fitBounds(EUROPE);
  const base = {};
  let drawn = null;
  const restyle = () => {
    base.land?.setStyle({ color: colour("--land"), weight: 1, fillColor: colour("--land"), fillOpacity: 1 });
    base.borders?.setStyle({ color: colour("--ink-2"), weight: 1.5, dashArray: "6 4", fill: false });
    drawn?.setStyle?.(look());
  };
  const look = () => ({ color: colour("--k-jp"), weight: 4, fillColor: colour("--surface"), fillOpacity: 1, radius: 7 });
  const mark = (_feature, at) => L.circleMarker(at, look());
  map.on("click", (event) => tapped([event.latlng.lng, event.latlng.lat]));
  const key = (event) => {
    if (event.key !== "Enter" || event.target !== box) return;
    event.preventDefault();
    const middle = map.getCenter();
    tapped([middle.lng, middle.lat]);
  };
  box.addEventListener("keydown", key);
  addEventListener("themechange", restyle);
  const lay = async (part, name) => {
    try {
      const layer = await outlines(L, map, box.dataset.base.replace("NAME", name));
      base[part]?.remove();
      base[part] = layer;
      base.borders?.bringToFront();
      restyle();
    } catch {
      // without a connection the map stays empty; words and position work all the same
    }
  };
  await lay("land", "countries_low");
  await lay("borders", "borders");
  let fine = false;
  return {
    draw(shape, zoom) {
      drawn?.remove();
      drawn = null;
      if (!shape) return;
      drawn = L.geoJSON(shape, { pointToLayer: mark, style: look, interactive: false }).addTo(map);
      if (shape.type === "LineString") {
        for (const [lon, lat] of shape.coordinates.length < 100 ? shape.coordinates : []) {
          drawn.addLayer(L.circleMarker([lat, lon], { ...look(), radius: 4, weight: 2 }));
        }
      }
      const bounds = drawn.getBounds();
      if (zoom && bounds.isValid()) map.fitBounds(bounds, { maxZoom: 10, padding: [28, 28] });
    },
    drawing(on) {
      for (const way of [map.dragging, map.touchZoom, map.scrollWheelZoom]) way[on ? "enable" : "disable"]();
      map.invalidateSize();
      if (on && !fine) lay("land", "countries"); // finer outlines, once somebody draws on them
      fine ||= on;
    },
    end() {
      box.removeEventListener("keydown", key);
      removeEventListener("themechange", restyle);
      map.remove();
    },
  };
}
