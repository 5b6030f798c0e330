/* The period of the map: two handles over a bar per month. Months are whole, so that stored counts can answer. */

import { element } from "./mapkit.js";

const $ = (id) => document.getElementById(id);
const monthNames = new Intl.DateTimeFormat("en-GB", { month: "short", year: "numeric", timeZone: "UTC" });

function everyMonth(counted) {
  const months = [];
  if (!counted.length) return months;
  let [year, month] = [Math.floor(counted[0][0] / 100), counted[0][0] % 100];
  const last = counted[counted.length - 1][0];
  while (year * 100 + month <= last) {
    months.push(year * 100 + month);
    month = month === 12 ? 1 : month + 1;
    if (month === 1) year += 1;
  }
  return months;
}

const code = (month) => `${Math.floor(month / 100)}-${String(month % 100).padStart(2, "0")}`;
const name = (month) => monthNames.format(new Date(Date.UTC(Math.floor(month / 100), (month % 100) - 1, 1)));

/* Shows the slider when there are months to choose from; `period` holds from and to as the address has them. */
export function periodSlider(counted, period, changed) {
  const months = everyMonth(counted);
  if (months.length < 2) return;
  const [from, to, bars] = [$("from-month"), $("to-month"), $("bars")];
  const most = Math.max(...counted.map(([, number]) => number));
  const numbers = new Map(counted);
  const last = months.length - 1;
  from.max = to.max = last;
  const position = (text, otherwise) => {
    const found = months.indexOf(Number(text?.slice(0, 7).replace("-", "")));
    return found < 0 ? otherwise : found;
  };
  from.value = position(period.from, 0);
  to.value = position(period.to, last);
  bars.setAttribute("viewBox", `0 0 ${months.length * 10} 30`);
  const drawn = months.map((month, i) => {
    const height = ((numbers.get(month) || 0) / most) * 28;
    return element("rect", { class: "tb", x: i * 10 + 1, width: 8, y: 30 - height, height });
  });
  bars.replaceChildren(...drawn);
  $("year-first").textContent = String(Math.floor(months[0] / 100));
  $("year-last").textContent = String(Math.floor(months[last] / 100));

  function tell() {
    const [first, end] = [Math.min(from.value, to.value), Math.max(from.value, to.value)];
    drawn.forEach((bar, i) => bar.classList.toggle("tb-on", i >= first && i <= end));
    $("period").textContent = first === end ? name(months[first]) : `${name(months[first])} – ${name(months[end])}`;
    for (const handle of [from, to]) handle.setAttribute("aria-valuetext", name(months[handle.value]));
    return [first, end];
  }

  function follow() {
    const [first, end] = tell();
    period.from = first > 0 ? code(months[first]) : "";
    period.to = end < last ? code(months[end]) : "";
    changed();
  }

  for (const handle of [from, to]) {
    handle.addEventListener("input", tell);
    handle.addEventListener("change", follow);
  }
  $("all-time").addEventListener("click", () => {
    from.value = 0;
    to.value = last;
    follow();
  });
  document.querySelector(".tim").hidden = false;
  tell();
}
