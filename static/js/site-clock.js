/* The time of the site by the clock of the server, whatever the device thinks it is.

   <... data-zone="America/New_York" data-now="2026-11-19T14:30:00-05:00"> */

const HOUR = 3600e3;
/* As the server reads a time: one without its day was last night's within these hours,
   one without its year is of this year unless it lies so many days ahead. */
const SHIFT = 12 * HOUR;
const AHEAD = 31 * 24 * HOUR;
const MONTHS = "jan feb mar apr may jun jul aug sep oct nov dec".split(" ");

/* Between two times as the wall shows them, in milliseconds. */
export const since = (from, to) => Date.parse(`${to}Z`) - Date.parse(`${from}Z`);

export class SiteClock {
  constructor({ dataset }) {
    this.timeZone = dataset.zone || undefined;
    this.served = Date.parse(dataset.now);
    this.loaded = Date.now();
  }

  /* How long ago the page was made, in milliseconds. */
  age() {
    return Date.now() - this.loaded;
  }

  now() {
    return this.served + this.age();
  }

  /* As the server writes it, 19 Nov 14:22; with the offset while a time comes twice. */
  say(moment = this.now()) {
    const twice = [moment - HOUR, moment + HOUR].some((one) => this.wall(one) === this.wall(moment));
    return twice ? `${this.wall(moment)} ${this.offset(moment)}` : this.wall(moment);
  }

  wall(moment) {
    const format = { timeZone: this.timeZone, hourCycle: "h23" };
    const day = { ...format, day: "numeric", month: "short" };
    const time = { ...format, hour: "2-digit", minute: "2-digit" };
    const said = new Date(moment);
    return `${said.toLocaleDateString("en-GB", day)} ${said.toLocaleTimeString("en-GB", time)}`;
  }

  /* 2026-11-19T14:22, as the clock on the wall shows it: two of them can be compared. */
  local(moment = this.now()) {
    return new Date(moment).toLocaleString("sv-SE", { timeZone: this.timeZone }).slice(0, 16).replace(" ", "T");
  }

  /* What was typed as 14:22 or 19 Nov 14:22, in that form; null for what only the
     server can read. */
  read(typed) {
    const parts = /^\s*(?:(\d{1,2}) ([a-z]{3}) )?(\d{1,2}):?(\d{2})\s*$/i.exec(typed);
    if (!parts) return null;
    const [, day, word, hour, minute] = parts;
    const here = this.local();
    const time = `T${hour.padStart(2, "0")}:${minute}`;
    if (!day) {
      const today = here.slice(0, 10) + time;
      const before = this.local(this.now() - 24 * HOUR).slice(0, 10) + time;
      return today > here && since(before, here) <= SHIFT ? before : today;
    }
    const month = MONTHS.indexOf(word.toLowerCase()) + 1;
    if (!month) return null;
    const date = `-${String(month).padStart(2, "0")}-${day.padStart(2, "0")}${time}`;
    const year = Number(here.slice(0, 4));
    const soon = since(here, `${year}${date}`) <= AHEAD;
    return soon ? `${year}${date}` : `${year - 1}${date}`;
  }

  /* As the head of a page writes it, Thu 19 Nov 2026, 14:22. */
  bar(moment = this.now()) {
    const day = { weekday: "short", day: "numeric", month: "short", year: "numeric" };
    const time = { hour: "2-digit", minute: "2-digit", hourCycle: "h23" };
    const words = new Intl.DateTimeFormat("en-US", { timeZone: this.timeZone, ...day, ...time });
    const said = Object.fromEntries(words.formatToParts(moment).map((p) => [p.type, p.value]));
    return `${said.weekday} ${said.day} ${said.month} ${said.year}, ${said.hour}:${said.minute}`;
  }

  offset(moment) {
    const named = { timeZone: this.timeZone, timeZoneName: "longOffset" };
    const parts = new Intl.DateTimeFormat("en-GB", named).formatToParts(moment);
    const name = parts.find((part) => part.type === "timeZoneName").value;
    return name.replace("GMT", "") || "+00:00";
  }
}
