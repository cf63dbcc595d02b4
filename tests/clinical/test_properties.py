"""What must hold on every chart: order, repetition, what is missing, what is worse.

Each example is a handful of generated charts, answered together in one timeline.
PROPERTY_TIMES=20 in the environment tries twenty times as many, by hand.
"""

import os
import random

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.clinical.answers.topics import CLEAR, TOPICS, UNKNOWN

from .casefile import moment
from .charts import assessed, frames
from .generated import BLOOD, SIGNS, WORSE, Written, chart, clock, rows

VALUES = SIGNS | BLOOD
WELL = (
    *("reading,TEMP,37.4,Cel", "reading,SYSBP,104,mm[Hg]", "reading,HR,96,/min"),
    *("reading,RESP,14,/min", "reading,OXYSAT,94,%", "reading,OXYGEN_DEVICE,room_air,"),
    *("reading,ACVPU,A,", "reading,CHILLS,0,{CTCAE}", "reading,ALB,36,g/L"),
)
BY_NAME = {topic.name: topic for topic in TOPICS}
# Minutes after a start in which a reaction to it is looked for.
SOON_AFTER = 120
CALM = ("C0", "C1", "C2", "C3")
Charts = dict[str, list[Written]]
LEVELS = [f"level:{topic.name}" for topic in TOPICS]
STEPS = [
    *LEVELS,
    *(f"status:{topic.name}" for topic in TOPICS),
    *(f"episode:{topic.name}" for topic in TOPICS),
    "max:crs:astct",
    "grade:astct",
]
HANDFUL = st.lists(rows(), min_size=8, max_size=8)
FULL = st.lists(rows(full=True), min_size=8, max_size=8)
TIMES = int(os.environ.get("PROPERTY_TIMES", "1"))


def tried(examples: int) -> settings:
    return settings(
        max_examples=examples * TIMES, deadline=None, derandomize=TIMES == 1
    )


few = tried(3)
# A low pressure and new oxygen shorten how long every other value counts (B1): without
# them a value that had lapsed is current again. So these two are left out here.
NOT_TIGHTENING = sorted(
    (set(SIGNS) | {"ALB", "WEIGHT", "HCT", "CREAT"}) - {"SYSBP", "OXYGEN_DEVICE"}
)


def named(drawn: list[list[Written]]) -> Charts:
    return {f"C{place}": one for place, one in enumerate(drawn)}


def answered(charts: Charts, now: int | None = None) -> pl.DataFrame:
    """Every answer of every chart, a row an instant, `chart` first."""
    at = clock(now) if now is not None else None
    made = frames({name: chart(one) for name, one in charts.items()}, now=at)
    return pl.concat(
        [one.with_columns(chart=pl.lit(name)) for name, one in made.items()],
        how="vertical_relaxed",
    ).sort("chart", "at")


def steps(answers: pl.DataFrame) -> list[tuple[object, ...]]:
    return answers.select("chart", "at", *STEPS).rows()


def signs_of(answers: pl.DataFrame) -> list[str]:
    return [name for name in answers.columns if name.startswith("sign:")]


@few
@given(drawn=HANDFUL, seed=st.integers(0, 1000))
def test_the_order_of_entry_is_irrelevant(drawn, seed):
    charts = named(drawn)
    mixed = {name: list(one) for name, one in charts.items()}
    for one in mixed.values():
        random.Random(seed).shuffle(one)
    assert steps(answered(mixed)) == steps(answered(charts))


@tried(5)
@given(one=rows(), seed=st.integers(0, 1000))
def test_the_order_of_entry_changes_no_word_of_a_line(one, seed):
    mixed = list(one)
    random.Random(seed).shuffle(mixed)
    assert assessed(chart(mixed)).lines == assessed(chart(one)).lines


@pytest.mark.requirement("V4")
@few
@given(drawn=HANDFUL)
def test_the_same_rows_give_the_same_answer_twice(drawn):
    charts = named(drawn)
    assert answered(charts).equals(answered(charts))


@few
@given(drawn=HANDFUL, until=st.sampled_from([80, 200, 600, 1500, 3000]))
def test_what_was_said_live_is_what_the_finished_cycle_replays(drawn, until):
    """At each instant the later rows change nothing that stood before them."""
    charts = named(drawn)
    arrived = {
        name: [row for row in one if row.minute <= until]
        for name, one in charts.items()
    }
    live = answered(arrived, now=until)
    replayed = answered(charts).filter(pl.col("at") <= moment(clock(until)))
    live = live.join(replayed.select("chart", "at"), on=["chart", "at"], how="semi")
    assert steps(live.sort("chart", "at")) == steps(replayed)


@few
@given(drawn=HANDFUL, late=st.integers(8, 40), voided=st.integers(8, 40))
def test_a_late_and_a_voided_row_leave_the_answer_of_what_stands(drawn, late, voided):
    """A row that came last, and one that was taken back, as if it had never been."""
    charts = named(drawn)
    came_late = {
        name: [row for row in one if row != one[late % len(one)]]
        + [one[late % len(one)]]
        for name, one in charts.items()
    }
    stands = {
        name: [row for row in one if row != one[voided % len(one)]]
        for name, one in came_late.items()
    }
    assert steps(answered(came_late)) == steps(answered(charts))
    in_order = {name: sorted(one) for name, one in stands.items()}
    assert steps(answered(stands)) == steps(answered(in_order))


@pytest.mark.parametrize("item", NOT_TIGHTENING)
@tried(2)
@given(drawn=HANDFUL)
def test_an_item_that_is_never_recorded_turns_no_unknown_into_an_answer(item, drawn):
    charts = named(drawn)
    without = {
        name: [row for row in one if row.code != item] for name, one in charts.items()
    }
    fewer = answered(without).select(pl.all().name.suffix("#"))
    both = answered(charts).join(
        fewer, left_on=["chart", "at"], right_on=["chart#", "at#"], how="inner"
    )
    assert both.height
    for name in signs_of(both):
        if name.endswith("#"):
            continue
        before, after = pl.col(name), pl.col(f"{name}#")
        changed = both.filter(after.is_not_null() & before.ne_missing(after))
        assert changed.is_empty(), name
    for level in LEVELS:
        cleared = both.filter(
            (pl.col(level) == UNKNOWN) & (pl.col(f"{level}#") == CLEAR)
        )
        assert cleared.is_empty(), level


@pytest.mark.requirement("I3.2")
@tried(5)
@given(one=rows())
def test_what_is_unknown_never_reads_as_clear(one):
    """Clear says that every pattern asked for is known not to be there."""
    for line in assessed(chart(one)).lines:
        asked = {key.partition("@")[0] for key in BY_NAME[line["topic"]].asked}
        unknown = [key for key in asked if line["patterns"][key] is None]
        shut = line["topic"] in ("crs", "cls") and not line["missing"]
        if unknown and not shut:
            assert line["level"] != "clear", (line["topic"], line["at"], chart(one))
        if line["level"] == "unknown" and not line["if_attributed"]:
            assert line["missing"], (line["topic"], line["at"], chart(one))
            # A scale that knows all its own parts may say 0, and be clear.
            if 0 not in line["grades"].values():
                assert line["status"] == "not_gradable", (line["topic"], chart(one))


@pytest.mark.requirement("I3.2")
@few
@given(drawn=HANDFUL)
def test_silence_never_lowers_a_level(drawn):
    """Two days without a row: what was raised stands, held, and nothing turns clear.

    Within the window of every family, for after it a topic is no longer asked about; of
    a reaction to an infusion from when its hours are over.
    """
    short = [[row for row in one if row.minute <= 24 * 60] for one in drawn]
    charts = named(short)
    answers = answered(charts, now=70 * 60)
    for name, one in charts.items():
        last = moment(clock(max(row.minute for row in one)))
        tail = answers.filter((pl.col("chart") == name) & (pl.col("at") >= last))
        over = pl.col("at") > moment(clock(SOON_AFTER))
        for level in LEVELS:
            seen = tail.filter(over) if level == "level:infusion_reaction" else tail
            course = seen[level].to_list()
            assert course == sorted(course), (level, chart(one))


@pytest.mark.parametrize("item", sorted(WORSE))
@tried(2)
@given(drawn=FULL)
def test_a_worse_reading_never_lowers_a_level(item, drawn):
    """R22: the last accepted reading is made worse, all the rest held fixed.

    The highest level of all topics: with a fever a low pressure moves from capillary
    leak to cytokine release (11.1), so one topic alone may fall.
    """
    better, worse = {}, {}
    for place, (name, one) in enumerate(named(drawn).items()):
        until = max(row.minute for row in one)
        one = calm(one, until) if name in CALM else one
        pair = two_last_readings(item, place % 4 + place // 4)
        head = [row for row in one if not (row.code == item and row.minute == until)]
        better[name] = [*head, Written(until + 1, pair[0])]
        worse[name] = [*head, Written(until + 1, pair[1])]
    mild = last_levels(answered(better))
    bad = last_levels(answered(worse))
    for before, after in zip(mild, bad, strict=True):
        assert after["highest"] >= before["highest"], chart(worse[before["chart"]])


def calm(one: list[Written], until: int) -> list[Written]:
    """The same cycle of somebody who was well until now: the last reading decides."""
    kept = [row for row in one if row.minute <= 0 or row.kind == "treatment"]
    return kept + [Written(until, text) for text in WELL]


def two_last_readings(item: str, choice: int) -> tuple[str, str]:
    """A milder and a worse reading of the item, neighbors in its steps."""
    values, unit = VALUES[item]
    ordered = sorted(values, key=float, reverse=WORSE[item] < 0)
    place = choice % (len(ordered) - 1)
    mild, bad = ordered[place], ordered[place + 1]
    return (f"reading,{item},{mild},{unit}", f"reading,{item},{bad},{unit}")


def last_levels(answers: pl.DataFrame) -> list[dict[str, object]]:
    last = answers.group_by("chart", maintain_order=True).last()
    return last.select("chart", highest=pl.max_horizontal(LEVELS)).to_dicts()


@few
@given(drawn=HANDFUL, seed=st.integers(0, 1000))
def test_a_corrected_row_is_as_if_it_had_been_typed_right(drawn, seed):
    """The right value came last, with what it corrects struck out."""
    charts = named(drawn)
    corrected = {name: mended(one, seed) for name, one in charts.items()}
    right = {name: sorted(one) for name, one in corrected.items()}
    assert steps(answered(corrected)) == steps(answered(right))


def mended(one: list[Written], seed: int) -> list[Written]:
    """The chart after one of its signs was corrected to another value of its item."""
    chosen = random.Random(seed)
    wrong = chosen.choice([row for row in one if row.code in SIGNS])
    values, unit = SIGNS[wrong.code]
    value = chosen.choice(values)
    text = f"reading,{wrong.code},{value},{unit}"
    return [row for row in one if row != wrong] + [Written(wrong.minute, text)]


@few
@given(drawn=HANDFUL)
def test_a_fever_that_may_be_masked_never_ranks_above_the_fever_itself(drawn):
    """R22: the same signs with a fever are at least as high a level."""
    masked, fever = {}, {}
    for name, one in named(drawn).items():
        until = max(row.minute for row in one)
        head = [row for row in one if not (row.code == "TEMP" and row.minute > 0)]
        head.append(Written(until - 10, "treatment,paracetamol,1000,mg,"))
        masked[name] = [*head, Written(until + 1, "reading,TEMP,37.4,Cel")]
        fever[name] = [*head, Written(until + 1, "reading,TEMP,38.4,Cel")]
    cool, hot = last_levels(answered(masked)), last_levels(answered(fever))
    for without, with_it in zip(cool, hot, strict=True):
        assert with_it["highest"] >= without["highest"], chart(fever[without["chart"]])
