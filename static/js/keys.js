/* Single-key shortcuts.

   Markup: <a data-key="e"> or <button data-key="r">: the key presses the element.
   With data-key-act="focus" the key only goes there: to the field, or to the one that
   is chosen of a group.
   The name in the list of keys is data-key-name, else the element's own words.
   A key never works inside a field or after the person has turned single keys off on
   this device (WCAG 2.1.4); with Alt it works everywhere. "?" shows the list. */
(function () {
  "use strict";

  const KEY = "monitor.keys";
  const FIELDS = "input, select, textarea, [contenteditable], [role=radiogroup]";

  function on() {
    try {
      return localStorage.getItem(KEY) !== "off";
    } catch {
      return true;
    }
  }

  function remember(wanted) {
    try {
      localStorage.setItem(KEY, wanted ? "on" : "off");
    } catch {
      /* A device that keeps nothing stays at the default. */
    }
    document.documentElement.classList.toggle("no-keys", !wanted);
  }

  function visible(element) {
    return element.getClientRects().length > 0 && !element.disabled;
  }

  function pressed(key) {
    const all = document.querySelectorAll("[data-key]");
    return [...all].find((e) => e.dataset.key.toLowerCase() === key && visible(e));
  }

  function act(element) {
    if (element.dataset.keyAct !== "focus") {
      element.focus();
      element.click();
      return;
    }
    const chosen = element.querySelector("input:checked") ?? element.querySelector("input");
    (chosen ?? element).focus();
  }

  function name(element) {
    if (element.dataset.keyName) return element.dataset.keyName;
    const copy = element.cloneNode(true);
    copy.querySelectorAll(".key").forEach((hint) => hint.remove());
    return copy.textContent.trim().replace(/\s+/g, " ");
  }

  function row(list, key, words) {
    const term = document.createElement("dt");
    const hint = document.createElement("kbd");
    const meaning = document.createElement("dd");
    hint.className = "key";
    hint.textContent = key.length === 1 ? key.toUpperCase() : key;
    meaning.textContent = words;
    term.append(hint);
    list.append(term, meaning);
  }

  function show() {
    const dialog = document.getElementById("keys");
    if (!dialog || dialog.open) return;
    const list = dialog.querySelector("[data-key-list]");
    list.replaceChildren();
    for (const element of document.querySelectorAll("[data-key]")) {
      if (visible(element)) row(list, element.dataset.key, name(element));
    }
    dialog.querySelector("[data-keys-on]").checked = on();
    dialog.showModal();
  }

  function typing(event) {
    const modified = event.ctrlKey || event.metaKey || event.altKey;
    return modified || event.isComposing || event.target.closest?.(FIELDS);
  }

  /* The key by its place: with Alt some devices write another letter. */
  function withAlt(event) {
    const other = event.ctrlKey || event.metaKey || event.shiftKey;
    if (!event.altKey || other || event.isComposing) return null;
    const key = /^(?:Key|Digit)(.)$/.exec(event.code)?.[1].toLowerCase();
    return key ? pressed(key) : null;
  }

  document.addEventListener("keydown", (event) => {
    const element = !document.querySelector("dialog[open]") && withAlt(event);
    if (!element) return;
    event.preventDefault();
    act(element);
  });

  document.addEventListener("keydown", (event) => {
    if (typing(event) || event.defaultPrevented) return;
    if (document.querySelector("dialog[open]")) return;
    if (event.key === "?") return show();
    const element = on() && pressed(event.key.toLowerCase());
    if (!element) return;
    event.preventDefault();
    act(element);
  });

  document.addEventListener("click", (event) => {
    if (event.target.closest("[data-keys-show]")) show();
  });
  document.addEventListener("change", (event) => {
    if (event.target.matches("[data-keys-on]")) remember(event.target.checked);
  });

  remember(on());
})();
