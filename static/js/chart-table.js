/* The same data as rows: sets, newest first, then doses, treatments and grades. */

function cell(name, words, classes = "") {
  const element = document.createElement(name);
  element.textContent = words ?? "";
  if (classes) element.className = classes;
  return element;
}

function head(columns) {
  const part = document.createElement("thead");
  const row = part.appendChild(document.createElement("tr"));
  for (const { words, number } of columns) {
    const th = cell("th", words, number ? "num" : "");
    th.scope = "col";
    row.append(th);
  }
  return part;
}

function table(caption, columns) {
  const element = document.createElement("table");
  element.className = "data data-tight";
  element.append(cell("caption", caption, "visually-hidden"), head(columns));
  return { element, body: element.appendChild(document.createElement("tbody")) };
}

const when = (zone, t) => `${zone.day(t)} ${zone.clock(t)}`;

function value(sets, i, key) {
  const done = sets.values[key][i];
  if (done !== "") {
    const past = sets.past[key][i];
    const td = cell("td", past ? `${done} ▲` : done, "num");
    if (past) td.classList.add(`past-${past}`, "chart-past");
    return td;
  }
  const reason = sets.not_done[i]?.[key];
  if (!reason) return cell("td", "–", "num quiet");
  const td = cell("td", "", "num");
  td.append(cell("span", reason, "missing missing-quiet"));
  return td;
}

function setsTable(data, zone, words) {
  const { sets, columns: items } = data;
  const { element, body } = table(words.sets, [
    { words: words.at },
    ...items.map(([, label]) => ({ words: label, number: true })),
    { words: words.by },
  ]);
  for (let i = sets.at.length - 1; i >= 0; i--) {
    const tr = body.insertRow();
    const th = cell("th", when(zone, sets.at[i]), "nowrap");
    th.scope = "row";
    tr.append(th, ...items.map(([key]) => value(sets, i, key)), cell("td", sets.by[i]));
  }
  return element;
}

function events(data, zone) {
  const until = (row) => (row.to ? ` – ${when(zone, row.to)}` : "");
  return [
    ...data.doses.map((d) => ({ at: d.at, what: d.label, how: d.state })),
    ...data.treatments.map((t) => ({ at: t.from, what: t.label, how: until(t) })),
    ...data.grades.map((g) => ({ at: g.from, what: g.text, how: g.level + until(g) })),
    ...data.missed.map((m) => ({ at: m.from, what: "set missed", how: until(m) })),
  ].sort((a, b) => b.at - a.at);
}

function eventsTable(data, zone, words) {
  const columns = [words.at, words.what, words.how].map((w) => ({ words: w }));
  const { element, body } = table(words.events, columns);
  for (const event of events(data, zone)) {
    const tr = body.insertRow();
    tr.append(
      cell("td", when(zone, event.at), "nowrap"),
      cell("td", event.what),
      cell("td", event.how),
    );
  }
  return element;
}

export function fillTable(host, data, zone) {
  const words = {
    sets: "Sets, newest first",
    events: "Doses, treatments and grades, newest first",
    at: "At",
    by: "By",
    what: "What",
    how: "State",
    ...data.words,
  };
  host.replaceChildren(setsTable(data, zone, words), eventsTable(data, zone, words));
}
