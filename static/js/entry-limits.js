/* What the limits of one item say of a value. Knows no page: numbers in, answers out.

   data-limits of a row (JSON, all in the item's own unit, every part optional):
   { "hard": [low, high], "confirm": [low, high], "soft": [low, high],
     "least": 10 (less, but not nothing, asks for the unit), "jump": 2 (only where the last value is near enough in time to count),
     "nearer": 2 (a unit is offered for a jump that it makes so many times smaller),
     "shorthand": true (391 may mean 39.1), "beyond": true (<5 is a result),
     "said": ["%"] (how its unit may stand behind a value, without blanks, in small letters),
     "whole": "ICE score is counted in whole numbers. ...", "hard_words": "SpO₂ is 0 to 100 %. Type it again.",
     "lines": [{"op": "<" "<=" ">" ">=", "value": 90, "words": "below the line of 90"}],
     "ranges": {"Central": {"low": 35, "high": 52, "words": "35 to 52 g/L"}, "": ...},
     "units": {"[degF]": {"factor": 0.5556, "offset": -17.7778, "label": "°F",
                           "decimals": 1, "said": ["°f", "f"]}, ...} }

   `unit` is the code of the unit in which a value is typed, `before` the value before it
   (null: there is none). */

import { apart, BEYOND, beyond, number, unitless } from "./entry-read.js";

const PASSES = {
  "<": (v, line) => v < line,
  "<=": (v, line) => v <= line,
  ">": (v, line) => v > line,
  ">=": (v, line) => v >= line,
};
const outside = ([low, high] = [], v) =>
  (low != null && v < low) || (high != null && v > high);
const inUnit = (value, { factor, offset }) =>
  Math.round((value * factor + offset) * 1e6) / 1e6;

export class Limits {
  constructor(data) {
    Object.assign(this, data);
    this.units ??= {};
  }

  canonical(value, unit) {
    return unit in this.units ? inUnit(value, this.units[unit]) : value;
  }

  /* What was typed as a number, or null where it is none. */
  read(typed, unit) {
    const alone = unitless(typed, this.spellings(unit));
    const [sign, rest] = this.beyond ? beyond(alone) : ["", alone.trim()];
    let text = rest.replace(",", ".").replace(/\.$/, "");
    let value = number(text);
    if (Number.isNaN(value)) return null;
    const short = this.shorthand && /^\d{3,4}$/.test(text);
    if (short && this.impossible(this.canonical(value, unit))) {
      if (!this.impossible(this.canonical(value / 10, unit))) value /= 10;
    }
    text = value === number(text) ? text : value.toFixed(1);
    const limit = this.canonical(value, unit);
    const first = limit + (BEYOND[sign] ?? 0);
    return { values: [limit], first, value, sign, shown: `${sign}${text}` };
  }

  spellings(unit) {
    return (unit in this.units ? this.units[unit].said : this.said) ?? [];
  }

  /* The code of the unit that was typed behind a value, if it is another one. */
  spoken(typed, unit) {
    const said = apart(typed)[1];
    if (!said || this.spellings(unit).includes(said)) return null;
    return Object.keys(this.units).find((code) => this.spellings(code).includes(said)) ?? null;
  }

  impossible(value) {
    return outside(this.hard, value);
  }

  rare(value) {
    return outside(this.confirm, value) || this.tooLittle(value);
  }

  usual(value) {
    return !this.impossible(value) && !this.rare(value) && !outside(this.soft, value);
  }

  /* Less than anybody measures, and not nothing: most likely typed in a larger unit. */
  tooLittle(value) {
    return value > 0 && value < (this.least ?? 0);
  }

  jumped(value, before) {
    return before !== null && Math.abs(value - before) > (this.jump || Infinity);
  }

  /* The words of the line that a value passes, "" if none. */
  passed(value) {
    return (this.lines ?? []).find((l) => PASSES[l.op]?.(value, l.value))?.words ?? "";
  }

  /* The reference range of a laboratory, or of the participant. */
  range(laboratory) {
    const { ranges = {} } = this;
    return ranges[laboratory] ?? ranges[""] ?? {};
  }

  /* The same value in the other units: nobody computes at a bed. */
  others(read, unit) {
    return Object.entries(this.units)
      .filter(([code]) => code !== unit)
      .map(([, u]) => `${read.sign}${((read.first - u.offset) / u.factor).toFixed(u.decimals)} ${u.label}`);
  }

  /* [code, unit] in which these digits are usual and make sense: offered, never taken. */
  otherUnit(read, unit, makesSense) {
    const typed = read.value ?? Number(read.shown);
    const found = Object.entries(this.units).find(([code, u]) => {
      const value = inUnit(typed, u);
      return code !== unit && this.usual(value) && makesSense(value);
    });
    return found ?? null;
  }

  /* For a jump only a unit that makes it much smaller; for a rare value any. */
  nearerTo(read, before) {
    if (!this.jumped(read.first, before)) {
      const odd = this.rare(read.first);
      return () => odd;
    }
    const distance = Math.abs(read.first - before);
    return (value) => Math.abs(value - before) * this.nearer <= distance;
  }
}
