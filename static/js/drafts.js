/* Drafts kept on this device go when what they hold has been stored
   (<... data-clear-draft="02-014.set">), when the person signs out, and after a shift. */
(function () {
  "use strict";

  const PREFIX = "monitor.draft.";
  const SHIFT = 12 * 3600e3;

  function drafts() {
    return Object.keys(localStorage).filter((key) => key.startsWith(PREFIX));
  }

  function old(key) {
    try {
      return Date.now() - JSON.parse(localStorage.getItem(key)).at > SHIFT;
    } catch {
      return true;
    }
  }

  document.addEventListener("submit", (event) => {
    if (!event.target.matches("[data-sign-out]")) return;
    drafts().forEach((key) => localStorage.removeItem(key));
  });

  drafts().filter(old).forEach((key) => localStorage.removeItem(key));
  for (const done of document.querySelectorAll("[data-clear-draft]")) {
    localStorage.removeItem(PREFIX + done.dataset.clearDraft);
  }
})();
