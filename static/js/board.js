/* The board stays true by itself: every 30 s htmx puts fresh rows into #board. Focus,
   scroll and open details stay where they were; a level that rose is said once; and as
   long as the server does not answer, #board-lost says so. */
(function () {
  "use strict";

  const LEVELS = ["clear", "unknown", "watch", "not_assessed", "warning", "critical"];
  let before = null;

  const board = () => document.getElementById("board");
  const isBoard = (event) => event.detail.target?.id === "board";

  function levels() {
    const rows = [...board().querySelectorAll("[data-row]")];
    const of = (row) => LEVELS.find((level) => row.classList.contains(`is-${level}`));
    return new Map(rows.map((row) => [row.dataset.row, of(row)]));
  }

  function remember(event) {
    if (!isBoard(event)) return;
    const focused = board().contains(document.activeElement);
    before = {
      focus: focused ? document.activeElement.id : "",
      open: [...board().querySelectorAll("details[open][id]")].map((d) => d.id),
      levels: levels(),
      scroll: window.scrollY,
    };
  }

  function restore(event) {
    if (!isBoard(event) || !before) return;
    for (const id of before.open) {
      const details = document.getElementById(id);
      if (details) details.open = true;
    }
    if (before.focus) {
      document.getElementById(before.focus)?.focus({ preventScroll: true });
    }
    window.scrollTo({ top: before.scroll, behavior: "instant" });
    tell(before.levels);
    before = null;
  }

  /* What rose is said: politely, and at once for critical. */
  function tell(old) {
    const risen = { status: [], alert: [] };
    for (const [code, level] of levels()) {
      if (!old.has(code)) continue;
      if (LEVELS.indexOf(level) <= LEVELS.indexOf(old.get(code))) continue;
      const pill = board().querySelector(`[data-row="${CSS.escape(code)}"] .pill`);
      const region = level === "critical" ? "alert" : "status";
      risen[region].push(`${code}: ${pill?.textContent.trim() ?? level}`);
    }
    for (const [region, words] of Object.entries(risen)) {
      if (words.length) document.getElementById(region).textContent = words.join(". ");
    }
  }

  function answered(event) {
    const lost = document.getElementById("board-lost");
    if (lost && event.detail.elt?.id === "board") lost.hidden = event.detail.successful;
  }

  document.addEventListener("htmx:beforeSwap", remember);
  document.addEventListener("htmx:afterSwap", restore);
  document.addEventListener("htmx:afterRequest", answered);
})();
