/* What is chosen on a decision is kept on this device from the first key on, but for the
   password, until it is sent: a session that ends, or a page that is closed, loses none
   of it. It is the draft of one person and one event, and is over once somebody has
   decided since (last_review). Said in [data-draft-said], with a way to leave it out. */

import { forget, keep, stored, user } from "./draft-store.js";

const form = document.querySelector("form[data-review-draft]");
const LEFT_OUT = ["password", "csrfmiddlewaretoken", "step", "last_review", "shown"];

function chosen() {
  const fields = [...new FormData(form)];
  return fields.filter(([name, value]) => !LEFT_OUT.includes(name) && value !== "");
}

function put(fields) {
  for (const element of form.elements) {
    if (!element.name || LEFT_OUT.includes(element.name)) continue;
    const values = fields.filter(([name]) => name === element.name).map(([, value]) => value);
    if (element.type === "radio" || element.type === "checkbox") {
      element.checked = values.includes(element.value);
    } else if (element.type !== "submit" && element.type !== "hidden") {
      element.value = values[0] ?? "";
    }
  }
}

if (form && user()) {
  const { reviewDraft, label, zone } = form.dataset;
  const key = `${reviewDraft}.${user()}`;
  const before = form.elements.namedItem("last_review").value;
  const said = form.querySelector("[data-draft-said]");
  const clean = chosen();
  let timer = 0;

  const store = () => {
    timer = 0;
    const fields = chosen();
    const draft = { key, user: user(), subject: reviewDraft, label, path: location.pathname };
    keep({ ...draft, at: Date.now(), state: "typed", before, fields });
  };
  const found = stored(key);
  if (found && found.before !== before) forget(key);
  else if (found && !("bound" in form.dataset)) {
    put(found.fields);
    const at = new Date(found.at).toLocaleTimeString("en-GB", { timeZone: zone });
    said.querySelector("span").textContent = said.dataset.words.replace("%s", at);
    said.hidden = false;
    const folded = form.closest("details");
    if (folded) folded.open = true;
  }
  said.querySelector("button").addEventListener("click", () => {
    forget(key);
    put(clean);
    said.hidden = true;
  });
  form.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(store, 300);
  });
  window.addEventListener("pagehide", () => timer && store());
}

/* A sentence of the list at the top leads to what is to be mended: to the field, or to
   the first of a group in which nothing is chosen. */
document.querySelector("#errors")?.addEventListener("click", (event) => {
  const link = event.target.closest("a[href^='#part-']");
  const part = link && document.querySelector(link.hash);
  if (!part) return;
  const fields = [...part.querySelectorAll("input, select, textarea")];
  const asked = fields.filter((one) => one.type !== "radio" || !picked(part, one.name));
  const field = asked.find((one) => !one.matches(".suspect-note")) ?? fields[0];
  if (!field) return;
  event.preventDefault();
  part.scrollIntoView({ block: "center" });
  field.focus({ preventScroll: true });
});

function picked(part, name) {
  return part.querySelector(`input[name="${CSS.escape(name)}"]:checked`);
}
