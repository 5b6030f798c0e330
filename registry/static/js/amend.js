// A record being corrected: counters, rows and the place as in the log form; sent like any other form.
import * as costs from "./costs.js";
import * as counters from "./counters.js";
import * as place from "./place.js";

const form = document.getElementById("amend-form");
counters.start(form);
costs.start(form);
place.start(form);
form.addEventListener("keydown", (event) => {
  // Return in a field does not send a half-corrected record.
  if (event.key !== "Enter" || !event.target.matches("input:not([type=file])")) return;
  event.preventDefault();
  if (event.target.name === "place-text") event.target.dispatchEvent(new Event("change", { bubbles: true }));
});
form.addEventListener("understood", (event) => {
  const word = form.querySelector("#ground-word");
  word.textContent = event.detail.border === "internal" ? word.dataset.internal : "";
});
form.addEventListener("input", (event) => {
  if (/^(starts|ends)_/.test(event.target.name)) form.querySelector("#duration").textContent = "";
});
for (const note of document.querySelectorAll("#errors, #stale")) note.scrollIntoView({ block: "center" });
