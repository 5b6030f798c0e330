/* Light or dark, before the first paint: the choice of the user, else of the device. */
(function () {
  "use strict";
  var root = document.documentElement;
  var chosen = null;
  try {
    chosen = localStorage.getItem("theme");
  } catch (refused) {
    chosen = null; /* storage is switched off in this browser: the device decides */
  }
  if (chosen !== "dark" && chosen !== "light") {
    chosen = matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light";
  }
  root.setAttribute("data-bs-theme", chosen);
  root.classList.add("js");
})();
