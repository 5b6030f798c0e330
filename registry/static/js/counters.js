// Counters for the thumb, and "nothing found": every finding not yet counted becomes 0, again to undo.
// It never overwrites a finding that was counted: with one above 0 it steps aside.

export function changed(field) {
  field.dispatchEvent(new Event("input", { bubbles: true }));
}

export function start(form) {
  form.addEventListener("click", (event) => {
    const button = event.target.closest("[data-step]");
    if (!button) return;
    const field = button.closest("[data-counter]").querySelector("input");
    const before = Number.parseInt(field.value.replace(/[^0-9]/g, ""), 10);
    const next = Number.isNaN(before) ? Math.max(0, Number(button.dataset.step)) : before + Number(button.dataset.step);
    field.value = String(Math.max(0, next));
    changed(field);
  });
  nothingFound(form);
}

function nothingFound(form) {
  const button = form.querySelector("[name=do][value=nothing-found]");
  const flag = form.querySelector("input[name=nothing_found]");
  if (!button || !flag) return;
  const findings = [...form.querySelectorAll("[data-find]")];
  const note = button.querySelector("small");
  const send = form.querySelector("#send");
  const counted = () => findings.filter((field) => !["", "0"].includes(field.value.trim())).length;
  let before = null;

  function look() {
    const on = flag.value === "1";
    const some = counted();
    button.setAttribute("aria-pressed", String(on));
    button.disabled = !on && some > 0;
    note.textContent = on ? button.dataset.on : some ? `${button.dataset.some} ${some}` : button.dataset.off;
    if (send && form.dataset.kind === "JP") send.textContent = on ? send.dataset.nothing : send.dataset.end;
    document.body.classList.toggle("zero", on);
  }

  button.addEventListener("click", (event) => {
    event.preventDefault();
    if (flag.value === "1") {
      findings.forEach((field, place) => { field.value = before ? before[place] : field.value === "0" ? "" : field.value; });
      before = null;
      flag.value = "";
    } else {
      before = findings.map((field) => field.value);
      for (const field of findings) field.value = "0";
      flag.value = "1";
    }
    changed(flag);
    look();
  });
  form.addEventListener("input", (event) => {
    if (event.target === flag) return;
    if (flag.value === "1" && counted()) {
      flag.value = "";
      before = null;
    }
    look();
  });
  look();
}
