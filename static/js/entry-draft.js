/* What is typed on the entry page is kept on this device from the first key on, and
   leaves it for the server by one press, however often it has to be sent.

   Said in the foot bar: typed, sending and waiting in [data-save-state] (a status),
   failed in [data-save-alert] (an alert). */

import { alone, drafts, forget, keep, stored, take, user } from "./draft-store.js";
import { send, untilDone } from "./draft-send.js";

export class Draft {
  constructor(form) {
    this.form = form;
    this.keyField = form.elements.namedItem("key");
    this.dirty = this.leaving = this.waiting = false;
    form.addEventListener("input", () => this.touch());
    form.addEventListener("change", () => this.touch());
    /* A question answered is kept, too. */
    form.addEventListener("entry:next", () => this.touch());
    window.addEventListener("beforeunload", (event) => {
      if (this.dirty && !this.leaving && !this.waiting) event.preventDefault();
    });
    window.addEventListener("pagehide", () => this.timer && this.keep());
    window.addEventListener("pageshow", () => (this.leaving = false));
  }

  get key() {
    return this.keyField.value;
  }

  /* The newest draft of this page that no other tab has open, unless the server already
     sent back what was typed. Its lock, or that of a new draft, is this tab's. */
  async restore() {
    const found = "bound" in this.form.dataset ? null : await this.unclaimed();
    if (!found) {
      await take(this.key);
      return null;
    }
    const typing = document.activeElement;
    const typed = typing?.value !== typing?.defaultValue ? typing.name : null;
    for (const [name, value] of found.fields) if (name !== typed) this.set(name, value);
    this.dirty = true;
    this.say("typed", found.at);
    return found;
  }

  /* The one that the address asks for stands before the newest. */
  async unclaimed() {
    const asked = (one) => Number(location.hash === `#draft-${one.key}`);
    for (const draft of this.mine().sort((a, b) => asked(b) - asked(a))) {
      if (await take(draft.key)) return stored(draft.key);
    }
    return null;
  }

  mine() {
    const { subject } = this.form.dataset;
    return drafts().filter((one) => one.subject === subject);
  }

  /* Drafts of tabs that were closed: this page holds one, the others are named. */
  async mention() {
    const region = document.querySelector("[data-kept-sets]");
    for (const draft of this.mine().filter((one) => one.key !== this.key)) {
      if (!(await alone(draft.key, (free) => free))) continue;
      const said = region.dataset.otherWords.replace("%s", draft.label);
      const line = document.createElement("p");
      const open = document.createElement("button");
      open.type = "button";
      open.className = "btn btn-44";
      open.textContent = region.dataset.openWords;
      open.addEventListener("click", () => this.turnTo(draft.key));
      line.append(said.replace("%t", this.time(draft.at)), " ", open);
      region.append(line);
    }
  }

  turnTo(key) {
    if (this.timer) this.keep();
    this.leaving = true;
    location.hash = `draft-${key}`;
    location.reload();
  }

  set(name, value) {
    for (const element of this.form.elements) {
      if (element.name !== name) continue;
      if (element.type === "radio" || element.type === "checkbox") {
        if (element.value === value) element.checked = true;
      } else if (element.type !== "submit") {
        element.value = value;
      }
    }
  }

  touch() {
    this.dirty = true;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.keep(), 300);
  }

  keep(state = "typed") {
    clearTimeout(this.timer);
    this.timer = 0;
    if (this.waiting && state === "typed") return;
    const { subject, label, page } = this.form.dataset;
    const fields = [...new FormData(this.form)];
    const kept = {
      key: this.key,
      user: user(),
      subject,
      label,
      path: page,
      at: Date.now(),
      state,
      fields: fields.filter(([name, v]) => name !== "csrfmiddlewaretoken" && v !== ""),
    };
    this.draft = kept;
    const said = keep(kept) ? "typed" : "unkept";
    if (state === "typed") this.say(said, kept.at);
  }

  /* In the time of the site, like every other on the page. */
  time(moment) {
    const { zone } = this.form.dataset;
    return new Date(moment).toLocaleTimeString("en-GB", { timeZone: zone });
  }

  /* `asked` and `refused` are about a field, which stops the sending. */
  say(state, moment = Date.now(), field = "") {
    const failed = state in { "signed-out": 1, failed: 1 };
    const status = document.querySelector("[data-save-state]");
    const alert = document.querySelector("[data-save-alert]");
    const [head, rest = ""] = (status.dataset[words(state)] ?? "").split("|");
    const place = failed ? alert : status;
    for (const one of [status, alert]) one.hidden = one !== place;
    place.dataset.state = state;
    place.querySelector("[data-save-head]").textContent = head;
    place.querySelector("[data-save-words]").textContent =
      ` ${rest.replace("%s", this.time(moment)).replace("%field", field)}`;
    if (failed) this.offer(alert, state);
  }

  /* One button: sign in, after which the set goes by itself; or try again. */
  offer(alert, state) {
    const signIn = alert.querySelector("[data-sign-in]");
    const retry = alert.querySelector("[data-try-again]");
    signIn.hidden = state !== "signed-out";
    signIn.href = `/login/?next=${encodeURIComponent(this.form.dataset.page)}`;
    signIn.onclick = () => (this.leaving = true);
    retry.hidden = state === "signed-out";
    retry.onclick = () => this.submit();
  }

  /* One press sends once. While no answer comes, what was sent cannot be changed: the
     server may have it. */
  async submit() {
    if (this.leaving || this.waiting) return;
    this.keep("waiting");
    this.waiting = true;
    this.form.inert = true;
    this.say("sending");
    if (!(await this.attempt())) {
      this.say("waiting");
      untilDone(() => this.attempt());
    }
  }

  /* True when there is nothing more to try. */
  async attempt() {
    const answer = await send(this.draft);
    if (answer.outcome === "unreachable") return false;
    if (answer.outcome === "saved") {
      forget(this.key);
      this.leaving = true;
      location.assign(answer.url);
      return true;
    }
    this.waiting = this.form.inert = false;
    if (answer.outcome !== "signed-out") this.keep();
    if (answer.outcome !== "refused") this.say(answer.outcome);
    else this.complain();
    return true;
  }

  /* The server's sentences come with the page that it sends back. */
  complain() {
    this.leaving = true;
    this.form.submit();
  }
}

const words = (state) => `${state.replace("-o", "O")}Words`;
