// A log form at work: counters, place, rows, drafts; sent with everything kept until the record is there.
import * as costs from "./costs.js";
import * as counters from "./counters.js";
import * as drafts from "./drafts.js";
import * as place from "./place.js";
import { withSession } from "./session.js";

let running = null;

function begin() {
  const form = document.getElementById("log-form");
  counters.start(form);
  costs.start(form);
  const draft = drafts.start(form);
  const where = place.start(form);
  stillOpen(form);
  form.addEventListener("keydown", (event) => {
    // Return in a field does not send a half-written record.
    if (event.key === "Enter" && event.target.matches("input:not([type=file])")) {
      event.preventDefault();
      changedPlace(event.target);
    }
  });
  form.addEventListener("understood", (event) => {
    const word = form.querySelector("#ground-word");
    word.textContent = event.detail.border === "internal" ? word.dataset.internal : "";
  });
  form.addEventListener("input", (event) => {
    // how long it lasted is reckoned by the server, which knows when clocks change
    if (/^(starts|ends)_/.test(event.target.name)) form.querySelector("#duration").textContent = "";
  });
  form.addEventListener("submit", (event) => {
    if (event.submitter?.value === "keep") return;
    event.preventDefault();
    send(form, event.submitter);
  });
  running = { draft, where };
}

function changedPlace(field) {
  if (field.name === "place-text") field.dispatchEvent(new Event("change", { bubbles: true }));
}

// An end left empty is this moment: written into the form once, so that sending again sends the same.
function endNow(form) {
  const { starts_time: start, ends_day: day, ends_time: time, zone } = form.elements;
  if (form.dataset.kind !== "JP" || !start.value || day.value || time.value) return;
  const parts = Object.fromEntries(new Intl.DateTimeFormat("en-GB", {
    timeZone: zone.value, year: "numeric", month: "short", day: "numeric", hour: "2-digit", minute: "2-digit", hourCycle: "h23",
  }).formatToParts(new Date()).map(({ type, value }) => [type, value]));
  day.value = `${parts.day} ${parts.month.slice(0, 3)} ${parts.year}`;
  time.value = `${parts.hour}:${parts.minute}`;
}

async function send(form, submitter) {
  const whole = !submitter?.value;
  const failed = form.querySelector("#failed");
  const buttons = form.querySelectorAll(".save .btn");
  if (whole) endNow(form);
  await running.draft.stop();
  failed.hidden = true;
  for (const button of buttons) button.disabled = true;
  form.querySelector("#saved span").textContent = form.dataset.sending;
  try {
    const answer = await withSession(() => {
      const body = new FormData(form);
      if (!whole) body.set(submitter.name, submitter.value);
      return fetch(form.action, { method: "POST", body, credentials: "same-origin", headers: { "X-Requested-With": "fetch" } });
    });
    if (answer.status === 201) {
      running.draft.end();
      location.assign((await answer.json()).location);
      return;
    }
    if (answer.headers.get("Content-Type")?.startsWith("text/html")) {
      replace(form, await answer.text());
      return;
    }
    const said = await answer.json();
    failed.querySelector("span").textContent = said.detail ?? form.dataset.failed;
  } catch {
    failed.querySelector("span").textContent = form.dataset.failed;
  }
  failed.hidden = false;
  failed.scrollIntoView({ block: "center" });
  for (const button of buttons) button.disabled = false;
  form.querySelector("#saved span").textContent = form.dataset.unsaved;
  running.draft.resume();
}

// The server's answer takes the form's place; chosen files move over, since no server can give them back.
function replace(form, html) {
  const read = new DOMParser().parseFromString(html, "text/html");
  const fresh = document.adoptNode(read.getElementById("log-form"));
  for (const old of form.querySelectorAll("input[type=file]")) {
    const place = old.files.length ? fresh.querySelector(`#${CSS.escape(old.id)}`) : null;
    place?.replaceWith(old);
  }
  running.draft.end();
  running.where.end();
  form.replaceWith(fresh);
  begin();
  const errors = document.getElementById("errors");
  if (errors) errors.focus();
  else scrollTo(0, 0);
}

// Beside the form on a desk: what is still open.
function stillOpen(form) {
  const list = form.querySelector("#ask");
  if (!list) return;
  const words = list.dataset;
  let placed = Boolean(form.querySelector("#understood dl"));
  const line = (done, text) => {
    const item = document.createElement("li");
    item.innerHTML = `<svg class="i" aria-hidden="true" focusable="false"><use href="${words.icons}#i-${done ? "circle-check" : "circle-dashed"}"/></svg><span></span>`;
    item.lastElementChild.textContent = text;
    return item;
  };
  const look = () => {
    const findings = [...form.querySelectorAll(".cnt:first-of-type [data-find]")].filter((field) => !field.closest("details"));
    const uncounted = findings.filter((field) => !field.value.trim()).length;
    const lines = findings.length && form.elements.nothing_found ? [line(!uncounted, uncounted ? `${uncounted} ${words.findings}` : words.counted)] : [];
    lines.push(line(placed, placed ? words.placed : words.place));
    const ended = Boolean(form.elements.ends_time?.value);
    if (form.dataset.kind === "JP") lines.push(line(ended, ended ? words.ended : words.end));
    const without = [...form.querySelectorAll("#cost-rows input[type=file]")].filter((file) => !file.files.length).length;
    if (without) lines.push(line(false, `${words.receipts} ${without}`));
    list.replaceChildren(...lines);
  };
  form.addEventListener("input", look);
  form.addEventListener("change", look);
  form.addEventListener("understood", (event) => { placed = event.detail.place; look(); });
  look();
}

begin();
