/* The participant's chart: linked panels on one time axis.

   Markup: templates/components/chart.html. Data: <script type="application/json"
   id="chart-data"> (json_script), all moments ISO 8601 with offset:

   { "now": iso, "zone": "America/New_York", "offset_label": "-05:00",
     "summary": "one or two sentences for who cannot see the picture",
     "days": [{"at": iso, "label": "Thu 19 Nov", "cycle_day": "C1 D3"}],
     "cycle": {"from": iso} (optional; else the first of days),
     "panels": [
       {"key": "TEMP"|"HR"|"BP"|"OXYSAT"|"RESP"|..., "label", "unit", "range": [35, 41],
        "decimals": 1, "lines": [{"value": 38.0, "label": "38.0 fever"}],
        "note": "room air" (optional, under the last value; else the value before),
        "v": [38.6, null, ...] (a place for each of the sets), "v2": [...] (BP only:
        diastolic), "by": {"17": "MK"} (who took it, where not the set's author),
        "typed": {"17": "101.5 °F"}},
       {..., "at": [seconds, ...], "v": [...]} (a panel with moments of its own),
       {"key": "WEIGHT", "label", "unit", "last": "73.4", "note": "+2.0 kg, 2.8 %",
        "rows": [{"mark": "square"|"diamond", "points": [{"at", "text"}]}]} ],
     "oxygen": [{"from", "to": iso|null, "label", "step": 0 air, 1.. up, null unknown}],
     "doses": [{"at", "label": "3 · 1800 IU/kg", "state": given|held|omitted|planned}],
     "treatments": [{"from", "to": iso, or null = one moment, "label"}],
     "words": {"grade": "CRS grade"} (the name of the strip of grades),
     "grades": [{"from", "to": iso|null, "level", "text": "grade 1",
                 "short": "1" (what a short stretch says), "held": false}],
     "missed": [{"from", "to"}], "onsets": [{"at", "level"}], "recheck": iso|null,
     "columns": [["TEMP", "Temp °C"], ...] (of the table),
     "sets": {"at": [seconds, ...], "by": ["AR", ...], (a place for each, oldest first)
              "values": {"TEMP": ["38.6", ...]}, "past": {"TEMP": {"17": "warning"}},
              "not_done": {"17": {"BP": "refused"}}},
     "breaks": [seconds, ...] }

   No line is drawn over a break, a missed set, or a null of a panel with its own
   moments; another null is a set that says nothing of it. */

import { behind, frames, lineNames, names, thresholds } from "./chart-frame.js";
import { model, nearest, shown } from "./chart-model.js";
import { Panel } from "./chart-panel.js";
import { laid } from "./chart-paper.js";
import * as svg from "./chart-svg.js";
import { fillTable } from "./chart-table.js";
import { HOUR, Zone, hourTicks, rangeOf } from "./chart-time.js";

const GAP = 4;
const TOP = 48;
const SHORTEST = HOUR / 2;

class Chart {
  constructor(root, json) {
    this.root = root;
    this.zone = new Zone(json.zone);
    this.data = model(json);
    this.data.treatments = svg.lanes(this.data.treatments);
    this.stage = root.querySelector("[data-chart-stage]");
    this.readout = root.querySelector("[data-chart-readout]");
    this.width = this.stage.clientWidth;
    this.ink = inkOf(false);
    this.at = -1;
    this.lay();
    this.range(root.dataset.range || "doses");
    this.listen();
  }

  /* Where each strip and panel stands, from the top down. */
  lay() {
    const lanes = Math.max(1, ...this.data.treatments.map((t) => t.lane + 1));
    let y = TOP;
    const take = (height) => {
      const here = y;
      y += height + GAP;
      return here;
    };
    this.rows = { grade: take(18), dose: take(18), treatment: take(lanes * 20 - 2) };
    this.rows.panels = this.data.panels.map((panel) => {
      const top = take(panel.height);
      if (panel.key === "OXYSAT" && this.data.oxygen.length) {
        y -= GAP;
        this.rows.oxygen = take(18);
      }
      return { panel, top };
    });
    this.height = y;
    this.stage.style.height = `${y}px`;
    this.back = this.layer("chart-back");
    this.plots = this.rows.panels.map((row) => this.host(row)).filter(Boolean);
    this.front = this.layer("chart-front");
    this.cursor = svg.node("g");
  }

  layer(classes) {
    const layer = svg.node("svg", { class: classes, height: this.height });
    this.stage.append(layer);
    return layer;
  }

  host({ panel, top }) {
    if (panel.kind === "markers") return null;
    const host = document.createElement("div");
    host.className = "chart-host";
    host.style.top = `${top}px`;
    this.stage.append(host);
    return { host, plot: new Panel(panel, host, this.ink) };
  }

  range(name) {
    this.name = name;
    for (const button of this.root.querySelectorAll("[data-range-button]")) {
      button.setAttribute("aria-pressed", button.dataset.rangeButton === name);
    }
    const { from, to } = rangeOf(name, this.data, this.plotWidth());
    this.show(from, to);
    this.moved = false;
  }

  show(from, to) {
    [this.from, this.to] = [from, to];
    this.moved = true;
    this.draw();
  }

  /* An observer tells of the width that it finds, too: that is drawn already. */
  resized() {
    if (this.stage.clientWidth !== this.width) this.fit();
  }

  /* After a change of width: the chosen range again, unless the person moved it. */
  fit() {
    this.width = this.stage.clientWidth;
    if (this.moved) this.draw();
    else this.range(this.name);
  }

  zoom(factor) {
    const middle = this.data.sets.at[this.at] ?? this.data.now;
    const inside = middle >= this.from && middle <= this.to;
    const around = inside ? middle : (this.from + this.to) / 2;
    const span = Math.max((this.to - this.from) * factor, SHORTEST);
    const share = (around - this.from) / (this.to - this.from);
    this.show(around - span * share, around + span * (1 - share));
  }

  gutters() {
    return this.width < 640 ? [76, 84] : [96, 104];
  }

  plotWidth() {
    const [left, right] = this.gutters();
    return this.width - left - right;
  }

  /* The geometry of this moment, as the strips need it. */
  view() {
    const { width } = this;
    const narrow = width < 640;
    const left = this.gutters()[0];
    const right = left + this.plotWidth();
    const scale = (right - left) / (this.to - this.from);
    const x = (t) => left + (t - this.from) * scale;
    const { zone, data, rows, height, from, to } = this;
    return {
      zone, data, rows, height, from, to, width, narrow, left, right, x,
      t: (px) => from + (px - left) / scale,
      ticks: hourTicks(zone, from, to, right - left),
      inView: (rows) => rows.filter((r) => r.from < to && r.end > from),
      span: (r) => [Math.max(x(r.from), left), Math.min(x(r.end), right)],
    };
  }

  draw() {
    const view = (this.seen = this.view());
    if (view.right - view.left < 40) return;
    for (const { host, plot } of this.plots) {
      host.style.left = `${view.left}px`;
      plot.ink = this.ink;
      plot.resize(view.right - view.left);
      plot.zoom(this.from, this.to);
    }
    this.drawBack(view);
    this.drawFront(view);
  }

  drawBack(view) {
    const under = svg.node("g");
    under.append(svg.hatch("chart-hatch"), svg.axis(view), frames(view));
    under.append(behind(view), ...thresholds(view), lineNames(view));
    under.append(svg.gradeStrip(view, this.rows.grade));
    under.append(svg.doseStrip(view, this.rows.dose));
    under.append(svg.treatmentStrip(view, this.rows.treatment));
    if (this.rows.oxygen) under.append(svg.oxygenStrip(view, this.rows.oxygen));
    under.append(names(view));
    this.back.setAttribute("width", view.width);
    this.back.replaceChildren(under);
  }

  drawFront(view) {
    const over = svg.node("g");
    const foot = this.height - GAP;
    const marked = this.rows.panels.find(({ panel }) => panel.kind === "markers");
    const doseFoot = marked ? marked.top - GAP : foot;
    const inside = (t) => t >= this.from && t <= this.to;
    const rule = (t, y, classes, end = foot) =>
      inside(t) && over.append(svg.line(view.x(t), y, view.x(t), end, classes));
    const doseLines = { given: "chart-doseline", held: "chart-doseline-held" };
    for (const { at, state } of this.data.doses) {
      if (doseLines[state]) rule(at, this.rows.dose + 11, doseLines[state], doseFoot);
    }
    for (const onset of this.data.onsets) {
      rule(onset.at, this.rows.grade, `chart-onset chart-onset-${onset.level}`);
    }
    if (this.data.recheck) rule(this.data.recheck, this.rows.panels[0].top, "chart-recheck");
    over.append(this.cursor);
    this.front.setAttribute("width", view.width);
    this.front.replaceChildren(over);
    this.drawCursor();
  }

  /* The cursor stands on a set; its values are read out below the chart. */
  move(index) {
    const { at } = this.data.sets;
    if (!at.length) return;
    this.at = Math.min(Math.max(index, 0), at.length - 1);
    const t = at[this.at];
    const span = this.to - this.from;
    if (t < this.from) this.show(t - span * 0.1, t + span * 0.9);
    else if (t > this.to) this.show(t - span * 0.9, t + span * 0.1);
    else this.drawCursor();
    this.read(t);
  }

  drawCursor() {
    const t = this.data.sets.at[this.at];
    if (t === undefined || t < this.from || t > this.to) return this.cursor.replaceChildren();
    const x = this.seen.x(t);
    this.cursor.replaceChildren(svg.line(x, 42, x, this.height - GAP, "chart-cursor"));
  }

  read(t) {
    const parts = [];
    let by = this.data.sets.by[this.at];
    for (const panel of this.data.panels) {
      const point = panel.points.find((p) => p.at === t);
      if (!point) continue;
      by ||= point.by ?? "";
      const typed = point.typed ? ` (${point.typed})` : "";
      parts.push(`${panel.label} ${shown(panel, point)} ${panel.unit}${typed}`);
    }
    const when = `${this.zone.day(t)} ${this.zone.clock(t)}`;
    this.readout.textContent = [`${when} ${by}`.trim(), ...parts].join(" · ");
  }

  keys(event) {
    const last = this.data.sets.at.length - 1;
    const from = this.at < 0 ? last + 1 : this.at;
    const acts = {
      ArrowLeft: () => this.move(from - 1),
      ArrowRight: () => this.move(from + 1),
      Home: () => this.move(0),
      End: () => this.move(last),
      "+": () => this.zoom(0.6),
      "=": () => this.zoom(0.6),
      "-": () => this.zoom(1 / 0.6),
      Escape: () => this.range(this.name),
    };
    const act = acts[event.key];
    if (!act || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    event.stopPropagation();
    act();
  }

  listen() {
    const { root, stage } = this;
    root.querySelector("[data-chart-region]").addEventListener("keydown", (e) => this.keys(e));
    stage.addEventListener("pointermove", (e) => this.point(e));
    stage.addEventListener("dblclick", () => this.range(this.name));
    root.addEventListener("click", (event) => this.click(event));
    new ResizeObserver(() => this.resized()).observe(stage);
    document.addEventListener("monitor:theme", () => this.recolor(false));
    window.addEventListener("beforeprint", () => this.recolor(true));
    window.addEventListener("afterprint", () => this.recolor(false));
  }

  point(event) {
    const x = event.clientX - this.stage.getBoundingClientRect().left;
    const { at } = this.data.sets;
    if (x < this.seen.left || x > this.seen.right || !at.length) return;
    const index = nearest(at, this.seen.t(x));
    if (index !== this.at) this.move(index);
  }

  click(event) {
    const { rangeButton } = event.target.closest("[data-range-button]")?.dataset ?? {};
    if (rangeButton) this.range(rangeButton);
    const zoom = event.target.closest("[data-zoom]");
    if (zoom) this.zoom(zoom.dataset.zoom === "in" ? 0.6 : 1 / 0.6);
    if (event.target.closest("[data-chart-print]")) window.print();
    const toggle = event.target.closest("[data-chart-table-button]");
    if (toggle) this.toggle(toggle);
  }

  toggle(button) {
    const host = this.root.querySelector("[data-chart-table]");
    const open = host.hidden;
    if (open) fillTable(host, this.data, this.zone);
    host.hidden = !open;
    this.root.querySelector("[data-chart-region]").hidden = open;
    button.setAttribute("aria-pressed", open);
    if (!open) this.fit();
  }

  /* Paper has its own ink, and its own width, which no script can ask for in time. */
  recolor(paper) {
    this.root.classList.toggle("is-paper", paper);
    laid(this.root, paper);
    this.ink = inkOf(paper);
    this.fit();
  }
}

/* The canvas cannot read CSS by itself. On paper all ink is the light theme's text. */
function inkOf(paper) {
  const style = getComputedStyle(document.documentElement);
  const token = (name) => style.getPropertyValue(`--${name}`).trim();
  const text = paper ? "black" : token("text");
  const marks = ["critical", "warning", "watch"];
  const marked = (level) => (marks.includes(level) ? level : "warning");
  return {
    text,
    text2: paper ? text : token("text2"),
    font: token("bs-font-sans-serif") || "sans-serif",
    of(point) {
      if (!point.past || paper) return { stroke: text, fill: text, edge: text, past: point.past };
      const level = marked(point.level);
      const edge = token(`${level}-bd`);
      return { stroke: token(`hi-${level}`), fill: token(`${level}-bg`), edge, past: true };
    },
  };
}

const root = document.querySelector("[data-chart]");
const source = document.getElementById("chart-data");
if (root && source) new Chart(root, JSON.parse(source.textContent));
