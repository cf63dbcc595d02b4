/* One typed value, as the person types it: what was understood, how it changed, which
   line it passes, whether it can be. The server judges again; this only says it sooner. */

import { Limits } from "./entry-limits.js";
import { beyond, number, readPair } from "./entry-read.js";
import { icon, words } from "./entry-words.js";

const SIGNS = ["", "<", ">"];
const MINUS = "\u2212";

export class Field {
  constructor(root) {
    this.root = root;
    this.name = root.dataset.item;
    this.kind = root.dataset.kind;
    this.decimals = Number(root.dataset.decimals || 0);
    this.limits = new Limits(JSON.parse(root.dataset.limits || "{}"));
    this.input = root.querySelector(".field-input");
    this.unit = root.querySelector("select.field-unit");
    this.kept = root.querySelector("[data-kept]");
    this.answer = root.querySelector("[data-answer]");
    this.typed = this.input.value;
    this.input.addEventListener("input", () => this.retype());
    this.input.addEventListener("change", () => this.settle());
    this.unit?.addEventListener("change", () => this.settle());
    this.answer?.addEventListener("change", () => this.answered());
    root.querySelector("[data-keep]")?.addEventListener("click", (e) => this.keep(e));
    root.querySelector("[data-mend]")?.addEventListener("click", (e) => this.mend(e));
    root.querySelector("[data-beyond]")?.addEventListener("click", () => this.sign());
    if (this.input.value) this.begin();
    if (this.answer?.value) this.answered();
  }

  /* What the server said and this file cannot know stands until the value is changed. */
  begin() {
    const errors = [...this.root.querySelectorAll("[data-error]")].map((e) => e.textContent.trim());
    const question = this.root.querySelector("[data-question-words]").textContent.trim();
    const asked = this.asking && question;
    this.settle();
    if (this.root.matches(".is-refused, .is-asked")) return;
    this.root.classList.toggle("is-told", Boolean(errors.length || asked));
    if (errors.length) return this.refuse(errors[0]);
    if (asked) this.pose(question, this.input.value);
  }

  get empty() {
    return this.input.value.trim() === "";
  }

  get complete() {
    return !this.empty && !this.root.classList.contains("is-refused");
  }

  /* Refused here, and not by the server for what may stand in another row. */
  get stuck() {
    return this.root.matches(".is-refused:not(.is-told)");
  }

  get asking() {
    return this.root.classList.contains("is-asked");
  }

  /* The code of the unit that is chosen, where there is a choice. */
  get code() {
    return this.unit?.value;
  }

  /* While typing nothing is judged; what was said about the old value goes. */
  retype() {
    this.typed = this.input.value;
    this.kept.value = "";
    this.root.classList.remove("is-refused", "is-told");
    this.unask();
    this.say({});
    this.offer(null, null);
    if (!this.empty && this.answer?.value) this.clearAnswer();
  }

  /* On leaving the field: read, echo, compare. */
  settle() {
    if (this.empty) {
      this.unask();
      return this.say({});
    }
    this.root.classList.remove("is-told");
    this.turn();
    const read = this.kind === "pair" ? readPair(this.typed) : this.limits.read(this.typed, this.code);
    if (!read) {
      this.note("");
      return this.refuse(words(this.kind === "pair" ? "notPressure" : "notNumber"));
    }
    this.input.value = read.shown;
    this.note(read.shown === this.typed.trim() ? "" : words("typed", { typed: this.typed.trim() }));
    if (read.crossed || read.values.some((v) => this.limits.impossible(v))) {
      this.refuse(read.crossed ? words("crossed") : this.limits.hard_words || words("hard"));
      return this.offer(read, this.limits.otherUnit(read, this.code, () => true));
    }
    if (this.limits.whole && !Number.isInteger(read.first)) {
      return this.refuse(this.limits.whole.replace("%typed", read.shown));
    }
    this.root.classList.remove("is-refused");
    this.say(this.remarks(read));
    this.ask(read);
  }

  /* A unit that was typed behind the value is chosen, and seen to be. */
  turn() {
    const other = this.unit && this.limits.spoken(this.typed, this.code);
    if (other) this.unit.value = other;
  }

  /* The same value in the other units, and the mean pressure: nobody computes at a bed. */
  echoes(read) {
    if (read.alone) return words("systolicAlone");
    if (this.kind === "pair") return `MAP ${Math.round((read.first + 2 * read.foot) / 3)}`;
    return this.limits.others(read, this.code).join(" · ");
  }

  /* The value before the one in hand: of a late entry, what came after is none. */
  last() {
    const after = this.observed && this.root.dataset.lastLocal > this.observed;
    if (after) return null;
    const { last: shown, lastNumber } = this.root.dataset;
    const last = number((lastNumber || shown || "").split("/")[0]);
    return Number.isNaN(last) ? null : last;
  }

  remarks(read) {
    const before = this.last();
    const { factor = 1 } = this.limits.units[this.code] ?? {};
    const change = before === null ? null : (read.first - before) / factor;
    const past = this.limits.passed(read.first) || this.pastRange(read.first);
    return { change, echo: this.echoes(read), past };
  }

  /* The reference range of the laboratory that is chosen, or of the participant. */
  range() {
    return this.limits.range(document.querySelector("[data-laboratory]")?.value ?? "");
  }

  sayRange() {
    const place = this.root.querySelector("[data-range]");
    if (!place) return;
    place.textContent = this.range().words ?? "";
    place.parentElement.hidden = place.textContent === "";
    if (!this.empty && !this.asking) this.settle();
  }

  pastRange(value) {
    const { low, high, words: range } = this.range();
    if (low != null && value < low) return words("belowRange", { range });
    return high != null && value > high ? words("aboveRange", { range }) : "";
  }

  say({ change = null, echo = "", past = "", error = "" }) {
    const arrow = this.root.querySelector("[data-change]");
    const remark = this.root.querySelector("[data-remark]");
    arrow.replaceChildren(...this.changeMarks(change));
    remark.replaceChildren();
    if (echo) remark.append(past ? `${echo} · ` : echo);
    if (past) remark.append(this.mark("field-past", "past", past));
    this.root.querySelectorAll("[data-error]").forEach((old) => old.remove());
    if (error) {
      const said = this.mark("field-error", "cross", error);
      said.dataset.error = "";
      remark.append(said);
    }
    this.input.toggleAttribute("aria-invalid", Boolean(error));
    if (this.empty) this.note("");
  }

  changeMarks(change) {
    if (change === null) return [];
    const decimals = this.limits.units[this.code]?.decimals ?? this.decimals;
    const rounded = Number(change.toFixed(decimals));
    if (rounded === 0) return [icon("same")];
    const sign = rounded > 0 ? "+" : MINUS;
    const size = Math.abs(rounded).toFixed(decimals);
    return [icon(rounded > 0 ? "up" : "down"), `${sign}${size}`];
  }

  mark(classes, name, text) {
    const span = document.createElement("span");
    span.className = classes;
    span.append(icon(name), text);
    return span;
  }

  note(text) {
    const note = this.root.querySelector("[data-note]");
    note.textContent = text || note.dataset.words;
  }

  refuse(why) {
    this.root.classList.add("is-refused");
    this.unask();
    this.say({ error: why });
    this.announce();
  }

  /* A question is about one value and goes with it. */
  unask() {
    this.root.classList.remove("is-asked");
    this.root.querySelector("[data-question]").hidden = true;
  }

  /* The soft check: asked once for a value; a yes is stored with it. */
  ask(read) {
    const known = this.kept.value === this.input.value;
    const asked = this.question(read);
    const nearer = this.limits.nearerTo(read, this.last());
    const other = asked && !known ? this.limits.otherUnit(read, this.code, nearer) : null;
    const question = other ? `${asked} ${words("otherUnit", { other: other[1].label })}` : asked;
    this.offer(read, other);
    if (question && !known) return this.pose(question, read.shown);
    this.unask();
    this.announce();
  }

  pose(question, shown) {
    const bar = this.root.querySelector("[data-question]");
    this.root.classList.add("is-asked");
    bar.hidden = false;
    const [first, ...rest] = question.split(/(?<=\.) /);
    const strong = document.createElement("b");
    strong.textContent = first;
    bar.querySelector("[data-question-words]").replaceChildren(strong, ` ${rest.join(" ")}`);
    const keep = bar.querySelector("[data-keep]");
    keep.textContent = keep.dataset.words.replace("%s", shown);
    keep.value = shown;
    keep.focus();
    this.announce();
  }

  offer(read, other) {
    const place = this.root.querySelector("[data-unit-choice]");
    if (!place) return;
    place.replaceChildren();
    place.hidden = !other;
    if (!other) return;
    const [code, { label }] = other;
    const choice = document.createElement("button");
    choice.type = "button";
    choice.className = "btn btn-44";
    choice.textContent = words("chooseUnit", { typed: read.shown, other: label });
    choice.addEventListener("click", () => this.choose(code));
    if (this.root.classList.contains("is-refused")) {
      place.append(words("otherUnit", { other: label }));
    }
    place.append(choice);
  }

  choose(code) {
    this.unit.value = code;
    this.unit.dispatchEvent(new Event("change", { bubbles: true }));
    this.input.focus();
  }

  question(read) {
    const before = this.last();
    const chosen = this.code && this.unit.selectedOptions[0].text;
    const elsewhere = chosen && chosen !== this.root.dataset.unit;
    const gaps = {
      value: elsewhere ? `${read.shown} ${chosen}` : read.shown,
      unit: this.root.dataset.unit,
      before: this.root.dataset.last,
      time: this.root.dataset.lastWords,
      participant: this.root.closest("form").dataset.participant ?? "",
    };
    if (this.limits.jumped(read.first, before)) {
      const difference = read.first - before;
      const change = Math.abs(difference).toFixed(this.decimals);
      return words(difference > 0 ? "jumpUp" : "jumpDown", { ...gaps, change });
    }
    if (elsewhere) gaps.unit = "";
    return this.limits.usual(read.values[0]) ? "" : words("unusual", gaps);
  }

  /* A pad of digits has no such key: none, below, above, in turn. */
  sign() {
    const [sign, rest] = beyond(this.input.value);
    this.input.value = `${SIGNS[(SIGNS.indexOf(sign) + 1) % SIGNS.length]}${rest}`;
    this.input.dispatchEvent(new Event("input", { bubbles: true }));
    this.input.focus();
  }

  keep(event) {
    event.preventDefault();
    this.kept.value = this.input.value;
    this.unask();
    this.announce();
    this.root.dispatchEvent(new CustomEvent("entry:next", { bubbles: true }));
  }

  mend(event) {
    event.preventDefault();
    this.unask();
    this.input.focus();
    this.input.select();
  }

  /* Not done, or tried and unrecordable: no value, and its reason in its place. */
  answered() {
    const chosen = this.answer.selectedOptions[0];
    const unrecordable = this.answer.value === "unrecordable";
    this.root.classList.toggle("is-answered", Boolean(this.answer.value));
    this.root.classList.toggle("is-unrecordable", unrecordable);
    const text = unrecordable ? chosen.text : words("notDone", { reason: chosen.text });
    const place = this.root.querySelector("[data-answer-words]");
    place.textContent = this.answer.value ? text.toLowerCase() : "";
    if (!this.answer.value) return this.announce();
    this.input.value = this.typed = "";
    this.root.classList.remove("is-refused", "is-told");
    this.unask();
    this.say({ past: unrecordable ? words("unrecordable") : "" });
    this.announce();
  }

  clearAnswer() {
    this.answer.value = "";
    this.answered();
  }

  /* What is sent is what was typed: the server reads it for itself. */
  restoreTyped() {
    if (this.typed.trim()) this.input.value = this.typed;
  }

  announce() {
    this.root.dispatchEvent(new CustomEvent("entry:changed", { bubbles: true }));
  }
}
