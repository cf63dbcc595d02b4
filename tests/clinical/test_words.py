"""The words of the rules, each with its own table of true, false and unknown."""

from datetime import UTC, datetime, timedelta
from itertools import permutations, product

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.clinical import words
from monitor.clinical.answers.latching import Latch, Latches, latch
from monitor.clinical.answers.repeating import (
    Lately,
    Repeat,
    Repeats,
    repeated,
    seen_within,
)
from monitor.clinical.tables import Sheet

START = datetime(2026, 11, 16, 8, tzinfo=UTC)
YES, NO, OPEN = True, False, None
ANSWERS = (YES, NO, OPEN)


def one(expr: pl.Expr, *answers: bool | None) -> bool | None:
    """What an expression over the columns a, b, c ... says of these answers."""
    letters = "abc"[: len(answers)]
    columns = {
        letter: [answer] for letter, answer in zip(letters, answers, strict=True)
    }
    schema = dict.fromkeys(letters, pl.Boolean)
    return pl.DataFrame(columns, schema=schema).select(expr).item()


# at_least, any_of -------------------------------------------------------------------
def expected_at_least(k: int, answers: tuple[bool | None, ...]) -> bool | None:
    """By trying out every way in which the unknown may turn out."""
    ways = [[one] if one is not None else [True, False] for one in answers]
    outcomes = {sum(way) >= k for way in product(*ways)}
    return outcomes.pop() if len(outcomes) == 1 else None


@pytest.mark.parametrize("k", [1, 2, 3])
@pytest.mark.parametrize("answers", list(product(ANSWERS, repeat=3)), ids=str)
def test_at_least_says_what_holds_however_the_unknown_turns_out(k, answers):
    expr = words.at_least(k, pl.col("a"), pl.col("b"), pl.col("c"))
    assert one(expr, *answers) is expected_at_least(k, answers)


@pytest.mark.parametrize(
    ("answers", "expected"),
    [
        ((NO, NO), NO),
        ((NO, YES), YES),
        ((YES, NO), YES),
        ((YES, YES), YES),
        ((OPEN, YES), YES),
        ((YES, OPEN), YES),
        ((OPEN, NO), OPEN),
        ((NO, OPEN), OPEN),
        ((OPEN, OPEN), OPEN),
    ],
)
def test_any_of(answers, expected):
    assert one(words.any_of([pl.col("a"), pl.col("b")]), *answers) is expected


# choose, known, highest -------------------------------------------------------------
@pytest.mark.parametrize(
    ("test", "then", "otherwise", "expected"),
    [
        (YES, YES, NO, YES),
        (YES, NO, YES, NO),
        (YES, OPEN, YES, OPEN),
        (NO, YES, NO, NO),
        (NO, NO, YES, YES),
        (NO, YES, OPEN, OPEN),
        (OPEN, YES, NO, OPEN),
        (OPEN, YES, YES, OPEN),
        (OPEN, OPEN, OPEN, OPEN),
    ],
)
def test_choose(test, then, otherwise, expected):
    expr = words.choose(pl.col("a"), pl.col("b"), pl.col("c"))
    assert one(expr, test, then, otherwise) is expected


@pytest.mark.parametrize(("answer", "expected"), [(YES, YES), (NO, NO), (OPEN, NO)])
def test_known(answer, expected):
    assert one(words.known(pl.col("a")), answer) is expected


@pytest.mark.parametrize("order", list(permutations(range(3))), ids=str)
@pytest.mark.parametrize(
    ("answers", "expected"),
    [
        ((NO, NO, NO), 0),
        ((OPEN, OPEN, OPEN), 0),
        ((YES, NO, NO), 1),
        ((YES, OPEN, NO), 1),
        ((YES, YES, OPEN), 2),
        ((NO, NO, YES), 4),
        ((YES, YES, YES), 4),
    ],
)
def test_highest_takes_the_highest_known_in_any_order(answers, expected, order):
    arms = list(zip((1, 2, 4), [pl.col(name) for name in "abc"], strict=True))
    assert one(words.highest(arms[i] for i in order), *answers) == expected


# rise, fall: rounded once, then compared --------------------------------------------
@pytest.mark.parametrize(
    ("base", "now", "by"),
    [(4.1, 3.6, 0.5), (62.6, 64.1, -1.5), (41.0, 36.0, 5.0), (3.9, 3.5, 0.4)],
)
def test_differences_are_exact_where_binary_floats_are_not(base, now, by):
    made = pl.DataFrame({"now:X": [now], "base:X": [base]})
    assert made.select(words.fall("X")).item() == by
    assert made.select(words.rise("X")).item() == -by


def test_a_difference_without_a_baseline_is_unknown():
    made = pl.DataFrame({"now:X": [4.0], "base:X": [None]}, schema_overrides=FLOATS)
    assert made.select(words.fall("X") >= 1, c=words.fall_percent("X")).row(0) == (
        None,
        None,
    )


FLOATS = {"now:X": pl.Float64, "base:X": pl.Float64}


def test_a_fall_in_percent_is_of_the_baseline():
    made = pl.DataFrame({"now:X": [96.0], "base:X": [120.0]})
    assert made.select(words.fall_percent("X")).item() == 20.0


# repeated (R2) ----------------------------------------------------------------------
def confirmed(*readings: tuple[float, bool | None], apart: float = 15) -> list:
    """What `repeated` says at each (minute, answer); every row is a fresh reading."""
    return confirmed_with(*((m, a, True) for m, a in readings), apart=apart)


def confirmed_with(
    *rows: tuple[float, bool | None, bool],
    apart: float = 15,
    groups: int = 1,
    lapses: bool = True,
) -> list:
    made = pl.DataFrame(
        {
            "g": [g for g in range(groups) for _ in rows],
            "at": [START + timedelta(minutes=m) for m, _, _ in rows] * groups,
            "sign:low": [answer for _, answer, _ in rows] * groups,
            "fresh:SYSBP": [is_fresh for _, _, is_fresh in rows] * groups,
        },
        schema_overrides={"sign:low": pl.Boolean, "g": pl.UInt32},
    )
    twice = Repeat("twice", "low", ("SYSBP",), apart, lapses)
    sheet = Sheet(made.get_columns())
    repeated(sheet, Repeats((twice,)))
    return sheet["sign:twice"].to_list()


def test_one_reading_does_not_confirm():
    assert confirmed((0, YES)) == [None]


@pytest.mark.parametrize(("minutes", "answer"), [(14, None), (15, True), (16, True)])
def test_the_second_reading_confirms_from_fifteen_minutes(minutes, answer):
    assert confirmed((0, YES), (minutes, YES)) == [None, answer]


def test_a_third_reading_is_measured_from_the_first():
    assert confirmed((0, YES), (10, YES), (20, YES)) == [None, None, True]


def test_a_fresh_no_starts_the_count_again():
    said = confirmed((0, YES), (10, NO), (20, YES), (30, YES), (36, YES))
    assert said == [None, False, None, None, True]


def test_a_value_carried_on_confirms_nothing():
    rows = [(0, YES, True), (20, YES, False), (40, YES, False)]
    assert confirmed_with(*rows) == [None, None, None]


def test_a_lapsed_first_reading_confirms_nothing():
    assert confirmed((0, YES), (20, OPEN), (40, YES)) == [None, None, None]


def test_a_lapsed_first_reading_counts_where_it_may_lapse():
    rows = [(0, YES, True), (20, OPEN, False), (40, YES, True), (50, NO, True)]
    said = confirmed_with(*rows, lapses=False)
    assert said == [None, None, True, False]


def test_what_was_confirmed_lapses_with_its_value():
    rows = [(0, YES, True), (20, YES, True), (400, OPEN, False)]
    assert confirmed_with(*rows) == [None, True, None]


def test_one_cycle_does_not_confirm_another():
    said = confirmed_with((0, YES, True), (20, YES, True), groups=2)
    assert said == [None, True, None, True]


# latched (B4) -----------------------------------------------------------------------
def stands(*rows: tuple, latch_of: dict | None = None, groups: int = 1) -> list[bool]:
    """Whether it stands at each (hour, fires, clear[, once[, against[, excused]]])."""
    return latched(*rows, latch_of=latch_of, groups=groups)["standing:x"].to_list()


def latched(
    *rows: tuple, latch_of: dict | None = None, groups: int = 1
) -> pl.DataFrame:
    full = [(*row, *(None,) * (6 - len(row))) for row in rows]
    names = ("fires", "clear", "once", "against", "excused")
    columns = {
        name: [row[place] for row in full] * groups
        for place, name in enumerate(names, start=1)
    }
    made = pl.DataFrame(
        {
            "g": [g for g in range(groups) for _ in rows],
            "at": [START + timedelta(hours=row[0]) for row in full] * groups,
            **columns,
        },
        schema_overrides=dict.fromkeys(names, pl.Boolean) | {"g": pl.UInt32},
    )
    settings = {"hours": 24.0, "sets": 3.0} | (latch_of or {})
    made_latch = Latch(
        "x",
        pl.col("fires"),
        pl.col("clear"),
        against=pl.col("against"),
        excused=pl.col("excused"),
        **settings,
    )
    return followed(made, [made_latch])


def followed(made: pl.DataFrame, latches: list[Latch]) -> pl.DataFrame:
    """The frame with what the latches give."""
    sheet = Sheet(made.get_columns())
    latch(sheet, Latches(tuple(latches)), 8.0)
    return sheet.frame()


def clear_every(hours: float, until: float, start: float = 0) -> list[tuple]:
    """Clear readings after a finding at `start`."""
    count = int((until - start) / hours)
    return [(start + hours * (n + 1), NO, YES) for n in range(count)]


def test_what_never_fired_does_not_stand():
    assert stands((0, NO, NO), (1, OPEN, YES), (2, NO, OPEN)) == [False] * 3


def test_an_unknown_does_not_fire_and_does_not_clear():
    assert stands((0, YES, NO), (6, OPEN, OPEN), (48, OPEN, OPEN)) == [True] * 3


def test_silence_never_clears():
    assert stands((0, YES, NO), (24 * 365, NO, NO)) == [True, True]


def test_it_is_raised_at_once_and_falls_after_its_hours():
    rows = [(0, YES, NO), *clear_every(6, 30)]
    assert stands(*rows) == [True, True, True, True, True, False]


@pytest.mark.parametrize(
    ("hours", "standing"), [(23.98, True), (24, False), (24.02, False)]
)
def test_the_hours_count_from_the_first_clear_reading(hours, standing):
    rows = [(1 + 6 * n, NO, YES) for n in range(4)]
    assert stands((0, YES, NO), *rows, (1 + hours, NO, YES))[-1] is standing


@pytest.mark.parametrize(("gap", "standing"), [(7.98, False), (8, False), (8.02, True)])
def test_a_missed_set_starts_the_clock_again(gap, standing):
    early = [(1 + 6 * n, NO, YES) for n in range(4)]
    late = 19 + gap
    assert stands((0, YES, NO), *early, (late, NO, YES))[-1] is standing


def test_after_a_missed_set_the_whole_time_is_asked_again():
    rows = [(0, YES, NO), (6, NO, YES), (20, NO, YES), (26, NO, YES), (32, NO, YES)]
    assert stands(*rows, (38, NO, YES), (43.9, NO, YES))[-1] is True
    assert stands(*rows, (38, NO, YES), (44, NO, YES))[-1] is False


@pytest.mark.parametrize(("sets", "standing"), [(2, False), (3, False), (4, True)])
def test_it_takes_so_many_readings(sets, standing):
    rows = [(0, YES, NO), (1, NO, YES), (2, NO, YES), (3, NO, YES)]
    said = stands(*rows, latch_of={"hours": 2.0, "sets": float(sets)})
    assert said[-1] is standing


@pytest.mark.parametrize(("at", "standing"), [(1, False), (3, False), (None, True)])
def test_once_must_have_been_seen_at_one_of_the_clear_readings(at, standing):
    rows = [(h, NO, YES, h == at) for h in (1, 2, 3)]
    latch_of = {"hours": 2.0, "once": pl.col("once")}
    assert stands((0, YES, NO), *rows, latch_of=latch_of)[-1] is standing


def test_once_before_the_finding_counts_for_nothing():
    rows = [(-1, NO, YES, YES), (0, YES, NO, NO)]
    rows += [(h, NO, YES, NO) for h in (1, 2, 3)]
    latch_of = {"hours": 2.0, "once": pl.col("once")}
    assert stands(*rows, latch_of=latch_of)[-1] is True


@pytest.mark.parametrize("again", ["fires", "against"])
def test_a_finding_in_between_starts_the_clock_again(again):
    finding = (13, YES, NO) if again == "fires" else (13, NO, NO, OPEN, YES)
    rows = [(0, YES, NO), *clear_every(6, 12), finding]
    assert stands(*rows, *clear_every(6, 31, start=13))[-1] is True
    assert stands(*rows, *clear_every(6, 43, start=13))[-1] is False


def test_an_unknown_between_two_clear_readings_does_not():
    rows = [(0, YES, NO), *clear_every(6, 30), (9, OPEN, OPEN)]
    assert stands(*sorted(rows))[-1] is False


def test_against_alone_does_not_raise():
    assert stands((0, NO, NO, OPEN, YES)) == [False]


def test_a_reading_that_fires_is_never_clear():
    assert stands((0, YES, YES), latch_of={"hours": 0.0, "sets": 1.0}) == [True]


def test_one_clear_value_is_enough_where_no_hours_are_asked():
    rows = [(0, YES, NO), (100, NO, YES)]
    assert stands(*rows, latch_of={"hours": 0.0, "sets": 1.0}) == [True, False]


def test_an_excuse_clears_what_fired_before():
    rows = [(0, YES, NO), (1, NO, NO, OPEN, NO, YES), (2, YES, NO)]
    assert stands(*rows) == [True, False, True]


def test_since_is_when_it_last_began():
    rows = [(0, YES, NO), (1, YES, NO), (2, NO, YES), (3, NO, NO), (4, YES, NO)]
    since = latched(*rows, latch_of={"hours": 0.0, "sets": 1.0})["since:x"].to_list()
    hours = [None if s is None else (s - START) / timedelta(hours=1) for s in since]
    assert hours == [0, 0, None, None, 4]


def test_one_cycle_clears_nothing_of_another():
    rows = [(0, YES, NO), *clear_every(6, 30)]
    assert stands(*rows, groups=2) == stands(*rows) * 2
    left = [(0, YES, NO), (1, NO, NO)]
    right = [(0, NO, NO), (1, NO, NO)]
    both = pl.concat(
        [
            latched(*left).select("g", "at", "fires", "clear"),
            latched(*right).select(pl.col("g") + 1, "at", "fires", "clear"),
        ]
    )
    made = followed(both, [Latch("x", pl.col("fires"), pl.col("clear"))])
    assert made["standing:x"].to_list() == [True, True, False, False]


def test_several_latches_answer_as_each_alone():
    rows = [(0, YES, NO), *clear_every(6, 36), (40, NO, NO), (41, YES, YES)]
    base = latched(*rows).select("g", "at", "fires", "clear")
    kinds = [
        Latch("a", pl.col("fires"), pl.col("clear"), 24.0, 3.0),
        Latch("b", pl.col("clear"), pl.col("fires")),
        Latch("c", pl.col("fires"), pl.col("clear"), 6.0, 2.0),
    ]
    together = followed(base, kinds)
    for kind in kinds:
        alone = followed(base, [kind])
        for column in (f"standing:{kind.name}", f"since:{kind.name}"):
            assert together[column].to_list() == alone[column].to_list()


def test_no_latch_leaves_the_frame_alone():
    base = latched((0, YES, NO)).select("g", "at")
    assert followed(base, []).equals(base)


def plain_latch(rows: list[tuple], hours: float, sets: int) -> list[bool]:
    """The same rule told as a story, reading by reading."""
    standing, run, said = False, [], []
    for at, fires, clear in rows:
        if fires:
            standing, run = True, []
        elif clear:
            if run and at - run[-1] > 8 and hours > 0:
                run = []
            run.append(at)
            if at - run[0] >= hours and len(run) >= sets:
                standing = False
        said.append(standing)
    return said


STEPS = st.lists(
    st.tuples(st.integers(1, 10), st.sampled_from(ANSWERS), st.sampled_from(ANSWERS)),
    min_size=1,
    max_size=30,
)


@settings(max_examples=50, deadline=None, derandomize=True)
@given(STEPS, st.sampled_from([0.0, 6.0, 24.0]), st.sampled_from([1, 2, 3]))
def test_a_latch_is_the_story_told_reading_by_reading(steps, hours, sets):
    at, rows = 0, []
    for gap, fires, clear in steps:
        at += gap
        rows.append((at, fires, clear))
    said = stands(*rows, latch_of={"hours": hours, "sets": float(sets)})
    assert said == plain_latch(rows, hours, sets)


# seen_within ------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("hours", "now", "expected"),
    [
        (71, NO, YES),
        (72, NO, YES),
        (73, NO, NO),
        (73, OPEN, OPEN),
        (71, OPEN, YES),
        (99, YES, YES),
    ],
)
def test_seen_within(hours, now, expected):
    made = pl.DataFrame(
        {
            "g": [0, 0],
            "at": [START, START + timedelta(hours=hours)],
            "at:EDEMA": [START, START + timedelta(hours=hours)],
            "sign:edema": [True, now],
        },
        schema_overrides={"sign:edema": pl.Boolean},
    )
    lately = seen_within(Lately("lately", "edema", 72.0, ("EDEMA",)))
    said = made.select(lately)["sign:lately"].to_list()
    assert said == [True, expected]
