// Keeps typed work on the server while one types, never in the browser (decision 45); says when it was kept.
import { csrfToken, withSession } from "./session.js";

const WAIT = 800;

export function fieldsOf(form) {
  const fields = {};
  for (const [name, value] of new FormData(form)) {
    if (name !== "csrf_token" && typeof value === "string") (fields[name] ??= []).push(value);
  }
  return fields;
}

export function start(form) {
  const state = form.querySelector("#saved span");
  let timer = 0;
  let running = null;
  let dirty = false;
  let over = false;

  const say = (word, clock = "") => {
    state.textContent = word;
    if (clock) {
      const time = document.createElement("span");
      time.className = "num";
      time.textContent = clock;
      state.append(" ", time);
    }
  };

  const send = (last) => fetch(form.dataset.drafts, {
    method: "POST",
    credentials: "same-origin",
    keepalive: last,
    headers: { "Content-Type": "application/json", "X-CSRFToken": csrfToken(), "X-Requested-With": "fetch" },
    body: JSON.stringify({ kind: form.dataset.kind, fields: fieldsOf(form) }),
  });

  async function keep() {
    if (over) return;
    dirty = false;
    say(form.dataset.saving);
    let answer = null;
    try {
      answer = await withSession(() => send(false));
      if (!answer.ok) throw new Error(String(answer.status));
      say(form.dataset.saved, (await answer.json()).saved_at);
      const here = new URL(location.href);
      here.search = `?draft=${form.elements.client_uuid.value}`;
      if (!over) history.replaceState(null, "", here);
    } catch {
      dirty = true;
      say(answer ? form.dataset.unsaved : form.dataset.offline);
    }
  }

  async function flush() {
    clearTimeout(timer);
    await running;
    if (!dirty || over) return;
    running = keep();
    await running;
    running = null;
  }

  const soon = () => {
    if (over) return;
    dirty = true;
    clearTimeout(timer);
    timer = setTimeout(flush, WAIT);
  };

  form.addEventListener("input", soon);
  form.addEventListener("change", soon);
  const leave = () => {
    if (dirty && !over && document.visibilityState === "hidden") send(true).then(() => { dirty = false; }, () => {});
  };
  document.addEventListener("visibilitychange", leave);
  addEventListener("online", flush);

  return {
    flush,
    // After this nothing is kept any more: the form is on its way, and a late draft would outlive it.
    async stop() {
      clearTimeout(timer);
      over = true;
      await running;
    },
    resume() { over = false; },
    end() {
      over = true;
      clearTimeout(timer);
      document.removeEventListener("visibilitychange", leave);
      removeEventListener("online", flush);
    },
  };
}
