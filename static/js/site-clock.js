/* The time of the site by the clock of the server, whatever the device thinks it is.

   <... data-zone="America/New_York" data-now="2026-11-19T14:30:00-05:00"> */

const HOUR = 3600e3;

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

  offset(moment) {
    const named = { timeZone: this.timeZone, timeZoneName: "longOffset" };
    const parts = new Intl.DateTimeFormat("en-GB", named).formatToParts(moment);
    const name = parts.find((part) => part.type === "timeZoneName").value;
    return name.replace("GMT", "") || "+00:00";
  }
}
