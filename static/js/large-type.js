/* Larger type, for a board that is read from across the room. The choice stays on the
   device; without a script the button is not there. */
(function () {
  "use strict";

  const KEY = "monitor.large-type";

  function kept() {
    try {
      return localStorage.getItem(KEY) === "on";
    } catch {
      return false;
    }
  }

  function apply(large) {
    document.documentElement.toggleAttribute("data-large-type", large);
    for (const button of document.querySelectorAll("[data-large-type-button]")) {
      button.hidden = false;
      button.setAttribute("aria-pressed", String(large));
    }
  }

  function turn() {
    const large = !document.documentElement.hasAttribute("data-large-type");
    apply(large);
    try {
      localStorage.setItem(KEY, large ? "on" : "off");
    } catch {
      return;
    }
  }

  apply(kept());
  for (const button of document.querySelectorAll("[data-large-type-button]")) {
    button.addEventListener("click", turn);
  }
})();
