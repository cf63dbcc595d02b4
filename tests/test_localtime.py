"""A time as it is typed: of the site, near midnight, and when the clocks change."""

from datetime import UTC, datetime

import pytest

from monitor import localtime
from monitor.localtime import Unclear
from monitor.refusal import Refused

BOSTON = "America/New_York"


def utc(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=UTC)


AFTERNOON = utc(2026, 11, 19, 19, 30)  # 14:30 in Boston.
AFTER_MIDNIGHT = utc(2026, 11, 19, 5, 20)  # 00:20 in Boston.
BACK = utc(2026, 11, 1, 6, 10)  # 01:10 for the second time.
FORWARD = utc(2026, 3, 8, 7, 40)  # 03:40; 02:00 to 03:00 never came.


@pytest.mark.parametrize(
    ("now", "typed", "moment"),
    [
        (AFTERNOON, "14:22", utc(2026, 11, 19, 19, 22)),
        (AFTERNOON, "1422", utc(2026, 11, 19, 19, 22)),
        (AFTERNOON, "15:00", utc(2026, 11, 19, 20, 0)),
        (AFTERNOON, "18 Nov 23:50", utc(2026, 11, 19, 4, 50)),
        (AFTER_MIDNIGHT, "00:10", utc(2026, 11, 19, 5, 10)),
        (AFTER_MIDNIGHT, "23:50", utc(2026, 11, 19, 4, 50)),
        (AFTER_MIDNIGHT, "12:20", utc(2026, 11, 18, 17, 20)),
        (AFTER_MIDNIGHT, "12:19", utc(2026, 11, 19, 17, 19)),
        (BACK, "1 Nov 01:05 -04:00", utc(2026, 11, 1, 5, 5)),
        (BACK, "1 Nov 01:05 \N{MINUS SIGN}05:00", utc(2026, 11, 1, 6, 5)),
        (BACK, "31 Oct 23:50", utc(2026, 11, 1, 3, 50)),
    ],
)
def test_a_time_is_that_of_the_site(now, typed, moment):
    assert localtime.read(typed, BOSTON, now) == moment


NEW_YEARS_EVE = utc(2026, 12, 31, 23, 0)  # 18:00 in Boston.


@pytest.mark.parametrize(
    ("now", "after", "typed", "moment"),
    [
        # Without a year the nearest; without a day the first after that.
        (NEW_YEARS_EVE, NEW_YEARS_EVE, "2 Jan 07:00", utc(2027, 1, 2, 12, 0)),
        (NEW_YEARS_EVE, NEW_YEARS_EVE, "30 Dec 07:00", utc(2026, 12, 30, 12, 0)),
        (NEW_YEARS_EVE, NEW_YEARS_EVE, "07:00", utc(2027, 1, 1, 12, 0)),
        (NEW_YEARS_EVE, NEW_YEARS_EVE, "19:00", utc(2027, 1, 1, 0, 0)),
        (NEW_YEARS_EVE, NEW_YEARS_EVE, "18:00", utc(2027, 1, 1, 23, 0)),
        (AFTERNOON, utc(2026, 11, 24, 0, 0), "07:00", utc(2026, 11, 24, 12, 0)),
        (AFTER_MIDNIGHT, AFTER_MIDNIGHT, "23:50", utc(2026, 11, 20, 4, 50)),
    ],
)
def test_a_time_of_a_plan_is_one_to_come(now, after, typed, moment):
    assert localtime.read(typed, BOSTON, now, after=after) == moment


def test_a_time_that_came_twice_is_asked_in_words():
    with pytest.raises(Unclear) as asked:
        localtime.read("01:05", BOSTON, BACK)
    assert asked.value.sentence == (
        "The clocks went back over 01:05: it came twice. Write \N{MINUS SIGN}04:00 "
        "behind it for the first, \N{MINUS SIGN}05:00 for the second."
    )
    assert asked.value.choices == (
        (
            "Before they went back, \N{MINUS SIGN}04:00",
            "1 Nov 01:05 \N{MINUS SIGN}04:00",
        ),
        (
            "After they went back, \N{MINUS SIGN}05:00",
            "1 Nov 01:05 \N{MINUS SIGN}05:00",
        ),
    )


def test_a_time_that_never_came_is_asked_in_words():
    with pytest.raises(Unclear) as asked:
        localtime.read("02:30", BOSTON, FORWARD)
    assert asked.value.sentence == (
        "The clocks went forward over 02:30: it never came. Was it 01:30 or 03:30?"
    )
    typed = [typed for _words, typed in asked.value.choices]
    read = [localtime.read(one, BOSTON, FORWARD) for one in typed]
    assert read == [utc(2026, 3, 8, 6, 30), utc(2026, 3, 8, 7, 30)]


@pytest.mark.parametrize("minute", range(0, 240, 20))
def test_what_a_field_is_filled_with_is_read_back(minute):
    """Also through the night in which an hour comes twice."""
    now = datetime.fromtimestamp(BACK.timestamp() - 7200 + minute * 60, UTC)
    assert localtime.read(localtime.say(now, BOSTON), BOSTON, now) == now


@pytest.mark.parametrize("typed", ["9999-12-31 23:59", "31 Dec 9999 23:59"])
def test_a_year_that_nobody_means_is_refused_in_words(typed):
    with pytest.raises(Refused, match="no such day"):
        localtime.read(typed, BOSTON, AFTERNOON, after=AFTERNOON)
