/* The list beside the map: what is in view, or at one mark, grouped by border, with the counts above it. */

import { mix } from "./mapkit.js";

export const $ = (id) => document.getElementById(id);
export const words = $("words").dataset;
export const numbers = new Intl.NumberFormat(document.documentElement.lang || "en");
export const say = (text, values) => text.replace(/\{(\w+)\}/g, (_all, name) => (typeof values[name] === "number" ? numbers.format(values[name]) : values[name]));
const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

function entry(item) {
  const line = document.createElement("li");
  const link = document.createElement("a");
  link.href = item.href;
  const kind = document.querySelector(`template[data-kind="${item.kind}"]`)?.content.cloneNode(true);
  const name = document.createElement("span");
  name.className = "ref";
  name.textContent = item.reference;
  const day = document.createElement("time");
  if (item.from) {
    day.dateTime = item.from;
    const [year, month, date] = item.from.split("-").map(Number);
    day.textContent = `${date} ${MONTHS[month - 1]} ${year}`;
  }
  link.append(kind || item.kind, name, day);
  line.append(link);
  return line;
}

export function show(items, { title, count, more, whole = false }) {
  const groups = new Map();
  for (const item of items) {
    const border = item.border_label || item.border || words.inland;
    groups.set(border, [...(groups.get(border) || []), item]);
  }
  const rank = ([border, members]) => (border === words.inland ? -1 : members.length);
  const ordered = [...groups].sort((one, other) => rank(other) - rank(one));
  const parts = ordered.flatMap(([border, members]) => {
    const heading = document.createElement("h3");
    heading.append(border);
    if (!more) {
      const number = document.createElement("span");
      number.className = "c num";
      number.textContent = numbers.format(members.length);
      heading.append(number);
    }
    const list = document.createElement("ul");
    list.append(...members.map(entry));
    return [heading, list];
  });
  if (!items.length) parts.push(paragraph(words.none));
  if (more) parts.push(paragraph(say(words.newest, { shown: items.length, n: count }), $("as-table").href));
  $("list").replaceChildren(...parts);
  $("list-title").textContent = title;
  $("whole-view").hidden = whole;
}

function paragraph(text, href = "") {
  const made = document.createElement("p");
  made.className = "foot";
  made.textContent = text;
  if (href) {
    const link = document.createElement("a");
    link.href = href;
    link.textContent = words.table;
    made.append(" ", link);
  }
  return made;
}

export function counts(answer) {
  const parts = [say(words.counts, { shown: answer.shown, matching: answer.matching })];
  if (answer.total > answer.matching) parts.push(say(words.filtered, { n: answer.total - answer.matching }));
  if (answer.unplaced) parts.push(say(words.unplaced, { n: answer.unplaced }));
  $("counts").textContent = parts.join(", ");
  const kinds = {};
  for (const { kinds: part } of [...answer.cells, ...answer.sections]) {
    for (const [kind, number] of Object.entries(part)) kinds[kind] = (kinds[kind] || 0) + number;
  }
  mix($("mix"), kinds);
}
