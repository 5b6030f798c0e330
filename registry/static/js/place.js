// Where: what is typed, drawn, recorded or taken from the phone is understood by the server and shown at once.
import { changed } from "./counters.js";
import { csrfToken, withSession } from "./session.js";
import { openMap } from "./place-map.js";

const WAIT = 500;

export function start(form) {
  const box = form.querySelector("#place-map");
  if (!box) return { end() {} };
  const text = form.elements["place-text"];
  const geometry = form.elements["place-geometry"];
  const source = form.elements["place-source"];
  const uncertainty = form.elements["place-uncertainty_m"];
  const drawButton = form.querySelector("#draw");
  const bar = form.querySelector("#drawing");
  const hereButton = form.querySelector("#here");
  const file = form.querySelector("#f-track-file");
  let timer = 0;
  let asked = 0;
  let mode = "route";
  let map = null;
  let shown = null;

  function put(shape, from, radius = "") {
    geometry.value = shape ? JSON.stringify(shape) : "";
    source.value = shape ? from : "";
    uncertainty.value = radius;
    changed(geometry);
  }

  async function ask(extra = null) {
    const number = ++asked;
    const send = () => {
      const body = new FormData();
      for (const field of [text, geometry, form.elements.starts_day]) if (field) body.set(field.name, field.value);
      if (extra) body.set("track_file", extra);
      return fetch(form.dataset.place, { method: "POST", credentials: "same-origin", body,
        headers: { "X-CSRFToken": csrfToken(), "X-Requested-With": "fetch" } });
    };
    let answer;
    try {
      answer = await withSession(send);
    } catch {
      return null; // no connection: the words are kept as they are and understood when they are sent
    }
    const said = answer.headers.get("Content-Type")?.includes("application/json") ? await answer.json() : {};
    if (number === asked) show(said);
    return said;
  }

  function show(said) {
    const place = form.querySelector("#understood");
    if (said.html) {
      const made = document.createElement("template");
      made.innerHTML = said.html;
      place.replaceChildren(...made.content.firstElementChild.childNodes);
    } else if (said.problem) {
      const problem = document.createElement("p");
      problem.className = "pad danger";
      problem.textContent = said.problem;
      place.replaceChildren(problem);
    }
    const before = shown;
    shown = said.problem ? null : said.shape ?? null;
    map?.draw?.(shown, JSON.stringify(before) !== JSON.stringify(shown) && source.value !== "map");
    form.dispatchEvent(new CustomEvent("understood", { detail: { place: Boolean(shown), border: said.border_status } }));
  }

  const soon = () => {
    clearTimeout(timer);
    timer = setTimeout(ask, WAIT);
  };

  text.addEventListener("input", () => {
    const drawn = geometry.value ? JSON.parse(geometry.value) : null;
    if (drawn?.type === "Point") put(null, ""); // the words are the place now; a route stays until it is cleared
    soon();
  });
  text.addEventListener("change", () => { clearTimeout(timer); ask(); });

  async function theMap() {
    map ??= openMap(box, (at) => tapped(at));
    const ready = await map;
    map = ready;
    ready.draw(shown, true);
    return ready;
  }

  function points() {
    const drawn = geometry.value ? JSON.parse(geometry.value) : null;
    if (drawn?.type === "LineString") return drawn.coordinates;
    return drawn?.type === "Point" ? [drawn.coordinates] : [];
  }

  function setPoints(list) {
    const rounded = list.map(([lon, lat]) => [Number(lon.toFixed(6)), Number(lat.toFixed(6))]);
    if (!rounded.length) put(null, "");
    else if (rounded.length === 1) put({ type: "Point", coordinates: rounded[0] }, "map");
    else put({ type: "LineString", coordinates: rounded }, "map");
    if (rounded.length === 1) text.value = `${rounded[0][1].toFixed(5)}, ${rounded[0][0].toFixed(5)}`;
    else if (rounded.length) text.value = "";
    map?.draw?.(geometry.value ? JSON.parse(geometry.value) : null, false);
    clearTimeout(timer);
    timer = setTimeout(ask, WAIT);
  }

  function tapped(at) {
    if (bar.hidden) return;
    setPoints(mode === "point" ? [at] : [...points(), at]);
  }

  drawButton.addEventListener("click", async () => {
    bar.hidden = !bar.hidden;
    drawButton.setAttribute("aria-pressed", String(!bar.hidden));
    box.classList.toggle("drawing", !bar.hidden);
    (await theMap()).drawing(!bar.hidden);
  });
  bar.addEventListener("click", (event) => {
    const what = event.target.closest("[data-draw]")?.dataset.draw;
    if (what === "undo") setPoints(points().slice(0, -1));
    else if (what === "clear") {
      text.value = "";
      setPoints([]);
    } else if (what) {
      mode = what;
      for (const button of bar.querySelectorAll("[data-draw][aria-pressed]")) {
        button.setAttribute("aria-pressed", String(button.dataset.draw === mode));
      }
    }
  });

  hereButton.addEventListener("click", () => {
    hereButton.setAttribute("aria-busy", "true");
    navigator.geolocation?.getCurrentPosition(({ coords }) => {
      hereButton.removeAttribute("aria-busy");
      text.value = `${coords.latitude.toFixed(5)}, ${coords.longitude.toFixed(5)}`;
      put({ type: "Point", coordinates: [coords.longitude, coords.latitude] }, "device", String(Math.round(coords.accuracy)));
      ask();
    }, () => {
      hereButton.removeAttribute("aria-busy");
      text.focus();
    }, { enableHighAccuracy: true, timeout: 15000, maximumAge: 30000 });
  });

  file.addEventListener("change", async () => {
    if (!file.files.length) return;
    const said = await ask(file.files[0]);
    if (!said?.shape || said.problem) return;
    put(said.shape, "file");
    file.value = ""; // its way stands in the form now, and in the draft
  });

  const seen = new IntersectionObserver((entries) => {
    if (!entries.some((entry) => entry.isIntersecting)) return;
    seen.disconnect();
    theMap();
  }, { rootMargin: "400px" });
  seen.observe(box);
  if (text.value || geometry.value) ask();

  return {
    end() {
      clearTimeout(timer);
      seen.disconnect();
      Promise.resolve(map).then((ready) => ready?.end?.());
    },
  };
}
