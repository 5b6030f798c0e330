/* The shell: theme switch, "/" for the search box, menus that close. Everything else of it works without script. */

const root = document.documentElement;

function remember(theme) {
  try {
    localStorage.setItem("theme", theme);
  } catch {
    /* storage is switched off: the choice holds for this page */
  }
}

document.getElementById("theme")?.addEventListener("click", () => {
  const theme = root.getAttribute("data-bs-theme") === "dark" ? "light" : "dark";
  root.setAttribute("data-bs-theme", theme);
  remember(theme);
  dispatchEvent(new Event("themechange"));
});

function isTyping(target) {
  return target instanceof HTMLElement && (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName));
}

document.addEventListener("keydown", (event) => {
  if (event.key === "Escape") {
    for (const menu of document.querySelectorAll("details[data-menu][open]")) {
      menu.open = false;
      menu.querySelector("summary")?.focus();
    }
    return;
  }
  const search = document.getElementById("q");
  if (event.key === "/" && search && !event.ctrlKey && !event.metaKey && !event.altKey && !isTyping(event.target)) {
    event.preventDefault();
    search.focus();
    search.select();
  }
});

document.addEventListener("click", (event) => {
  for (const menu of document.querySelectorAll("details[data-menu][open]")) {
    if (!menu.contains(event.target)) menu.open = false;
  }
});

/* After a form was refused, the summary of what to mend has the focus. */
document.getElementById("errors")?.focus();
