/* From what was typed to numbers: a sign of a laboratory's limit, a pressure of two, a
   unit behind its value. */

export const BEYOND = { "<": -1e-6, ">": 1e-6, "\u2264": 0, "\u2265": 0 };

/* The sign of a result beyond the laboratory's limit, and the limit. */
export function beyond(text) {
  const said = text.trim().replace(/^<=/, "\u2264").replace(/^>=/, "\u2265");
  return said[0] in BEYOND ? [said[0], said.slice(1).trim()] : ["", said];
}

export const number = (text) => (/^[+-]?(\d+\.?\d*|\.\d+)$/.test(text) ? Number(text) : NaN);

/* [97, "%"] of "97 %"; the unit is "" where nothing stands behind the digits. */
export function apart(text) {
  const parts = /^(.*?\d[.,]?)\s*([^\d.,\s].*)$/s.exec(text.trim());
  if (!parts) return [text, ""];
  return [parts[1], parts[2].replace(/\s/g, "").toLowerCase().replace(/[\u03bc\u00b5]/g, "u")];
}

/* The value alone, where what stands behind it is spelled like its unit. */
export function unitless(text, said = []) {
  const [value, unit] = apart(text);
  return said.includes(unit) ? value : text;
}

export function readPair(text) {
  const typed = text.replace(/\s*mm\s*hg\s*$/i, "").trim().replace(/^([123]\d\d|[4-9]\d)(\d{2,3})$/, "$1/$2");
  const alone = /^(\d{1,3})\s*(\/\s*[p?-]?\s*)?$/i.exec(typed)?.[1];
  if (alone) return { values: [Number(alone)], first: Number(alone), alone, shown: alone };
  const parts = typed.split(/\s*[/\s.,-]\s*/).map(number);
  if (parts.length !== 2 || parts.some(Number.isNaN)) return null;
  const [top, foot] = parts;
  return { values: parts, first: top, foot, shown: `${top}/${foot}`, crossed: foot > top };
}
