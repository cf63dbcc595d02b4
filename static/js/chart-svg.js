/* What lies under and over the panels: axis, strips, threshold lines, hatched missed
   sets, dose and onset lines. Colors are classes of chart.css, so a change of theme
   needs no redrawing here. */

import { HOUR } from "./chart-time.js";

const NS = "http://www.w3.org/2000/svg";

export function node(name, attributes = {}, text = "") {
  const element = document.createElementNS(NS, name);
  for (const [key, value] of Object.entries(attributes)) {
    if (value !== undefined && value !== null) element.setAttribute(key, value);
  }
  if (text !== "") element.textContent = text;
  return element;
}

/* The width of a letter, near enough to know what fits. */
const LABEL_PX = 7;

const px = (n) => Math.round(n * 10) / 10;

/* Stripes at 135 degrees, as in the level "unknown". */
export function hatch(id) {
  const pattern = node("pattern", {
    id,
    width: 6,
    height: 6,
    patternUnits: "userSpaceOnUse",
    patternTransform: "rotate(45)",
  });
  pattern.append(
    node("rect", { width: 6, height: 6, class: "chart-hatch-bg" }),
    node("rect", { width: 2, height: 6, class: "chart-hatch-stripe" }),
  );
  return pattern;
}

/* As much as there is room for: the whole, its short form, else its beginning with an
   ellipsis; of fewer than four letters nothing, for the title and the table say it. */
const FEWEST = 4;

export function fitting(words, short, room) {
  const letters = Math.floor(room / LABEL_PX);
  if (words.length <= letters) return words;
  if (short) return short.length <= letters ? short : "";
  return letters > FEWEST ? `${words.slice(0, letters - 1).trimEnd()}…` : "";
}

/* A box with as much of its words as it has room for. */
export function box(x, y, width, height, classes, { words, short = "" }) {
  const group = node("g");
  const rect = { x: px(x), y, width: px(Math.max(width, 1)), height, rx: 2 };
  group.append(node("rect", { ...rect, class: classes }));
  const said = fitting(words, short, width - 6);
  if (said) {
    const clip = node("svg", { x: px(x), y, width: px(width), height });
    const at = { x: 5, y: height / 2 + 4, class: `chart-small ${classes}-text` };
    clip.append(node("text", at, said));
    group.append(clip);
  }
  group.append(node("title", {}, words));
  return group;
}

export function text(x, y, words, classes, anchor = "start") {
  return node("text", { x: px(x), y: px(y), class: classes, "text-anchor": anchor }, words);
}

export function line(x1, y1, x2, y2, classes) {
  return node("line", { x1: px(x1), y1: px(y1), x2: px(x2), y2: px(y2), class: classes });
}

/* Day headings and hours on top, and the vertical hairlines. */
export function axis(view) {
  const group = node("g");
  const { step, ticks } = view.ticks;
  if (step < 24 * 3600) {
    for (const t of ticks) {
      group.append(text(view.x(t), 38, view.zone.clock(t), "chart-tick", "middle"));
    }
  }
  let free = -Infinity;
  for (const { at, words } of headings(view)) {
    const x = Math.max(view.x(at), view.left);
    if (x < free || x + LABEL_PX * words.length > view.width) continue;
    group.append(text(x, 16, words, "chart-day"));
    free = x + LABEL_PX * words.length + 12;
  }
  return group;
}

function headings(view) {
  const midnights = view.zone.midnights(view.from, view.to);
  const starts = [view.from, ...midnights];
  const first = midnights[0];
  if (first !== undefined && view.x(first) - view.left < 150) starts.shift();
  return starts.map((at) => ({ at, words: heading(view, at) }));
}

function heading(view, at) {
  const local = Math.floor(view.zone.local(at) / 86400);
  const same = (day) => Math.floor(view.zone.local(day.at) / 86400) === local;
  const known = view.data.days.find(same);
  const label = known?.label ?? view.zone.day(at);
  return known?.cycle_day ? `${label} · ${known.cycle_day}` : label;
}

export function gradeStrip(view, y) {
  const group = node("g");
  for (const grade of view.inView(view.data.grades)) {
    const [from, end] = view.span(grade);
    // The grade in force reaches past the present, so that its number can be read.
    const to = grade.to === null ? Math.min(Math.max(end, from + 28), view.right) : end;
    const classes = `chart-${grade.held ? "held" : "level"}-${grade.level}`;
    const said = { words: grade.text, short: grade.short };
    group.append(box(from, y, to - from, 18, classes, said));
  }
  return group;
}

export function doseStrip(view, y) {
  const group = node("g");
  const doses = view.data.doses.filter((d) => d.at >= view.from && d.at <= view.to);
  doses.forEach((dose, i) => {
    const x = view.x(dose.at);
    const next = doses[i + 1] ? view.x(doses[i + 1].at) : view.right;
    group.append(doseMark(x, y, dose));
    const room = (next - x - 16) / LABEL_PX;
    const short = dose.label.split(" · ")[0];
    const words = dose.label.length <= room ? dose.label : short.length <= room ? short : "";
    if (words) group.append(text(x + 8, y + 13, words, `chart-dose-${dose.state}`));
  });
  return group;
}

function doseMark(x, y, dose) {
  const mark = node("g");
  const shape =
    dose.state === "omitted"
      ? `M${px(x - 4)} ${y + 4}l8 8m0 -8l-8 8`
      : `M${px(x - 5)} ${y + 3}h10l-5 8z`;
  mark.append(
    node("path", { d: shape, class: `chart-dosemark-${dose.state}` }),
    node("title", {}, `${dose.label}, ${dose.state}`),
  );
  return mark;
}

/* Treatments in as many lanes as overlap: none lies over another; a mark takes an hour. */
export function lanes(treatments) {
  const ends = [];
  return treatments.map((treatment) => {
    const free = ends.findIndex((end) => end <= treatment.from);
    const lane = free >= 0 ? free : ends.length;
    ends[lane] = treatment.to ?? treatment.from + HOUR;
    return { ...treatment, lane };
  });
}

/* The name of a moment stands beside its mark where no other mark of its lane is in the
   way; else the mark's own title and the table say it. */
export function treatmentStrip(view, y) {
  const group = node("g");
  // What has no end is over at once, though a row without an end lasts until now.
  const began = (t) => t.to !== null || t.from >= view.from;
  const seen = view.inView(view.data.treatments).filter(began);
  const free = [];
  seen.forEach((treatment, i) => {
    const { label, lane } = treatment;
    const top = y + lane * 20;
    const [from, to] = view.span(treatment);
    if (treatment.to !== null) {
      group.append(box(from, top, to - from, 16, "chart-treatment", { words: label }));
      free[lane] = to;
      return;
    }
    const mark = node("g");
    const x = px(from);
    const d = `M${x} ${top + 1}l5 7l-5 7l-5 -7z`;
    mark.append(node("path", { d, class: "chart-moment" }), node("title", {}, label));
    const next = seen.slice(i + 1).find((other) => other.lane === lane);
    const end = next ? view.span(next)[0] - 8 : view.right;
    const width = 8 + LABEL_PX * label.length;
    const before = free[lane] ?? view.left;
    if (x + width <= end) {
      mark.append(text(x + 8, top + 12, label, "chart-small"));
      free[lane] = x + width;
    } else {
      const fits = x - width >= before;
      if (fits) mark.append(text(x - 8, top + 12, label, "chart-small", "end"));
      free[lane] = x + 8;
    }
    group.append(mark);
  });
  return group;
}

export function oxygenStrip(view, y) {
  const group = node("g");
  for (const part of view.inView(view.data.oxygen)) {
    const [from, to] = view.span(part);
    const step = part.step === null || part.step === undefined ? "unknown" : part.step;
    const known = step === "unknown" ? step : Math.min(step, 5);
    group.append(box(from, y, to - from, 18, `chart-o2-${known}`, { words: part.label }));
  }
  return group;
}
