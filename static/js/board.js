/* The board stays true by itself: every 30 s htmx puts fresh rows into #board. Focus,
   scroll and open details stay where they were; a level that rose is said once; and from
   the first answer that is missing or is no board, #board-lost says since when the rows
   are old. The clock below says so too when nothing was asked at all. */
(function () {
  "use strict";

  const OLD = 75e3; // Two refreshes and a half: something is wrong that nobody reported.
  const LEVELS = ["clear", "unknown", "watch", "not_assessed", "warning", "critical"];
  let before = null;

  const board = () => document.getElementById("board");
  const isBoard = (event) => event.detail.target?.id === "board";

  function levels() {
    const rows = [...board().querySelectorAll("[data-row]")];
    const of = (row) => LEVELS.find((level) => row.classList.contains(`is-${level}`));
    return new Map(rows.map((row) => [row.dataset.row, of(row)]));
  }

  const saying = () => board().querySelector("[data-answered]");
  let came = Date.now();

  function fresh() {
    came = Date.now();
    const line = document.getElementById("board-updated");
    line.textContent = line.dataset.words.replace("%s", saying().dataset.answered);
    line.hidden = false;
    document.getElementById("board-lost").hidden = true;
  }

  function lose() {
    const lost = document.getElementById("board-lost");
    if (!lost.hidden) return; // Said once, not every half minute.
    const since = saying().dataset.answeredDay;
    lost.textContent = lost.dataset.words.replace("%s", since);
    lost.hidden = false;
    document.getElementById("board-updated").hidden = true;
  }

  function watch() {
    if (Date.now() - came > OLD) lose();
  }

  function remember(event) {
    if (!isBoard(event)) return;
    if (!event.detail.shouldSwap) return;
    if (!event.detail.serverResponse.includes("data-answered")) {
      event.detail.shouldSwap = false; // Somebody else's page: of a proxy, of a hotel.
      lose();
      return;
    }
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
    fresh();
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
    if (event.detail.elt?.id === "board" && !event.detail.successful) lose();
  }

  document.addEventListener("htmx:beforeSwap", remember);
  document.addEventListener("htmx:afterSwap", restore);
  document.addEventListener("htmx:afterRequest", answered);
  document.addEventListener("visibilitychange", watch);
  setInterval(watch, 5e3);
})();
