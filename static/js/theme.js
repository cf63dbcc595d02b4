/* The person's choice of theme, or the device's. Loaded before the page is drawn,
   so that a dark room never sees a white flash. */
(function () {
  "use strict";

  const KEY = "monitor.theme";
  const CHOICES = ["device", "light", "dark"];
  const night = window.matchMedia("(prefers-color-scheme: dark)");

  function chosen() {
    try {
      const kept = localStorage.getItem(KEY);
      return CHOICES.includes(kept) ? kept : "device";
    } catch {
      return "device";
    }
  }

  function apply() {
    const choice = chosen();
    const dark = choice === "device" ? night.matches : choice === "dark";
    document.documentElement.dataset.bsTheme = dark ? "dark" : "light";
    document.dispatchEvent(new CustomEvent("monitor:theme"));
  }

  function label(button) {
    const words = button.dataset.words.split("|");
    const word = words[CHOICES.indexOf(chosen())];
    button.querySelector("[data-theme-word]").textContent = word;
    button.title = word;
  }

  function next(button) {
    const choice = CHOICES[(CHOICES.indexOf(chosen()) + 1) % CHOICES.length];
    try {
      localStorage.setItem(KEY, choice);
    } catch {
      return;
    }
    apply();
    label(button);
  }

  apply();
  night.addEventListener("change", apply);
  document.addEventListener("DOMContentLoaded", () => {
    for (const button of document.querySelectorAll("[data-theme-button]")) {
      button.hidden = false;
      label(button);
      button.addEventListener("click", () => next(button));
    }
  });
})();
