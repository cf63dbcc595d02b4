/* A session that nobody works in ends. This says so two minutes before, with a button
   that keeps it open, and says plainly when it has ended. Work in any tab counts; what a
   page asks for by itself does not, and is marked so that the server knows. */
(function () {
  "use strict";

  const KEY = "monitor.work";
  const MINUTE = 60 * 1000;
  const WARN = 2 * MINUTE;
  const box = () => document.getElementById("idle");

  let limit = 0;
  let told = 0;

  function kept() {
    try {
      return Number(localStorage.getItem(KEY)) || 0;
    } catch {
      return 0;
    }
  }

  function keep(moment) {
    told = moment;
    try {
      localStorage.setItem(KEY, String(moment));
    } catch {
      /* Without storage each tab counts for itself. */
    }
  }

  function last() {
    return Math.max(told, kept());
  }

  async function stay() {
    const headers = JSON.parse(document.body.getAttribute("hx-headers"));
    const answer = await fetch(box().dataset.stay, { method: "POST", headers });
    if (answer.ok && !answer.redirected) keep(Date.now());
    show();
  }

  function worked() {
    const quiet = Date.now() - last();
    if (quiet >= MINUTE && quiet < limit - WARN) {
      told = Date.now();
      stay().catch(() => {});
    }
  }

  function show() {
    const left = limit - (Date.now() - last());
    const ended = left <= 0;
    box().hidden = left > WARN;
    box().querySelector("[data-idle-soon]").hidden = ended;
    box().querySelector("[data-idle-ended]").hidden = !ended;
    const seconds = Math.max(0, Math.ceil(left / 1000));
    const clock = `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
    box().querySelector("[data-idle-left]").textContent = clock;
  }

  document.addEventListener("htmx:configRequest", (event) => {
    if (!event.detail.triggeringEvent) event.detail.headers["X-Unattended"] = "1";
  });

  document.addEventListener("DOMContentLoaded", () => {
    if (!box()) return;
    limit = Number(box().dataset.minutes) * MINUTE;
    keep(Date.now());
    for (const kind of ["keydown", "pointerdown"]) {
      document.addEventListener(kind, worked, { passive: true });
    }
    box()
      .querySelector("[data-idle-stay]")
      .addEventListener("click", () => stay().catch(() => {}));
    setInterval(show, 1000);
  });
})();
