/* Time on the chart: everything is in seconds since 1970, said in the site's zone. */

export const HOUR = 3600;
const DAY = 24 * HOUR;
const STEPS = [0.25, 0.5, 1, 2, 3, 6, 12, 24, 48, 96, 168].map((h) => h * HOUR);

export function seconds(iso) {
  return iso ? Date.parse(iso) / 1000 : null;
}

export class Zone {
  constructor(name) {
    const language = document.documentElement.lang || "en-US";
    const options = { timeZone: name, hourCycle: "h23" };
    this.fields = new Intl.DateTimeFormat("en-US", {
      ...options,
      year: "numeric",
      month: "numeric",
      day: "numeric",
      hour: "numeric",
      minute: "numeric",
      second: "numeric",
    });
    this.words = new Intl.DateTimeFormat(language, {
      ...options,
      weekday: "short",
      day: "numeric",
      month: "short",
    });
    this.offsets = new Map();
  }

  /* Seconds east of UTC at t; asked once per quarter of an hour. */
  offset(t) {
    const quarter = Math.floor(t / 900);
    if (!this.offsets.has(quarter)) this.offsets.set(quarter, this.measure(quarter));
    return this.offsets.get(quarter);
  }

  measure(quarter) {
    const at = quarter * 900;
    const part = {};
    for (const { type, value } of this.fields.formatToParts(at * 1000)) {
      part[type] = Number(value);
    }
    const { year, month, day, hour, minute, second } = part;
    return Date.UTC(year, month - 1, day, hour, minute, second) / 1000 - at;
  }

  local(t) {
    return t + this.offset(t);
  }

  fromLocal(local) {
    const guess = local - this.offset(local);
    return local - this.offset(guess);
  }

  clock(t) {
    const minutes = Math.floor(this.local(t) / 60);
    const two = (n) => String(n).padStart(2, "0");
    return `${two(Math.floor(minutes / 60) % 24)}:${two(minutes % 60)}`;
  }

  /* "Thu 19 Nov", in this order in every language that has these parts. */
  day(t) {
    const part = {};
    for (const { type, value } of this.words.formatToParts(t * 1000)) {
      part[type] = value;
    }
    return `${part.weekday} ${part.day} ${part.month}`;
  }

  midnights(from, to) {
    return this.multiples(from, to, DAY);
  }

  /* Moments in [from, to] whose local time is a multiple of `step`. */
  multiples(from, to, step) {
    const found = [];
    let local = Math.ceil(this.local(from) / step) * step;
    for (let t = this.fromLocal(local); t <= to; t = this.fromLocal(local)) {
      found.push(t);
      local += step;
    }
    return found;
  }
}

/* The hour ticks that fit into `width` pixels, about 64 apart. */
export function hourTicks(zone, from, to, width) {
  const wanted = (64 * (to - from)) / Math.max(width, 1);
  const step = STEPS.find((s) => s >= wanted) ?? STEPS.at(-1);
  return { step, ticks: zone.multiples(from, to, step) };
}

/* Pixels kept free at the right for the names of the lines, so that they cover no value,
   and for what is due next. */
const ROOM = 76;

/* Where a range button begins and ends, on a plot `width` pixels wide. */
export function rangeOf(name, data, width) {
  const starts = {
    "6h": data.now - 6 * HOUR,
    "24h": data.now - 24 * HOUR,
    doses: beforeLastDoses(data, 2),
    episode: beforeEpisode(data),
    cycle: data.cycleFrom,
    all: data.first - HOUR / 2,
  };
  const from = starts[name] ?? starts.doses;
  const share = ROOM / Math.max(width - ROOM, 2 * ROOM);
  const over = name === "episode" ? overAt(data) : data.now;
  const room = Math.max((over - from) * share, HOUR / 4);
  const due = data.recheck ? data.recheck + HOUR / 12 : 0;
  const soon = due - data.now < 2 * HOUR ? due : 0;
  return { from, to: over < data.now ? over + room : Math.max(over + room, soon) };
}

/* From the dose before it began: what an episode is read against. A dose of days before
   would leave the episode no room. */
function beforeEpisode(data) {
  const begun = data.grades[0]?.from;
  if (begun == null) return beforeLastDoses(data, 2);
  const before = data.doses.filter(({ at, state }) => state === "given" && at <= begun);
  return Math.max(before.at(-1)?.at ?? begun, begun - 24 * HOUR) - HOUR;
}

function overAt(data) {
  const end = data.grades.at(-1)?.to;
  return end == null ? data.now : Math.min(end + 6 * HOUR, data.now);
}

function beforeLastDoses(data, count) {
  const given = data.doses.filter((dose) => dose.state === "given");
  const dose = given.at(-count) ?? given[0];
  return dose ? dose.at - HOUR : data.now - 24 * HOUR;
}
