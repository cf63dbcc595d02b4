/* What was typed and not yet sent is kept on this device, for one shift at most, and
   goes when it has been stored or the person signs out (js/drafts.js). */

const HOURS = 12;

export class Draft {
  constructor(form) {
    this.form = form;
    this.key = `monitor.draft.${form.dataset.draft}`;
    this.sending = false;
    this.dirty = false;
    form.addEventListener("input", () => this.touch());
    form.addEventListener("change", () => this.touch());
    window.addEventListener("beforeunload", (event) => {
      if (this.dirty && !this.sending) event.preventDefault();
    });
    window.addEventListener("pageshow", () => (this.sending = false));
  }

  fields() {
    const skip = new Set(["csrfmiddlewaretoken"]);
    return [...new FormData(this.form)].filter(([name, v]) => !skip.has(name) && v !== "");
  }

  touch() {
    this.dirty = true;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.keep(), 300);
  }

  keep() {
    const draft = { at: Date.now(), path: location.pathname, fields: this.fields() };
    try {
      localStorage.setItem(this.key, JSON.stringify(draft));
    } catch {
      return;
    }
    this.state("draft", new Date().toTimeString().slice(0, 8));
  }

  /* A draft of this page, unless the server already sent back what was typed. */
  restore() {
    const draft = this.stored();
    if (!draft || "bound" in this.form.dataset) return false;
    for (const [name, value] of draft.fields) this.set(name, value);
    this.dirty = true;
    this.state("draft", new Date(draft.at).toTimeString().slice(0, 8));
    return true;
  }

  stored() {
    try {
      const draft = JSON.parse(localStorage.getItem(this.key));
      const fresh = draft && Date.now() - draft.at < HOURS * 3600e3;
      return fresh && draft.path === location.pathname ? draft : null;
    } catch {
      return null;
    }
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

  /* draft, waiting or sending: said in the foot bar, which is a live region. */
  state(name, time = "") {
    const place = document.querySelector("[data-save-state]");
    if (!place) return;
    const [head, rest] = (place.dataset[`${name}Words`] ?? "|").split("|");
    place.querySelector("[data-save-head]").textContent = head;
    place.querySelector("[data-save-words]").textContent = rest.replace("%s", time);
  }

  /* One press sends once. Without a connection the set waits and goes by itself. */
  submit(event, button) {
    if (this.sending) return event.preventDefault();
    this.keep();
    if (!navigator.onLine) {
      event.preventDefault();
      this.state("waiting");
      window.addEventListener("online", () => this.form.requestSubmit(button), { once: true });
      return;
    }
    this.sending = true;
    this.state("sending");
  }
}

