// Rows that grow: costs with their receipts, and authorities. A new row is a copy of the page's own template.

import { changed } from "./counters.js";

function add(form, templateId, list) {
  const rows = [...form.querySelectorAll(`#${list} > [data-row]`)].map((row) => Number(row.dataset.row));
  const number = rows.length ? Math.max(...rows) + 1 : 0;
  const made = document.createElement("template");
  made.innerHTML = form.querySelector(`#${templateId}`).innerHTML.replaceAll("NEW", String(number));
  const row = made.content.firstElementChild;
  form.querySelector(`#${list}`).append(row);
  return row;
}

function addCost(form) {
  const row = add(form, "cost-template", "cost-rows");
  const day = row.querySelector("[name$=-incurred_on]");
  if (!day.value) day.value = form.elements.starts_day?.value ?? "";
  const last = [...form.querySelectorAll("#cost-rows [name$=-currency]")].at(-2);
  if (last) row.querySelector("[name$=-currency]").value = last.value;
  return row;
}

function photograph(row) {
  const file = row.querySelector("input[type=file]");
  file.setAttribute("capture", "environment"); // the camera at once; the row's own button also offers files
  file.click();
  file.removeAttribute("capture");
}

function showFile(input) {
  const said = input.parentElement.querySelector("[data-file-name]");
  if (said && input.files.length) said.textContent = input.files[0].name;
}

function showAuthority(row) {
  const select = row.querySelector("[name$=-organisation]");
  const name = row.querySelector("[data-name]");
  const chosen = select.value ? select.selectedOptions[0].textContent.split(" · ")[0] : "";
  name.textContent = chosen || name.dataset.blank;
  const role = row.querySelector("[name$=-role]").selectedOptions[0]?.textContent ?? "";
  const charge = row.querySelector("[name$=-officer_in_charge]");
  const label = row.querySelector(`label[for="${charge.id}"]`).firstChild.textContent.trim().toLowerCase();
  row.querySelector("[data-role]").textContent = charge.value ? `${role} · ${label} ${charge.value}` : role;
  for (const button of row.querySelectorAll("[data-step]")) {
    button.setAttribute("aria-label", `${button.getAttribute("aria-label").split(":")[0]}: ${chosen || row.dataset.row}`);
  }
}

export function start(form) {
  form.addEventListener("click", (event) => {
    const button = event.target.closest("[data-add], [data-remove]");
    if (!button) return;
    event.preventDefault();
    if (button.dataset.add === "part") {
      add(form, "part-template", "parts").querySelector("select").focus();
    } else if (button.dataset.add) {
      const row = addCost(form);
      if (button.dataset.add === "receipt") photograph(row);
      row.querySelector("select").focus();
    } else {
      const row = button.closest("[data-row]");
      const before = row.previousElementSibling?.querySelector("input") ?? form.querySelector("[data-add=cost]");
      row.remove();
      before?.focus();
      changed(form.elements.client_uuid);
    }
  });
  form.addEventListener("change", (event) => {
    if (event.target.type === "file") showFile(event.target);
    const row = event.target.closest(".part");
    if (row) showAuthority(row);
  });
  for (const input of form.querySelectorAll("input[type=file]")) showFile(input);
}
