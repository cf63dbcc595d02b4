/* The chart's data, from JSON to what the drawing needs: moments in seconds, lines
   broken where nothing was recorded, values outside the fixed range marked. */

import { HOUR, seconds } from "./chart-time.js";

/* Ranges are fixed so that slopes compare between participants; each holds its
   critical line. Heights are in pixels. */
const PANELS = {
  TEMP: { range: [35, 41], ticks: [36, 38, 40], height: 76 },
  HR: { range: [40, 170], ticks: [60, 100, 150], height: 66 },
  BP: { range: [30, 180], ticks: [50, 90, 150], height: 92 },
  OXYSAT: { range: [80, 101], ticks: [84, 92, 100], height: 58 },
  RESP: { range: [6, 40], ticks: [12, 30], height: 52 },
  BALANCE: { range: [-3, 3], ticks: [-2, 2], height: 48 },
  ALB: { range: [10, 55], ticks: [20, 50], height: 44 },
  HCT: { range: [20, 60], ticks: [30, 50], height: 40 },
  CRP: { range: [0, 300], ticks: [100, 200], height: 44 },
  FERRITIN: { range: [0, 10000], ticks: [2000, 8000], height: 44 },
  INTLK6: { range: [0, 1000], ticks: [200, 800], height: 44 },
};

const spans = (rows, now) =>
  (rows ?? []).map((row) => ({
    ...row,
    from: seconds(row.from),
    to: row.to ? seconds(row.to) : null,
    end: row.to ? seconds(row.to) : now,
  }));

const moments = (rows) => (rows ?? []).map((row) => ({ ...row, at: seconds(row.at) }));

export function model(json) {
  const now = seconds(json.now);
  const data = {
    ...json,
    now,
    recheck: seconds(json.recheck),
    days: moments(json.days),
    doses: moments(json.doses),
    onsets: moments(json.onsets),
    oxygen: spans(json.oxygen, now),
    grades: spans(json.grades, now),
    missed: spans(json.missed, now),
    treatments: spans(json.treatments, now),
  };
  data.panels = json.panels.map((panel) => panelOf(panel, data));
  data.first = Math.min(now - HOUR, ...data.sets.at.slice(0, 1), ...firsts(data));
  data.cycleFrom = seconds(json.cycle?.from) ?? data.days[0]?.at ?? data.first;
  return data;
}

function firsts(data) {
  return [data.doses[0]?.at, data.grades[0]?.from].filter((t) => t != null);
}

function panelOf(panel, data) {
  const shape = { ticks: panel.range, height: 60, ...PANELS[panel.key] };
  const full = { decimals: 0, lines: [], ...shape, ...panel };
  if (full.rows) {
    full.rows = full.rows.map((row) => ({ ...row, points: moments(row.points) }));
    // A label has two lines: the name and the unit.
    const tall = Math.max(38, 6 + 20 * full.rows.length);
    return { ...full, kind: "markers", height: tall, points: [] };
  }
  const points = pointsOf(full, data);
  const kind = full.key === "BP" ? "pairs" : "line";
  return { ...full, kind, points, drawn: broken(points, data.missed, full.range) };
}

/* A point for each value, oldest first; where the line breaks, one without a value.
   There are thousands, so they are made plainly. */
function pointsOf(panel, { sets, breaks }) {
  const { v, v2 = [], by = {}, typed = {} } = panel;
  const at = panel.at ?? sets.at;
  const past = (!panel.at && sets.past[panel.key]) || {};
  const ends = panel.at ? [] : [...breaks];
  const points = [];
  for (let i = 0; i < v.length; i++) {
    if (v[i] === null && !panel.at) continue;
    while (ends.length && ends[0] <= at[i]) points.push({ at: ends.shift(), v: null });
    const level = past[i];
    points.push({
      at: at[i],
      v: v[i],
      v2: v2[i],
      level,
      past: level !== undefined,
      by: by[i],
      typed: typed[i],
    });
  }
  return points;
}

/* Columns for uPlot, with a null wherever a set was missed between two readings:
   a gap is never joined. Values are held at the edge of the fixed range; `points`
   keeps the true one. */
function broken(points, missed, [low, high]) {
  const held = (v) => (v == null ? null : Math.min(Math.max(v, low), high));
  const columns = { x: [], v: [], v2: [], point: [] };
  const put = (x, point) => {
    columns.x.push(x);
    columns.v.push(point ? held(point.v) : null);
    columns.v2.push(point ? held(point.v2) : null);
    columns.point.push(point);
  };
  let last = null;
  for (const point of points) {
    if (last !== null) {
      const gap = missed.find((m) => m.from < point.at && m.end > last);
      if (gap) put((last + point.at) / 2, null);
    }
    put(point.at, point);
    last = point.at;
  }
  return columns;
}

/* What a point says: the value with its decimals, and the pair for a pressure. */
export function shown(panel, point) {
  if (point?.v == null) return "–";
  const v = Number(point.v).toFixed(panel.decimals);
  return point.v2 == null ? v : `${v}/${Number(point.v2).toFixed(panel.decimals)}`;
}

/* The last value and the one before it, for the right gutter. */
export function lastOf(panel) {
  const known = panel.points.filter((p) => p.v != null);
  return { last: known.at(-1), before: known.at(-2) };
}

export function nearest(times, t) {
  let low = 0;
  let high = times.length - 1;
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (times[middle] < t) low = middle;
    else high = middle;
  }
  return t - times[low] < times[high] - t ? low : high;
}
