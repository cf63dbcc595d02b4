"""The library of hold criteria and the questions that some of them ask, from TOML.

A criterion names what it reads and the lines that decide; the numbers, units and
directions of the lines stand in the threshold files. A key that nothing reads, an
unknown line, item, sign or answer stops the program before a dose is judged by it.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

from monitor.clinical.items import catalogue
from monitor.clinical.items.loading import (
    KNOWLEDGE,
    Keys,
    KnowledgeError,
    Table,
    read_toml,
)
from monitor.clinical.items.watched import LIVES_LIKE
from monitor.clinical.signs import SIGNS
from monitor.clinical.thresholds import SOURCES, THRESHOLDS

KINDS = ("hold", "absolute", "relative", "caution", "gate")
MEASURES = (
    *("value", "fall", "rise", "rise_percent", "times_normal", "per_weight"),
    *("fall_first", "rise_first", "times_first"),
)
WHEN = (
    *("always", "first_dose", "later_dose"),
    *("cycle_first_dose", "cycle_first_dose_unless_male"),
    *("cycle_begun", "daily_dosing", "later_cycle"),
)
# What the check derives itself, and the item whose age is asked.
DERIVED = {
    **LIVES_LIKE,
    "URINE_HOURLY_16H": "URINE_OUTPUT",
    "PHENYLEPHRINE": "PHENYLEPHRINE",
}
TWICE = "_twice"
UNRECORDABLE = "_unrecordable"


@dataclass(frozen=True, slots=True)
class Question:
    """What a person answers. `answers`: value -> words; `hours`: how old at most."""

    code: str
    asks: str
    answers: Mapping[str, str]
    usual: str = ""
    hours: float | None = None
    free: bool = False


@dataclass(frozen=True, slots=True)
class Test:
    """One comparison, or several joined by `any` or `all`; exactly one `of` is set."""

    of: str
    what: str = ""
    line: str = ""
    measure: str = "value"
    choices: tuple[str, ...] = ()
    parts: tuple["Test", ...] = ()
    negated: bool = False
    if_recorded: bool = False
    personal: bool = False
    until: str = ""


@dataclass(frozen=True, slots=True)
class Criterion:
    """A hold criterion: what decides it, and what must be so to go on.

    `finding`: criteria of one finding count once. `restart`: null where only a person
    can say it; `also`: the part of the restart line that a person must judge.
    """

    key: str
    tables: tuple[str, ...]
    system: str
    finding: str
    kind: str
    says: str
    test: Test
    when: str
    action: str
    source: str
    verified: bool
    restart_says: str = ""
    restart: Test | None = None
    also: str = ""
    lines: tuple[str, ...] = field(default=())

    @property
    def project(self) -> bool:
        return self.source == "PROJ"


def tests_in(test: Test | None) -> Iterator[Test]:
    """The single comparisons of a test."""
    if test is None:
        return
    if test.parts:
        for part in test.parts:
            yield from tests_in(part)
    else:
        yield test


def asked_in(criterion: Criterion) -> set[str]:
    """The questions that it, or its restart line, asks."""
    both = (criterion.test, criterion.restart)
    return {one.what for test in both for one in tests_in(test) if one.of == "ask"}


def questions() -> dict[str, Question]:
    found = {}
    for code, table in read_toml(KNOWLEDGE / "questions.toml").items():
        keys = Keys(code, table)
        hours = keys.take("hours", 0)
        made = Question(
            code=code,
            asks=keys.text("asks"),
            answers=MappingProxyType(dict(keys.take("answers"))),
            usual=keys.take("usual", ""),
            hours=float(hours) or None,
            free=keys.take("free", False),
        )
        keys.finish()
        _refuse(made.usual not in ("", *made.answers), code, "has no such usual answer")
        found[code] = made
    return found


def criteria(asked: Mapping[str, Question]) -> dict[str, Criterion]:
    """Every criterion of `holds_*.toml`. Raises KnowledgeError."""
    found: dict[str, Criterion] = {}
    for path in sorted(KNOWLEDGE.glob("holds_*.toml")):
        for key, table in read_toml(path).items():
            _refuse(key in found, key, "stands twice")
            found[key] = _criterion(key, table, asked)
    lost = set(asked).difference(*map(asked_in, found.values()))
    _refuse(bool(lost), ", ".join(sorted(lost)), "is asked for by no criterion")
    return found


def _criterion(key: str, table: Table, asked: Mapping[str, Question]) -> Criterion:
    keys = Keys(key, table)
    joined = [word for word in ("any", "all") if word in table]
    _refuse(len(joined) != 1, key, "needs `any` or `all`")
    test = _joined(key, joined[0], keys.take(joined[0]), asked)
    restart = keys.take("restart", [])
    made = Criterion(
        key=key,
        tables=tuple(keys.take("tables")),
        system=keys.text("system"),
        finding=keys.text("finding"),
        kind=keys.one_of("kind", KINDS),
        says=keys.text("says"),
        test=test,
        when=keys.one_of("when", WHEN, "always"),
        action=keys.text("action"),
        source=keys.one_of("source", SOURCES),
        verified=keys.take("verified", False),
        restart_says=keys.take("restart_says", ""),
        restart=_joined(key, "all", restart, asked) if restart else None,
        also=keys.take("also", ""),
        lines=tuple(dict.fromkeys(_lines(test))),
    )
    keys.finish()
    _refuse(bool(made.restart) != bool(made.restart_says), key, "says no restart line")
    return made


def _lines(test: Test) -> Iterator[str]:
    """The lines that are shown: of a sign only where it compares a number itself."""
    for one in tests_in(test):
        if one.line:
            yield one.line
        elif one.of == "sign" and not one.what.endswith(UNRECORDABLE):
            sign = SIGNS[one.what.removesuffix(TWICE)]
            if catalogue.item(DERIVED.get(sign.item, sign.item)).kind == "number":
                yield sign.line


def _joined(
    key: str, word: str, rows: list[Table], asked: Mapping[str, Question]
) -> Test:
    _refuse(not rows, key, f"has nothing under `{word}`")
    return Test(of=word, parts=tuple(_test(key, row, asked) for row in rows))


def _test(key: str, row: Table, asked: Mapping[str, Question]) -> Test:
    for word in ("any", "all"):
        if word in row:
            _refuse(len(row) > 1, key, f"has more beside a nested `{word}`")
            return _joined(key, word, row[word], asked)
    of = [one for one in OF if one in row]
    _refuse(len(of) != 1, key, f"has a test that is none of {', '.join(OF)}")
    keys = Keys(f"{key}, {of[0]}", row)
    made = OF[of[0]](keys, keys.take(of[0]), asked)
    keys.finish()
    return made


def _item(keys: Keys, code: str, asked: Mapping[str, Question]) -> Test:
    _refuse(code not in catalogue.ITEMS and code not in DERIVED, code, "is no item")
    choices = tuple(keys.take("is", []))
    if choices:
        for choice in choices:
            catalogue.item(code).option(choice)
        return Test("item", code, choices=choices, negated=keys.take("not", False))
    return Test(
        of="item",
        what=code,
        line=keys.one_of("line", THRESHOLDS),
        measure=keys.one_of("measure", MEASURES, "value"),
        negated=keys.take("not", False),
        personal=keys.take("personal", False),
    )


def _sign(keys: Keys, name: str, asked: Mapping[str, Question]) -> Test:
    _refuse(name.removesuffix(TWICE) not in SIGNS, name, "is no sign")
    more = {"negated": keys.take("not", False)}
    return Test("sign", name, if_recorded=keys.take("if_recorded", False), **more)


def _ask(keys: Keys, code: str, asked: Mapping[str, Question]) -> Test:
    _refuse(code not in asked, code, "is no question")
    choices = tuple(keys.take("is"))
    lost = set(choices) - set(asked[code].answers)
    _refuse(bool(lost), code, f"has no answer {', '.join(sorted(lost))}")
    return Test("ask", code, choices=choices)


def _state(keys: Keys, name: str, asked: Mapping[str, Question]) -> Test:
    _refuse(name != "pressor", name, "is no state of the check")
    return Test("state", name)


def _given(keys: Keys, codes: list[str], asked: Mapping[str, Question]) -> Test:
    for code in codes:
        catalogue.treatment(code)
    line = keys.one_of("line", THRESHOLDS)
    return Test("given", "|".join(codes), line=line, choices=tuple(codes))


def _earlier(keys: Keys, code: str, asked: Mapping[str, Question]) -> Test:
    nearest, farthest = (keys.one_of(one, THRESHOLDS) for one in ("from", "to"))
    return Test("earlier", catalogue.item(code).code, line=nearest, until=farthest)


def _recorded(keys: Keys, codes: list[str], asked: Mapping[str, Question]) -> Test:
    items = tuple(catalogue.item(code).code for code in codes)
    return Test("recorded", "|".join(items), choices=items)


OF: Mapping[str, Any] = {
    "item": _item,
    "sign": _sign,
    "ask": _ask,
    "state": _state,
    "given": _given,
    "earlier": _earlier,
    "recorded": _recorded,
}


def _refuse(wrong: bool, name: str, why: str) -> None:
    if wrong:
        raise KnowledgeError(f"{name}: {why}.")


QUESTIONS: Mapping[str, Question] = MappingProxyType(questions())
CRITERIA: Mapping[str, Criterion] = MappingProxyType(criteria(QUESTIONS))
TABLES = tuple(
    dict.fromkeys(table for one in CRITERIA.values() for table in one.tables)
)
