"""Whether a bolus was answered: at, below and after each line, and what is unknown."""

from datetime import UTC, datetime, timedelta

import pytest

from monitor.clinical.care.fluid_answer import answered_at
from monitor.clinical.thresholds import THRESHOLDS

LINES = {key: one.value for key, one in THRESHOLDS.items()}
END = datetime(2026, 11, 19, 14, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
LATER = END + 300 * MINUTE


def answer(pressures, pressors=(), now=LATER, line=90.0):
    found = answered_at(
        END,
        [(END + minutes * MINUTE, sbp) for minutes, sbp in pressures],
        line,
        [
            (END + start * MINUTE, None if end is None else END + end * MINUTE)
            for start, end in pressors
        ],
        now,
        LINES,
    )
    return None if found is None else (found - END) // MINUTE


@pytest.mark.parametrize(
    ("minutes", "sbp", "known"),
    [
        (-1, 95, None),
        (0, 95, 0),
        (30, 89, None),
        (30, 90, 30),
        (59, 91, 59),
        (60, 90, 60),
        (61, 120, None),
    ],
)
def test_a_pressure_at_its_line_within_the_hour_answers_a_bolus(minutes, sbp, known):
    assert answer([(minutes, sbp)]) == known


def test_the_first_pressure_that_reached_the_line_is_named():
    assert answer([(45, 96), (15, 88), (30, 92)]) == 30


def test_the_line_is_the_persons_own():
    assert answer([(30, 86)], line=85.0) == 30


@pytest.mark.parametrize(
    ("start", "end", "known"),
    [
        (-60, -1, 30),
        (-60, 0, 30),
        (-60, 1, None),
        (10, 20, None),
        (10, 10, None),
        (-10, -10, 30),
        (-60, None, None),
        (239, None, None),
        (240, None, 30),
    ],
)
def test_a_vasopressor_within_four_hours_leaves_it_unknown(start, end, known):
    assert answer([(30, 96)], [(start, end)]) == known


@pytest.mark.parametrize(("minutes", "known"), [(239, None), (240, 30)])
def test_before_four_hours_nothing_is_known(minutes, known):
    assert answer([(30, 96)], now=END + minutes * MINUTE) == known


def test_without_a_pressure_nothing_is_known():
    assert answer([]) is None
