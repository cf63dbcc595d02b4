"""Expected is all of B6 at once: one number beyond its limit, and it is no more.

All charts under one protocol are participants of one assessment, as fast as one.
"""

import tomllib
from pathlib import Path

import pytest

from monitor.clinical.assess import assess
from monitor.clinical.study import protocol as protocols
from monitor.clinical.study.protocol import BadProtocol, Protocol

from .casefile import moment
from .charts import facts, protocol, written

FOLDER = Path(protocols.__file__).parents[1] / "protocols"
AGENTS = {
    "aldesleukin": "aldesleukin",
    "irx2": "irx_2",
    "mutein": "il2_mutein",
    "ilkn421h": "ilkn421h",
}
EVERY = tuple(AGENTS)
# Before the first dose 36.7, 78/min, 125/76; then a fever that every protocol expects.
BEFORE = "-1:00,set,T 36.7 HR 78 BP 125/76 RR 16 SpO2 98 air A"
FEVER = {"T": "38.5", "HR": "92", "BP": "120/70"}
TOLD = {"watch": "expected", "warning": "told"}


def plays():
    """(name, protocol, time of the fever, other rows, what differs, answer)."""
    for name in EVERY:
        yield "a fever within every limit", name, "3:00", "", {}, "expected"
        # What was measured before the dose has lapsed by then.
        yield "no heart rate", name, "6:30", "", {"HR": ""}, "told"
        yield "no pressure", name, "6:30", "", {"BP": ""}, "told"
    yield from heart_rates()
    yield from falls()
    yield from chills()
    yield from times()
    yield from leaks()


def heart_rates():
    limits = (("aldesleukin", 120), ("irx2", 110), ("mutein", 120), ("ilkn421h", 120))
    for name, limit in limits:
        yield f"{limit}", name, "3:00", "", {"HR": f"{limit}"}, "expected"
        yield f"{limit + 1}", name, "3:00", "", {"HR": f"{limit + 1}"}, "told"
    # Under aldesleukin the fever must explain it: 78 + 10 x 1.2 + 30 = 120.
    for temp, answer in (("38.2", "expected"), ("38.1", "told")):
        rate = {"T": temp, "HR": "120"}
        yield f"120 at {temp}", "aldesleukin", "3:00", "", rate, answer


def falls():
    """From 125: below 20 % is above 100, below 30 mmHg above 95. From 135, below 40."""
    limits = (("irx2", 101), ("mutein", 96), ("ilkn421h", 96))
    for name, least in limits:
        yield f"{least}", name, "3:00", "", {"BP": f"{least}/60"}, "expected"
        yield f"{least - 1}", name, "3:00", "", {"BP": f"{least - 1}/60"}, "told"
    usual = "-0:30,set,BP 135/80"
    for pressure, answer in (("96/60", "expected"), ("95/60", "told")):
        yield pressure, "aldesleukin", "3:00", usual, {"BP": pressure}, answer


def chills():
    """From, to, and up to which grade. The fever comes with them, or soon after."""
    seen = (
        ("aldesleukin", "0:29", 1, "told"),
        ("aldesleukin", "0:30", 1, "expected"),
        ("aldesleukin", "4:00", 2, "expected"),
        ("aldesleukin", "4:01", 1, "told"),
        ("aldesleukin", "3:00", 3, "told"),
        ("irx2", "0:59", 1, "told"),
        ("irx2", "1:00", 1, "expected"),
        ("irx2", "8:00", 1, "expected"),
        ("irx2", "8:01", 1, "told"),
        ("irx2", "4:00", 2, "told"),
        ("mutein", "6:00", 2, "expected"),
        ("mutein", "6:01", 2, "told"),
        ("ilkn421h", "24:00", 2, "expected"),
        ("ilkn421h", "24:01", 2, "told"),
    )
    for name, at, grade, answer in seen:
        late = {"0:29": "1:10", "0:30": "1:10", "0:59": "1:10"}.get(at, at)
        row = f"{at},reading,CHILLS,{grade},{{CTCAE}}"
        yield f"chills {grade} at {at}", name, late, row, {}, answer
    first = "2:00,reading,CHILLS,2,{CTCAE}\n"
    for again, answer in (("2:59", "expected"), ("3:00", "told")):
        more = f"{first}{again},reading,CHILLS,2,{{CTCAE}}"
        yield f"chills still at {again}", "aldesleukin", "3:00", more, {}, answer


def times():
    dose = "8:00,dose,aldesleukin,,[iU]/kg"
    for at, temp, answer in (
        ("7:00", "38.4", "expected"),
        ("7:00", "38.5", "told"),
        ("6:59", "38.5", "expected"),
    ):
        name = f"{temp} at {at}, a dose at 8:00"
        yield name, "aldesleukin", at, dose, {"T": temp}, answer
    days = "24:00,dose,irx_2,115,[U]\n48:00,dose,irx_2,115,[U]"
    yield "day 3 ends", "irx2", "72:00", days, {}, "expected"
    fourth = f"{days}\n72:00,dose,irx_2,115,[U]"
    yield "day 4", "irx2", "75:00", fourth, {}, "told"


def leaks():
    """Rows Albumin, weight, creatinine and Blood counts, and the sepsis guard."""
    before = (
        "-1:00,reading,ALB,40,g/L\n-1:00,reading,WEIGHT,70,kg\n-1:00,reading,CREAT,0.9,mg/dL\n"
        "-1:00,range,ALT,0..40,U/L\n-1:00,reading,ALT,30,U/L\n2:00,decision,confirmed,WEIGHT\n"
    )
    seen = (
        ("ALB,38,g/L", "expected", "expected"),
        ("ALB,32,g/L", "expected", "told"),
        ("ALB,30,g/L", "told", "told"),
        ("WEIGHT,73.4,kg", "expected", "expected"),
        ("WEIGHT,73.5,kg", "expected", "told"),
        ("WEIGHT,77,kg", "told", "told"),
        ("CREAT,2.4,mg/dL", "expected", "told"),
        ("CREAT,2.5,mg/dL", "told", "told"),
        ("ALT,199,U/L", "expected", "told"),
        ("ALT,200,U/L", "told", "told"),
    )
    for reading, mild, none in seen:
        for name in EVERY:
            answer = mild if name == "aldesleukin" else none
            yield reading, name, "3:00", f"{before}2:00,reading,{reading}", {}, answer
    for reading in (
        "NEUT,0.9,10*9/L",
        "PLAT,49,10*9/L",
        "INJECTION_SITE_REACTION,2,{CTCAE}",
        "NURSE_CONCERN,y,",
    ):
        for name in EVERY:
            yield reading, name, "3:00", f"2:00,reading,{reading}", {}, "told"


PLAYS = [(f"{name}: {what}", *rest) for what, name, *rest in plays()]
USED = [name.split(":")[0] for name, *_ in PLAYS]


def opened(name: str) -> Protocol:
    """A protocol of the library with its windows open."""
    document = tomllib.loads((FOLDER / f"{name}.toml").read_text("utf-8"))
    told = document["expected"] | {"on": True}
    return Protocol.from_document(document | {"expected": told})


def chart(agent: str, at: str, more: str, told: dict[str, str]) -> str:
    said = " ".join(
        f"{name} {value}" for name, value in (FEVER | told).items() if value
    )
    rows = [BEFORE, f"0:00,dose,{agent},1,[iU]/kg", *more.splitlines()]
    return "\n".join([*rows, f"{at},set,{said} RR 16 SpO2 98 air A"])


@pytest.fixture(scope="module")
def said():
    """What each play is told as: `expected`, or `told` to somebody."""
    found = {}
    for of in EVERY:
        mine = [play for play, name in zip(PLAYS, USED, strict=True) if name == of]
        parts = [
            written(chart(AGENTS[of], at, more, told), participant=name)
            for name, at, more, told, _ in mine
        ]
        lines = assess(facts(*parts), opened(of)).lines
        ends = {name: moment(at).isoformat() for name, at, *_ in mine}
        for line in lines:
            at = line["at"].replace("Z", "+00:00")
            if line["topic"] == "crs" and at <= ends[line["participant"]]:
                assert line["expected"] == (line["level"] == "watch")
                found[line["participant"]] = TOLD.get(line["level"], line["level"])
    return found


@pytest.mark.parametrize("play", PLAYS, ids=lambda play: play[0])
def test_a_fever_is_expected_or_told(play, said):
    assert said[play[0]] == play[-1]


@pytest.mark.parametrize(
    ("expected", "sentence"),
    [
        ({"fevr": {}}, "expected.fevr is no part of what is expected."),
        (
            {"chills": {"grade": 2}},
            "expected.chills: give from_hours, to_hours, at_most.",
        ),
        (
            {"heart_rate": {"at_most": "fast"}},
            "expected.heart_rate: each part is a number, 0 or more.",
        ),
        (
            {"fever": {"from_hours": 8, "to_hours": 1, "below": 40.0}},
            "expected.fever: from_hours lies before to_hours.",
        ),
        (
            {"chills": {"from_hours": 4, "to_hours": 4, "at_most": 2}},
            "expected.chills: from_hours lies before to_hours.",
        ),
        (
            {"fever": {"from_hours": -1, "to_hours": 8, "below": 40.0}},
            "expected.fever: each part is a number, 0 or more.",
        ),
        (
            {"fever": {"from_hours": 1, "to_hours": 8, "below": True}},
            "expected.fever: each part is a number, 0 or more.",
        ),
        (
            {"fever": {"from_hours": 1, "to_hours": 8, "below": float("inf")}},
            "expected.fever: each part is a number, 0 or more.",
        ),
        (
            {"pressure": {"fall_below": 0}},
            "expected.pressure: with a limit of 0 nothing is expected. Leave it out.",
        ),
        ({"days": 0}, "expected.days: a number of days, more than 0."),
        (
            {"opened": [{"level": 1, "on": "2026-11-20", "by": "Safety group"}]},
            "expected.opened: the windows are off; say `on = true` too.",
        ),
        (
            {"on": True, "opened": [{"level": 1, "on": "soon", "by": "Safety group"}]},
            "expected.opened: give level (its number), on (a day) and by (who).",
        ),
        (
            {"on": True, "opened": [{"level": 1, "on": "2026-11-20", "by": ""}]},
            "expected.opened: give level (its number), on (a day) and by (who).",
        ),
        (
            {
                "on": True,
                "opened": [{"level": 1, "on": "2026-11-20", "by": "Safety group"}] * 2,
            },
            "expected.opened: a level stands twice.",
        ),
    ],
)
def test_a_document_that_cannot_be_used_says_why(expected, sentence):
    with pytest.raises(BadProtocol) as refused:
        protocol(expected=expected)
    assert refused.value.problems == [sentence]
