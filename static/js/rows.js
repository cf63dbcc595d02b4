/* J and K move through the rows of a list; Enter opens, as on any link.

   Markup: <... data-rows> round links with data-row-link. Single keys can be turned
   off: see keys.js. */
(function () {
  "use strict";

  const FIELDS = "input, select, textarea, [contenteditable], [role=radiogroup]";
  const STEP = { j: 1, k: -1 };

  function off(event) {
    const modified = event.ctrlKey || event.metaKey || event.altKey;
    const turnedOff = document.documentElement.classList.contains("no-keys");
    return (
      modified || turnedOff || event.isComposing || event.target.closest?.(FIELDS)
    );
  }

  document.addEventListener("keydown", (event) => {
    const step = STEP[event.key.toLowerCase()];
    if (!step || event.defaultPrevented || off(event)) return;
    if (document.querySelector("dialog[open]")) return;
    const links = [...document.querySelectorAll("[data-rows] [data-row-link]")];
    if (!links.length) return;
    const here = links.indexOf(document.activeElement);
    const next = here < 0 ? (step > 0 ? 0 : links.length - 1) : here + step;
    event.preventDefault();
    links[Math.min(Math.max(next, 0), links.length - 1)].focus();
  });
})();
