// Asks to sign in again in place when the session has ended, then sends the request again (decision 45).
// withSession(send): send() makes the fetch and is called again after a sign-in, so it reads csrfToken() each time.

export function csrfToken() {
  return document.querySelector('meta[name="csrf-token"]')?.content ?? "";
}

export async function withSession(send) {
  for (;;) {
    const answer = await send();
    if (answer.status !== 401) return answer;
    if (!(await askToSignIn())) return answer;
  }
}

let asking = null;

function askToSignIn() {
  asking ??= openDialog().finally(() => { asking = null; });
  return asking;
}

function take(token) {
  document.querySelector('meta[name="csrf-token"]')?.setAttribute("content", token);
  for (const input of document.querySelectorAll('input[name="csrf_token"]')) input.value = token;
}

async function page(address, options = {}) {
  const answer = await fetch(address, { credentials: "same-origin", headers: { Accept: "text/html" }, ...options });
  const read = new DOMParser().parseFromString(await answer.text(), "text/html");
  const token = read.querySelector('meta[name="csrf-token"]')?.content;
  if (token) take(token);
  return { answer, read };
}

function part(name, attributes, text = "") {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  made.textContent = text;
  return made;
}

// The words come from the sign-in pages themselves, so they are in the person's language.
function fill(form, source, heading) {
  form.replaceChildren(part("h2", { id: "sign-in-again" }, heading));
  const error = source.querySelector(".help.danger, .note-d, .ways");
  if (error) form.append(part("p", { class: "help danger", role: "alert" }, error.textContent.trim()));
  for (const input of source.querySelectorAll("main form[method=post] .fld input")) {
    const label = source.querySelector(`label[for="${input.id}"]`)?.textContent ?? input.name;
    const box = part("input", { class: "in", id: `again-${input.id}`, name: input.name, type: input.type,
      autocomplete: input.autocomplete, required: "" });
    form.append(part("label", { class: "lab", for: box.id }, label), box);
  }
  const button = source.querySelector("main form[method=post] button[type=submit]");
  form.append(part("button", { class: "btn btn-1", type: "submit" }, button?.textContent ?? heading));
  form.querySelector("input")?.focus();
}

async function openDialog() {
  let { read, answer } = await page("/login");
  const dialog = part("dialog", { class: "panel pad", "aria-labelledby": "sign-in-again" });
  const form = part("form", { method: "post" });
  let address = "/login";
  dialog.append(form);
  document.body.append(dialog);
  fill(form, read, read.querySelector("h1")?.textContent ?? "");
  dialog.showModal();
  return new Promise((resolve) => {
    const close = (signedIn) => { dialog.remove(); resolve(signedIn); };
    dialog.addEventListener("cancel", () => close(false));
    form.addEventListener("submit", async (event) => {
      event.preventDefault();
      const body = new URLSearchParams(new FormData(form));
      body.set("csrf_token", csrfToken());
      ({ answer, read } = await page(address, { method: "POST", body }));
      const path = new URL(answer.url).pathname;
      if (answer.ok && !path.startsWith("/login") && !read.querySelector("main input[type=password]")) {
        close(true);
        return;
      }
      if (answer.ok) address = path === "/login" && read.querySelector('input[name="code"]') ? "/login/code" : path;
      fill(form, read, read.querySelector("h1")?.textContent ?? "");
    });
  });
}
