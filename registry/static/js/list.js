/* The list of activities: a filter works at once, J and K move, Enter opens. Without this script the button applies. */

const form = document.querySelector("[data-filters]");
const wide = matchMedia("(min-width: 1024px)");

/** Send only what is filled in, so that the address stays short. */
function tidy() {
  for (const field of form.elements) {
    if (field.name && !field.value) field.disabled = true;
  }
}

if (form) {
  form.addEventListener("submit", tidy);
  form.addEventListener("change", (event) => {
    // On a phone several filters are chosen before the list is asked for again.
    if (wide.matches && event.target.matches("input[type=checkbox], select")) form.requestSubmit();
  });
  addEventListener("pageshow", () => {
    for (const field of form.elements) field.disabled = false;
  });
}

const rows = [...document.querySelectorAll("[data-row]")];
let at = -1;

/** Put the mark on a row and the focus on its link. */
function move(step) {
  const next = Math.min(Math.max(at + step, 0), rows.length - 1);
  if (!rows.length || next === at) return;
  rows[at]?.classList.remove("on");
  at = next;
  rows[at].classList.add("on");
  const link = rows[at].querySelector("a");
  link.focus({ preventScroll: true });
  rows[at].scrollIntoView({ block: "nearest" });
}

addEventListener("keydown", (event) => {
  const typing = event.target.closest?.("input:not([type=checkbox]), select, textarea, [contenteditable]");
  if (typing || event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.key === "j") move(1);
  if (event.key === "k") move(-1);
});
