/* Words and icons that the entry page holds ready for its script. */

export function words(name, gaps = {}) {
  const all = document.getElementById("entry-words");
  const sentence = all?.dataset[name] ?? "";
  return sentence.replace(/%(\w+)/g, (whole, gap) => gaps[gap] ?? whole);
}

export function icon(name) {
  const sprite = document.querySelector("use").getAttribute("href").split("#")[0];
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  const use = document.createElementNS("http://www.w3.org/2000/svg", "use");
  svg.setAttribute("class", `icon icon-${name}`);
  svg.setAttribute("aria-hidden", "true");
  use.setAttribute("href", `${sprite}#${name}`);
  svg.append(use);
  return svg;
}
