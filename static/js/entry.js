/* A bedside set by keyboard. The form works without this file.

   <form data-entry data-participant="02-014" data-subject="02-014.set" data-label data-page
   data-zone="America/New_York" data-now [data-bound]> with rows of components/field.html, segments.html, symptom_cards.html;
   needed.html and actionbar.html. data-bound: the server sent back what was typed.

   Enter moves on, F2 goes to what stands beside a value, Ctrl+Enter saves, the first
   letter (or a digit, for a grade) picks in a radio group, arrows move. [data-at-now], [data-moment], [data-blank-reason]. */

import { Draft } from "./entry-draft.js";
import { Field } from "./entry-field.js";
import { since, SiteClock } from "./site-clock.js";

const STALE = 10 * 60e3;
/* What stands beside a value. Tab passes it by, so that a value typed blind meets a
   field; F2 goes there, and again to the next, Escape back. */
const SIDE = ".field-answer, select.field-unit";

/* Rows in the order of the page, without those that do not apply or are folded. */
function rowsOf(form) {
  const rows = [...form.querySelectorAll("[data-item]")];
  return rows.filter((row) => row.checkVisibility());
}

function firstOf(row) {
  const checked = row.querySelector("input[type=radio]:checked");
  const first = ".field-input, input[type=radio], input:not([type=hidden]), select";
  return checked ?? row.querySelector(first);
}

/* Ready to type, where typing does not call up a keyboard that hides the page. */
function ready(form) {
  const free = document.activeElement === document.body && !location.hash;
  if (!free || "bound" in form.dataset || !matchMedia("(pointer: fine)").matches) return;
  firstOf(rowsOf(form)[0])?.focus({ preventScroll: true });
  form.addEventListener("keydown", (event) => untilReady(form, event));
}

/* Return would send a form that is not listened to yet. */
function untilReady(form, event) {
  if (event.key === "Enter" && !("ready" in form.dataset)) event.preventDefault();
}

class Entry {
  constructor(form, draft) {
    this.form = form;
    this.draft = draft;
    this.save = document.querySelector("[data-save]");
    this.fields = [...form.querySelectorAll(".field:not(.field-coded)")].map((r) => new Field(r));
    this.clock = new SiteClock(form);
    form.addEventListener("input", (event) => this.freshen(event), { capture: true });
    form.addEventListener("keydown", (event) => this.keys(event));
    form.addEventListener("change", (event) => this.changed(event));
    form.addEventListener("entry:changed", () => this.count());
    form.addEventListener("entry:next", (event) => this.next(event.target));
    form.addEventListener("click", (event) => this.click(event));
    form.addEventListener("focusout", (event) => this.fold(event.target, event.relatedTarget));
    form.addEventListener("submit", (event) => this.submit(event));
    document.addEventListener("keydown", (event) => this.chord(event));
    document.getElementById("complaints")?.addEventListener("click", (e) => this.lead(e));
    form.querySelectorAll("[data-more]").forEach((more) => this.nameMore(more));
    form.querySelectorAll("[data-at-now]").forEach((button) => (button.hidden = false));
    form.querySelectorAll("[data-beside]").forEach((select) => this.beside(select));
    form.querySelectorAll(SIDE).forEach((menu) => (menu.tabIndex = -1));
    this.dependents();
    this.count();
    this.observed();
  }

  rows() {
    return rowsOf(this.form);
  }

  next(row) {
    const rows = this.rows();
    const following = rows[rows.indexOf(row.closest("[data-item]")) + 1];
    this.target(following)?.focus();
  }

  target(row) {
    return row ? firstOf(row) : this.save;
  }

  keys(event) {
    const row = event.target.closest("[data-item]");
    const plain = !event.ctrlKey && !event.metaKey && !event.altKey;
    if (!row || !plain) return;
    if (event.key === "Enter" && !event.target.closest("button, a, summary")) {
      event.preventDefault();
      return this.enter(row, event.target);
    }
    if (event.key === "F2" || (event.key === "Escape" && event.target.matches(SIDE))) {
      event.preventDefault();
      return this.aside(row, event);
    }
    if (event.target.type === "radio" && event.key.length === 1) this.pick(event);
    if (event.target.dataset.key === event.key) event.target.click();
  }

  aside(row, { key, target }) {
    const menus = [...row.querySelectorAll(SIDE)].reverse();
    const next = menus[menus.indexOf(target) + 1];
    (key === "F2" && next ? next : this.target(row)).focus();
  }

  /* A sentence of the summary leads to what can be mended. */
  lead(event) {
    const place = document.getElementById(event.target.closest("a")?.hash.slice(1) ?? "");
    if (!place) return;
    event.preventDefault();
    const group = place.matches("[role=radiogroup]") && place.closest("[data-item]");
    (group ? this.target(group) : place).focus();
    place.scrollIntoView({ block: "center" });
  }

  enter(row, element) {
    if (element.matches(".field-input")) element.blur();
    const field = this.fields.find((f) => f.root === row);
    if (field?.asking) return row.querySelector("[data-keep]").focus();
    if (field?.stuck) return element.focus();
    this.next(row);
  }

  /* The first letter chooses, and chooses the next of that letter when pressed again. */
  pick(event) {
    const group = event.target.closest("[role=radiogroup]");
    const letter = event.key.toLowerCase();
    const radios = [...group.querySelectorAll("input[type=radio]")].filter((radio) => {
      const label = radio.closest("label").textContent.trim().toLowerCase();
      return radio.value === letter || label.startsWith(letter);
    });
    if (!radios.length) return;
    event.preventDefault();
    const now = radios.findIndex((radio) => radio.checked);
    const chosen = radios[(now + 1) % radios.length];
    const more = chosen.closest("[data-more]");
    if (more) more.open = true;
    chosen.checked = true;
    chosen.focus();
    chosen.dispatchEvent(new Event("change", { bubbles: true }));
  }

  chord(event) {
    if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey)) return;
    event.preventDefault();
    document.activeElement?.blur();
    this.form.requestSubmit(this.save);
  }

  changed(event) {
    const row = event.target.closest("[data-item]");
    if (row?.matches(".field-coded")) this.coded(row, event.target);
    if (row?.matches(".field-coded, .symptom")) this.forgive(row);
    if ("laboratory" in event.target.dataset) this.fields.forEach((field) => field.sayRange());
    if ("beside" in event.target.dataset) this.beside(event.target);
    if (event.target === this.moment("at")) this.observed();
    this.dependents();
    this.count();
  }

  /* What the server refused here was about the answer before. */
  forgive(row) {
    row.classList.remove("is-refused");
    row.querySelectorAll("[data-error]").forEach((old) => old.remove());
    row.querySelectorAll("[aria-invalid]").forEach((one) => one.removeAttribute("aria-invalid"));
  }

  /* A change of site or position is shown: it may explain a change of value. */
  beside(select) {
    const was = select.parentElement.querySelector("[data-beside-was]");
    if (was) was.hidden = !select.value || select.value === select.dataset.beside;
  }

  /* A choice takes back "not done", and the other way round. */
  coded(row, element) {
    const answer = row.querySelector("[data-answer]");
    if (element.type === "radio" && answer) answer.value = "";
    if (element === answer && answer.value) {
      row.querySelectorAll("input[type=radio]").forEach((radio) => (radio.checked = false));
    }
    row.classList.toggle("is-answered", Boolean(answer?.value));
    row.querySelectorAll("[data-more]").forEach((more) => this.nameMore(more));
  }

  /* A choice behind "More" is named there, so that it is seen when closed. */
  nameMore(more) {
    const chosen = more.querySelector("input:checked");
    const name = more.querySelector("summary [data-words]");
    name.textContent = chosen ? chosen.closest("label").textContent.trim() : name.dataset.words;
    more.classList.toggle("is-chosen", Boolean(chosen));
    if (chosen && !more.contains(document.activeElement)) more.open = false;
  }

  /* An open list covers the rows under it: it closes when the focus goes elsewhere. */
  fold(from, to) {
    const more = from.closest("[data-more]");
    if (more && to && !more.contains(to)) more.open = false;
  }

  /* data-shown-for="OXYGEN_DEVICE:nasal_cannula,venturi": asked only where it applies. */
  dependents() {
    for (const row of this.form.querySelectorAll("[data-shown-for]")) {
      const [name, values] = row.dataset.shownFor.split(":");
      const chosen = this.form.querySelector(`[name="${name}"]:checked`)?.value;
      row.hidden = !values.split(",").includes(chosen);
      row.querySelectorAll("input, select").forEach((e) => (e.disabled = row.hidden));
    }
  }

  /* A device that gives a flow or a fraction is told with one of them. */
  met(name) {
    const field = this.fields.find((f) => f.name === name);
    if (field) return field.complete;
    const asked = this.fields.filter((f) => f.root.dataset.shownFor?.startsWith(`${name}:`));
    const shown = asked.filter((f) => !f.root.hidden);
    const told = shown.length === 0 || shown.some((f) => f.complete);
    return told && Boolean(this.form.querySelector(`[name="${name}"]:checked`));
  }

  /* What is still needed for the check, by name, in the rail and in the foot bar. */
  count() {
    const items = [...document.querySelectorAll("[data-needed-item]")];
    const met = items.filter((item) => {
      const done = this.met(item.dataset.neededItem);
      item.classList.toggle("is-met", done);
      return done;
    });
    const missing = items.filter((item) => !met.includes(item));
    const complete = items.length > 0 && missing.length === 0;
    for (const one of document.querySelectorAll("[data-needed-open]")) one.hidden = complete;
    const bits = document.querySelectorAll("[data-needed-bit]");
    bits.forEach((bit, i) => bit.classList.toggle("is-met", i < met.length));
    for (const place of document.querySelectorAll("[data-needed-head], [data-needed-line]")) {
      this.sayNeeded(place, met.length, items.length, missing);
    }
  }

  sayNeeded(place, met, all, missing) {
    const counted = place.dataset.words.replace("%1", met).replace("%2", all);
    const names = missing.map((item) => item.textContent.trim()).join(", ");
    const complete = missing.length === 0 && place.dataset.short;
    const rest = names && (place.dataset.missingWords ?? "").replace("%s", names);
    place.textContent = complete || [counted, rest].filter(Boolean).join(" ");
  }

  click(event) {
    const button = event.target.closest("button");
    if (!button) return;
    if ("atNow" in button.dataset) this.setNow();
    if (button.dataset.moment) {
      event.preventDefault();
      this.moment(button.dataset.moment).value = button.value;
      this.form.requestSubmit(this.save);
    }
    if (button.dataset.blankReason) {
      event.preventDefault();
      this.blanks(button.dataset.blankReason);
    }
  }

  /* A page that lay open for long must not lend its old hour to a new set. */
  freshen(event) {
    const field = this.moment("at");
    if (this.fresh || !field || event.target === field) return;
    this.fresh = true;
    const untouched = field.value === field.defaultValue && !this.draft.dirty;
    if (!untouched || this.moment("until") || this.clock.age() < STALE) return;
    this.setNow();
  }

  moment(name) {
    return document.getElementById(`id_${name}`);
  }

  /* Of a late entry how late it is, and no comparison with what came after it; of a time
     to come, that it is one. */
  observed() {
    const field = this.moment("at");
    const at = field && this.clock.read(field.value);
    for (const one of this.fields) {
      if (one.observed === at) continue;
      one.observed = at;
      if (!one.empty && !one.stuck) one.settle();
    }
    const lag = document.querySelector("[data-lag]");
    if (!lag) return;
    const minutes = at ? since(at, this.clock.local()) / 60e3 : 0;
    const late = minutes > Number(lag.dataset.lag) && lag.dataset.words.replace("%s", span(minutes));
    const ahead = minutes < 0 && lag.dataset.aheadWords.replace("%s", this.clock.say());
    lag.textContent = late || ahead || "";
    lag.hidden = !lag.textContent;
  }

  setNow() {
    const field = this.moment("at");
    field.value = this.clock.say();
    field.dispatchEvent(new Event("change", { bubbles: true }));
  }

  /* One reason for all that is left. */
  blanks(reason) {
    for (const answer of this.form.querySelectorAll("[data-answer]")) {
      const row = answer.closest("[data-item]");
      const has = [...answer.options].some((option) => option.value === reason);
      if (row.hidden || !has || answer.value || this.met(row.dataset.item)) continue;
      answer.value = reason;
      answer.dispatchEvent(new Event("change", { bubbles: true }));
    }
  }

  submit(event) {
    const open = this.rows().find((r) => r.matches(".is-refused:not(.is-told), .is-asked"));
    const confirmed = event.submitter && "keep" in event.submitter.dataset;
    if (open && !confirmed) {
      event.preventDefault();
      const asked = open.matches(".is-asked");
      (asked ? open.querySelector("[data-keep]") : this.target(open)).focus();
      this.draft.keep();
      this.draft.say(asked ? "asked" : "refused", Date.now(), open.dataset.label);
      return;
    }
    event.preventDefault();
    this.fields.forEach((field) => field.restoreTyped());
    this.draft.submit();
  }
}

/* 2 h 30 min, from two days on 3 d 4 h. */
function span(minutes) {
  const [days, hours] = minutes < 48 * 60 ? [0, minutes / 60] : [minutes / 1440, (minutes / 60) % 24];
  const parts = [[days, "d"], [hours, "h"], [days ? 0 : minutes % 60, "min"]];
  const whole = parts.map(([n, unit]) => [Math.floor(n), unit]).filter(([n]) => n);
  return whole.map((part) => part.join(" ")).join(" ");
}

const form = document.querySelector("form[data-entry]");
const draft = new Draft(form);
/* The hand is quicker than the drafts are found: what it types has a field at once. */
ready(form);
const found = await draft.restore();
const entry = new Entry(form, draft);
form.dataset.ready = "";
draft.mention();
if (found?.state === "waiting") draft.submit();
