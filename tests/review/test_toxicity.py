"""Start and stop per grade: each change makes an interval, and the highest is kept."""

from datetime import UTC, datetime, timedelta

import pytest

from monitor.review.toxicity import Interval, cut, intervals, regraded

ZERO = datetime(2026, 11, 19, 12, 0, tzinfo=UTC)


def at(hours: float) -> datetime:
    return ZERO + timedelta(hours=hours)


def told(grades, end=None):
    found = intervals([(at(hours), grade) for hours, grade in grades], end)
    return [spoken(one) for one in found]


def spoken(one: Interval):
    hours = (one.begins - ZERO) / timedelta(hours=1)
    until = (one.ends - ZERO) / timedelta(hours=1) if one.ends else None
    return one.grade, hours, until


@pytest.mark.parametrize(
    ("grades", "end", "made"),
    [
        ([(0, 1)], None, [(1, 0, None)]),
        ([(0, 1), (2, 2), (5, 1)], None, [(1, 0, 2), (2, 2, 5), (1, 5, None)]),
        ([(0, 2), (1, 2), (3, 1)], None, [(2, 0, 3), (1, 3, None)]),
        ([(0, 2), (3, 0)], None, [(2, 0, 3)]),
        ([(0, 2), (3, 0), (4, 1)], 6, [(2, 0, 3), (1, 4, 6)]),
        ([(0, 2), (8, 0)], 6, [(2, 0, 6)]),
        ([(0, 2), (8, 1)], 6, [(2, 0, 6)]),
        ([(0, None), (1, 2)], None, [(2, 1, None)]),
        ([(0, 0)], None, []),
        ([], None, []),
    ],
)
def test_every_change_of_grade_makes_an_interval(grades, end, made):
    assert told(grades, at(end) if end is not None else None) == made


def test_a_grade_that_is_not_known_ends_none():
    assert told([(0, 2), (1, None), (3, 1)]) == [(2, 0, 3), (1, 3, None)]


@pytest.mark.parametrize(
    ("highest", "made"),
    [
        (4, [(1, 0, 2), (4, 2, 5), (1, 5, None)]),
        (2, [(1, 0, 2), (2, 2, 5), (1, 5, None)]),
        (1, [(1, 0, None)]),
    ],
)
def test_a_persons_word_for_the_highest_grade_stands(highest, made):
    found = intervals([(at(0), 1), (at(2), 3), (at(5), 1)], None)
    assert [spoken(one) for one in regraded(found, highest)] == made


@pytest.mark.parametrize("ends", [None, at(3)])
def test_an_interval_comes_back_as_it_was_kept(ends):
    one = Interval(2, at(1), ends)
    assert Interval.of(one.kept()) == one


@pytest.mark.parametrize(
    ("hours", "before", "after"),
    [
        (1, [(1, 0, 1)], [(1, 1, 2), (3, 2, 5), (1, 5, None)]),
        (2, [(1, 0, 2)], [(3, 2, 5), (1, 5, None)]),
        (6, [(1, 0, 2), (3, 2, 5), (1, 5, 6)], [(1, 6, None)]),
    ],
)
def test_a_split_gives_each_event_its_own_grades(hours, before, after):
    found = intervals([(at(0), 1), (at(2), 3), (at(5), 1)], None)
    first, second = cut(found, at(hours))
    assert [spoken(one) for one in first] == before
    assert [spoken(one) for one in second] == after
