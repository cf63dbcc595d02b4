/* One panel: uPlot draws the line; dots, triangles and pressure bars are drawn over
   it, because a value past a line has a shape of its own. */

/* global uPlot */

const EMPTY = [[], [], []];

export class Panel {
  constructor(panel, host, ink) {
    this.panel = panel;
    this.ink = ink;
    const { x, v, v2 } = panel.drawn;
    this.plot = new uPlot(this.options(), x.length ? [x, v, v2] : EMPTY, host);
  }

  options() {
    const line = { stroke: () => this.ink.text2, width: 1.25, points: { show: false } };
    const hidden = { paths: () => null, points: { show: false } };
    return {
      width: 100,
      height: this.panel.height,
      padding: [0, 0, 0, 0],
      pxAlign: 0,
      legend: { show: false },
      cursor: { show: false },
      scales: {
        x: { time: true, auto: false, range: (u, min, max) => [min, max] },
        y: { auto: false, range: () => this.panel.range },
      },
      axes: [{ show: false }, { show: false }],
      series: [{}, this.panel.kind === "pairs" ? hidden : line, hidden],
      hooks: { draw: [(u) => this.draw(u)] },
    };
  }

  resize(width) {
    this.plot.setSize({ width, height: this.panel.height });
  }

  zoom(from, to) {
    this.plot.setScale("x", { min: from, max: to });
  }

  draw(u) {
    const { x, point } = this.panel.drawn;
    const [from, to] = [u.scales.x.min, u.scales.x.max];
    const context = u.ctx;
    context.save();
    context.beginPath();
    context.rect(u.bbox.left - 8, u.bbox.top, u.bbox.width + 16, u.bbox.height);
    context.clip();
    const seen = [];
    for (let i = 0; i < x.length; i++) {
      if (point[i] && x[i] >= from && x[i] <= to) seen.push(i);
    }
    const crowded = seen.length > u.bbox.width / devicePixelRatio / 3;
    for (const i of seen) this.mark(u, i, crowded);
    context.restore();
  }

  mark(u, i, crowded) {
    const { x, v, v2, point } = this.panel.drawn;
    const left = u.valToPos(x[i], "x", true);
    const colors = this.ink.of(point[i]);
    if (this.panel.kind === "pairs") {
      const [top, foot] = [v[i], v2[i] ?? v[i]].map((n) => u.valToPos(n, "y", true));
      bar(u.ctx, left, top, foot, colors, crowded);
    } else if (v[i] !== null) {
      const top = u.valToPos(v[i], "y", true);
      if (point[i].past) triangle(u.ctx, left, top, colors);
      else if (!crowded) dot(u.ctx, left, top, colors.stroke);
    }
    this.outside(u, left, point[i], colors);
  }

  /* A value beyond the fixed range stands at the edge with an arrow and its number. */
  outside(u, left, point, colors) {
    const [low, high] = this.panel.range;
    const over = point.v > high;
    const lowest = point.v2 ?? point.v;
    if (point.v == null || (!over && lowest >= low)) return;
    const number = over ? point.v : lowest;
    const top = u.bbox.top + (over ? 11 : u.bbox.height / scale() - 4) * scale();
    u.ctx.fillStyle = colors.stroke;
    u.ctx.font = `600 ${11 * scale()}px ${this.ink.font}`;
    u.ctx.fillText(`${over ? "↑" : "↓"} ${number}`, left + 6 * scale(), top);
  }
}

const scale = () => devicePixelRatio;

function dot(context, left, top, color) {
  context.fillStyle = color;
  context.beginPath();
  context.arc(left, top, 2.6 * scale(), 0, 2 * Math.PI);
  context.fill();
}

function triangle(context, left, top, { fill, edge }) {
  const r = 6 * scale();
  context.beginPath();
  context.moveTo(left, top - r);
  context.lineTo(left + r, top + 0.8 * r);
  context.lineTo(left - r, top + 0.8 * r);
  context.closePath();
  context.fillStyle = fill;
  context.fill();
  context.lineWidth = scale();
  context.strokeStyle = edge;
  context.stroke();
}

/* A pressure: ∨ with its point at systolic, ∧ with its point at diastolic. */
function bar(context, left, top, foot, { stroke, past }, crowded) {
  const arm = crowded ? 0 : 4 * scale();
  context.beginPath();
  context.moveTo(left - arm, top - arm);
  context.lineTo(left, top);
  context.lineTo(left + arm, top - arm);
  context.moveTo(left, top);
  context.lineTo(left, foot);
  context.moveTo(left - arm, foot + arm);
  context.lineTo(left, foot);
  context.lineTo(left + arm, foot + arm);
  context.lineWidth = (crowded ? 1 : past ? 2.6 : 1.5) * scale();
  context.strokeStyle = stroke;
  context.stroke();
}
