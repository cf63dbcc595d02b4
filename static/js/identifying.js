/* Says beside a free text what in it looks as if it told who somebody is. It asks
   nothing and stops nothing. The patterns come with the page: monitor/trials/identifying.py. */
(function () {
  "use strict";

  const told = JSON.parse(
    document.getElementById("identifying-patterns")?.textContent ?? "null",
  );
  if (!told) return;
  const fields = new RegExp(told.fields);
  const likenesses = told.likenesses.map(({ words, pattern, flags }) => ({
    words,
    found: new RegExp(pattern, flags),
  }));

  function remark(field) {
    const name = `identifying-${field.id || field.name}`;
    const there = document.getElementById(name);
    if (there) return there;
    const made = document.createElement("p");
    made.id = name;
    made.className = "identifying";
    made.setAttribute("role", "status");
    field.after(made);
    const described = field.getAttribute("aria-describedby");
    field.setAttribute("aria-describedby", [described, name].filter(Boolean).join(" "));
    return made;
  }

  function look(field) {
    const alike = likenesses.filter(({ found }) => found.test(field.value));
    const name = `identifying-${field.id || field.name}`;
    if (!alike.length && !document.getElementById(name)) return;
    const words = alike.map((one) => one.words).join(` ${told.and} `);
    const sentence = alike.length ? told.sentence.replace("%s", words) : "";
    const said = remark(field);
    if (said.textContent !== sentence) said.textContent = sentence;
    said.hidden = !alike.length;
  }

  document.addEventListener("input", (event) => {
    const field = event.target;
    if (field.matches?.("input, textarea") && fields.test(field.name)) look(field);
  });
})();
