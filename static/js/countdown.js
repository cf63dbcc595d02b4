/* A clock that runs down to a re-check: <span data-countdown="ISO">7:54</span>.

   The server writes the first text, so it reads right without a script. Past zero it
   says how late it is; that change of meaning is told once, to screen readers too.
   data-late: the words before it ("late"). data-now: the server's present, so that a
   device with a wrong clock still counts rightly. */
(function () {
  "use strict";

  const started = performance.now();

  function present(element) {
    const given = Date.parse(element.dataset.now || "");
    if (Number.isNaN(given)) return Date.now();
    return given + (performance.now() - (element.seenAt ??= started));
  }

  function words(seconds) {
    const whole = Math.abs(Math.trunc(seconds));
    const two = (n) => String(n).padStart(2, "0");
    const [h, m, s] = [whole / 3600, (whole / 60) % 60, whole % 60].map(Math.trunc);
    return h ? `${h}:${two(m)}:${two(s)}` : `${m}:${two(s)}`;
  }

  function tell(element) {
    const region = document.getElementById("alert");
    if (region && element.dataset.lateWords) {
      region.textContent = element.dataset.lateWords;
    }
  }

  function tick(element) {
    const left = (Date.parse(element.dataset.countdown) - present(element)) / 1000;
    const late = left < 0;
    if (late && element.dataset.state === "running") tell(element);
    element.dataset.state = late ? "late" : "running";
    element.classList.toggle("late", late);
    element.textContent = words(left);
    const unit = element.parentElement?.querySelector("[data-countdown-unit]");
    if (unit) unit.textContent = late ? unit.dataset.late : unit.dataset.left;
  }

  function all() {
    document.querySelectorAll("[data-countdown]").forEach(tick);
  }

  document.addEventListener("DOMContentLoaded", () => {
    all();
    setInterval(all, 1000);
  });
  document.addEventListener("htmx:load", (event) => {
    for (const fresh of event.target.querySelectorAll?.("[data-countdown]") ?? []) {
      fresh.seenAt ??= performance.now();
      tick(fresh);
    }
  });
})();
