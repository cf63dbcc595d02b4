/* The clock in the head of every page goes on: a page on a wall stays open for days. */

import { SiteClock } from "./site-clock.js";

const shown = document.getElementById("clock");

if (shown) {
  const site = new SiteClock(shown);
  const [time, offset] = shown.children;
  const put = (part, words) => {
    if (part.textContent !== words) part.textContent = words;
  };
  const tick = () => {
    put(time, site.bar());
    put(offset, site.offset(site.now()).replace("-", "\u2212"));
    shown.dateTime = new Date(site.now()).toISOString();
  };
  setInterval(tick, 1000);
  document.addEventListener("visibilitychange", tick);
}
