"""The window in which a toxicity limits the dose: its first and last moment."""

from datetime import UTC, datetime, timedelta

import pytest

from monitor.review.dlt import placed

FIRST = datetime(2026, 11, 19, 15, 5, tzinfo=UTC)
DAY, MINUTE = timedelta(days=1), timedelta(minutes=1)


@pytest.mark.parametrize(
    ("onset", "state", "day"),
    [
        (FIRST - MINUTE, "not_started", None),
        (FIRST, "open", 1),
        (FIRST + DAY - MINUTE, "open", 1),
        (FIRST + DAY, "open", 2),
        (FIRST + 28 * DAY - MINUTE, "open", 28),
        (FIRST + 28 * DAY, "over", 29),
    ],
)
def test_an_event_stands_on_a_day_of_the_window(onset, state, day):
    found = placed(FIRST, 28, onset)
    assert (found.state, found.day, found.counts) == (state, day, state == "open")


def test_before_the_first_dose_there_is_no_window():
    assert placed(None, 28, FIRST).state == "not_started"
