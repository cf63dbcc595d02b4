/* The frame round the panels: names and ticks at the left, last values at the right,
   grid, threshold lines with their names, missed sets and the time to come. */

import { lastOf, shown } from "./chart-model.js";
import { line, node, text } from "./chart-svg.js";

const CHARACTER = 7;

const height = (panel, top, value) => {
  const [low, high] = panel.range;
  return top + panel.height * (1 - (value - low) / (high - low));
};

const lined = (view) => view.rows.panels.filter(({ panel }) => panel.kind !== "markers");

export function frames(view) {
  const group = node("g");
  const width = view.right - view.left;
  for (const { panel, top } of view.rows.panels) {
    const frame = { x: view.left, y: top, width, height: panel.height };
    group.append(node("rect", { ...frame, class: "chart-frame" }));
    for (const t of view.ticks.ticks) {
      const x = view.x(t);
      group.append(line(x, top, x, top + panel.height, "chart-grid"));
    }
  }
  for (const y of [view.rows.grade, view.rows.dose]) {
    group.append(line(view.left, y + 20, view.right, y + 20, "chart-grid"));
  }
  return group;
}

/* Missed sets hatched through all panels; what has not happened yet tinted. */
export function behind(view) {
  const group = node("g");
  const y = view.rows.panels[0]?.top ?? 0;
  const column = (from, to, classes) => {
    const width = Math.max(to - from, 6);
    const rect = { x: from, y, width, height: view.height - y - 4 };
    group.append(node("rect", { ...rect, class: classes }));
  };
  for (const missed of view.inView(view.data.missed)) {
    column(...view.span(missed), "chart-missed");
  }
  const { now } = view.data;
  if (now < view.to && now > view.from) column(view.x(now), view.right, "chart-future");
  return group;
}

export function thresholds(view) {
  return lined(view).flatMap(({ panel, top }) =>
    panel.lines.map(({ value }) => {
      const y = height(panel, top, value);
      return line(view.left, y, view.right, y, "chart-threshold");
    }),
  );
}

export function lineNames(view) {
  const group = node("g");
  for (const { panel, top } of lined(view)) {
    for (const { value, label } of panel.lines) {
      const y = Math.max(height(panel, top, value) - 4, top + 11);
      group.append(text(view.right - 4, y, label, "chart-line-name", "end"));
    }
  }
  return group;
}

export function names(view) {
  const group = node("g");
  const words = { dose: "Dose", treatment: "Treatment", oxygen: "Oxygen" };
  for (const [row, word] of Object.entries({ ...words, ...view.data.words })) {
    const y = view.rows[row];
    if (typeof y === "number") group.append(text(0, y + 13, word, "chart-strip"));
  }
  for (const row of view.rows.panels) {
    group.append(...leftGutter(view, row), ...rightGutter(view, row));
    group.append(...markers(view, row));
  }
  return group;
}

function leftGutter(view, { panel, top }) {
  const ticks = panel.kind === "markers" ? [] : panel.ticks;
  const unit = view.narrow && panel.unit.length > 4 ? "" : panel.unit;
  return [
    text(0, top + 14, panel.label, "chart-name"),
    text(0, top + 29, unit, "chart-unit"),
    ...ticks.map((value) => {
      const y = Math.max(height(panel, top, value) + 4, top + 9);
      return text(view.left - 8, y, value, "chart-tick", "end");
    }),
  ];
}

/* The last value, and below it the value before or what it was measured on. */
function rightGutter(view, { panel, top }) {
  const { last, before } = lastOf(panel);
  const past = last?.past ? ` past-${last.level}` : "";
  const was = before ? `was ${shown(panel, before)}` : "";
  const note = (last?.past ? "▲ " : "") + (panel.note ?? was);
  const value = panel.last ?? shown(panel, last);
  return [
    text(view.right + 12, top + 19, value, `chart-last${past}`),
    text(view.right + 12, top + 34, note, "chart-unit"),
  ];
}

function markers(view, { panel, top }) {
  return (panel.rows ?? []).flatMap((row, i) => {
    let free = view.left;
    return row.points.flatMap((point, n) => {
      if (point.at < view.from || point.at > view.to) return [];
      const x = view.x(point.at);
      const end = x + 8 + CHARACTER * point.text.length;
      const mark = marker(row.mark, x, top + 12 + 20 * i, point.text);
      const next = row.points[n + 1] ? view.x(row.points[n + 1].at) - 8 : view.right;
      if (x < free || end > Math.min(next, view.right)) return [mark];
      free = end + 12;
      return [mark, text(x + 8, top + 16 + 20 * i, point.text, "chart-small")];
    });
  });
}

function marker(shape, x, y, title) {
  const path = shape === "diamond" ? "m0 -4l4 4l-4 4l-4 -4z" : "m-3.5 -3.5h7v7h-7z";
  const mark = node("path", { d: `M${x} ${y}${path}`, class: `chart-mark-${shape}` });
  mark.append(node("title", {}, title));
  return mark;
}
