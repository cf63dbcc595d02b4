"""The clocks of a serious event: from awareness, by the calendar of whose they are."""

from datetime import UTC, datetime, timedelta

import pytest

from monitor.review.clocks import (
    DEATH,
    INTEREST,
    LIFE_THREATENING,
    SERIOUS,
    Aware,
    Kind,
    Rules,
    Said,
    Sent,
    awareness,
    clocks,
    end_of,
    next_due,
    rank_of,
)

BOSTON, ZURICH, LOS_ANGELES = "America/New_York", "Europe/Zurich", "America/Los_Angeles"
HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def rules(sponsor: str = ZURICH, site: str = BOSTON) -> Rules:
    return Rules(24, 7, 15, sponsor, site, special_hours=24)


def due(aware: datetime, rank: int, *sent: Sent, **more: str) -> dict[str, str]:
    found = clocks([Aware(aware, rank)], sent, rules(**more), expedited=True)
    return {one.kind.value: f"{one.due_at:%a %d %b %H:%M %z}" for one in found}


NOON = utc("2026-11-19T17:00")


@pytest.mark.parametrize(
    ("serious", "rank"),
    [
        ([], 0),
        (["AESHOSP"], SERIOUS),
        (["AESMIE", "AESLIFE"], LIFE_THREATENING),
        (["AESLIFE", "AESDTH"], DEATH),
    ],
)
def test_a_death_is_more_serious_than_a_threat_to_life(serious, rank):
    assert rank_of(serious) == rank


def test_a_serious_event_starts_the_sites_day_and_the_sponsors_fifteen():
    assert due(NOON, SERIOUS) == {
        "site": "Fri 20 Nov 12:00 -0500",
        "sponsor": "Fri 04 Dec 23:59 +0100",
    }


@pytest.mark.parametrize("rank", [LIFE_THREATENING, DEATH])
def test_a_threat_to_life_starts_the_sponsors_seven_days_too(rank):
    assert due(NOON, rank) == {
        "site": "Fri 20 Nov 12:00 -0500",
        "sponsor_fatal": "Thu 26 Nov 23:59 +0100",
        "sponsor": "Fri 04 Dec 23:59 +0100",
    }


@pytest.mark.parametrize(
    ("aware", "sponsor", "ends"),
    [
        # The same moment is the 19th in Boston and already the 20th in Zurich.
        ("2026-11-19T23:30", BOSTON, "Thu 26 Nov 23:59 -0500"),
        ("2026-11-19T23:30", ZURICH, "Fri 27 Nov 23:59 +0100"),
        # The 31st: a week on is in the next month, and fifteen days in a short one.
        ("2026-12-31T12:00", ZURICH, "Thu 07 Jan 23:59 +0100"),
        ("2027-01-31T12:00", ZURICH, "Sun 07 Feb 23:59 +0100"),
        ("2026-10-31T12:00", BOSTON, "Sat 07 Nov 23:59 -0500"),
        # The leap day counts as the day that it is.
        ("2028-02-25T12:00", ZURICH, "Fri 03 Mar 23:59 +0100"),
        # The clocks are changed within the week, in autumn and in spring.
        ("2026-10-20T12:00", ZURICH, "Tue 27 Oct 23:59 +0100"),
        ("2026-10-28T12:00", BOSTON, "Wed 04 Nov 23:59 -0500"),
        ("2027-03-10T12:00", BOSTON, "Wed 17 Mar 23:59 -0400"),
        ("2027-03-24T12:00", ZURICH, "Wed 31 Mar 23:59 +0200"),
        # Midnight belongs to the day that it begins.
        ("2026-11-18T22:59", ZURICH, "Wed 25 Nov 23:59 +0100"),
        ("2026-11-18T23:00", ZURICH, "Thu 26 Nov 23:59 +0100"),
    ],
)
def test_seven_days_are_days_of_the_sponsors_calendar(aware, sponsor, ends):
    made = end_of(utc(aware), 7, sponsor)
    assert f"{made:%a %d %b %H:%M %z}" == ends


@pytest.mark.parametrize(
    ("aware", "site", "ends"),
    [
        # Twenty-four hours, whatever the clock on the wall shows.
        ("2026-10-31T16:00", BOSTON, "Sun 01 Nov 11:00 -0500"),
        ("2027-03-13T17:00", BOSTON, "Sun 14 Mar 13:00 -0400"),
        ("2026-10-24T12:00", ZURICH, "Sun 25 Oct 13:00 +0100"),
        ("2027-03-27T12:00", ZURICH, "Sun 28 Mar 14:00 +0200"),
        ("2026-12-31T17:00", BOSTON, "Fri 01 Jan 12:00 -0500"),
        ("2026-10-31T02:00", LOS_ANGELES, "Sat 31 Oct 19:00 -0700"),
    ],
)
def test_a_day_at_the_site_is_twenty_four_hours(aware, site, ends):
    assert due(utc(aware), SERIOUS, site=site)["site"] == ends


def test_the_sponsors_days_count_from_the_sites_report_once_it_is_out():
    sent = Sent(Kind.SITE, SERIOUS, NOON + 20 * HOUR)
    assert due(NOON, SERIOUS, sent)["sponsor"] == "Sat 05 Dec 23:59 +0100"


# More serious


def said(minutes: int, *serious: str, aware: datetime | None = None) -> Said:
    return Said(serious, aware, NOON + minutes * MINUTE)


def test_a_decision_without_a_time_is_awareness_at_that_moment():
    assert awareness([said(5, "AESHOSP")]) == [Aware(NOON + 5 * MINUTE, SERIOUS)]


def test_awareness_is_when_the_site_says_that_it_knew():
    known = awareness([said(60, "AESHOSP", aware=NOON)])
    assert known == [Aware(NOON, SERIOUS)]


def test_what_gets_more_serious_starts_again_from_that_awareness():
    known = awareness([said(0, "AESHOSP"), said(90, "AESHOSP", "AESLIFE")])
    later = NOON + 90 * MINUTE
    assert known == [Aware(NOON, SERIOUS), Aware(later, LIFE_THREATENING)]
    found = clocks(known, (), rules(), expedited=True)
    assert [(one.kind, one.aware_at) for one in found] == [
        (Kind.SITE, NOON),
        (Kind.SITE, later),
        (Kind.SPONSOR_FATAL, later),
        (Kind.SPONSOR, NOON),
        (Kind.SPONSOR, later),
    ]


@pytest.mark.parametrize(
    "after",
    [said(90, "AESHOSP"), said(90, "AESMIE"), said(90, "AESHOSP", "AESMIE")],
)
def test_what_stays_as_serious_starts_nothing_again(after):
    assert awareness([said(0, "AESHOSP"), after]) == [Aware(NOON, SERIOUS)]


def test_the_moment_of_awareness_can_be_corrected():
    told = [said(0, "AESHOSP"), said(90, "AESHOSP", aware=NOON - HOUR)]
    assert awareness(told) == [Aware(NOON - HOUR, SERIOUS)]


def test_what_is_no_longer_serious_has_no_clocks_and_may_begin_anew():
    told = [said(0, "AESHOSP"), said(5)]
    assert awareness(told) == []
    again = NOON + 90 * MINUTE
    assert awareness([*told, said(90, "AESLIFE")]) == [Aware(again, LIFE_THREATENING)]


# Of special interest


def special(minutes: int, *serious: str) -> Said:
    """Decided so many minutes after noon, known since five before it."""
    at = NOON + minutes * MINUTE
    return Said(serious, None, at, special_at=NOON - 5 * MINUTE)


KNOWN = Aware(NOON - 5 * MINUTE, INTEREST)


def test_what_is_of_special_interest_is_known_since_the_record_shows_it():
    assert awareness([special(0), special(90)]) == [KNOWN]


def test_what_becomes_serious_has_both_clocks_and_keeps_the_first():
    later = Aware(NOON + 90 * MINUTE, SERIOUS)
    assert awareness([special(0), special(90, "AESHOSP")]) == [KNOWN, later]
    upgraded = [special(0), special(90, "AESHOSP"), special(120)]
    assert awareness(upgraded) == [KNOWN]


def test_what_was_serious_from_the_first_has_its_own_clock_alone():
    assert awareness([special(0, "AESHOSP")]) == [Aware(NOON, SERIOUS)]
    assert awareness([special(0, "AESHOSP"), special(5)]) == [KNOWN]


def test_what_is_decided_to_be_something_else_has_no_clock():
    assert awareness([special(0), said(5)]) == []


def test_special_interest_owes_the_authority_nothing():
    (site,) = clocks([KNOWN], (), rules(), expedited=True)
    assert (site.kind, site.rank) == (Kind.SITE, INTEREST)
    assert site.due_at == NOON - 5 * MINUTE + 24 * HOUR


@pytest.mark.parametrize(
    ("kind", "rank", "runs"),
    [
        (Kind.SITE, INTEREST, [SERIOUS]),
        (Kind.SITE, SERIOUS, []),
        (Kind.SPONSOR, SERIOUS, [INTEREST, SERIOUS]),
    ],
)
def test_the_sites_report_of_a_serious_event_tells_the_special_interest(
    kind, rank, runs
):
    known = [KNOWN, Aware(NOON, SERIOUS)]
    found = clocks(known, [Sent(kind, rank, NOON + HOUR)], rules(), expedited=True)
    sites = [one for one in found if one.kind is Kind.SITE]
    assert [one.rank for one in sites if one.runs] == runs


# Sent, late, next


def test_a_report_stops_its_own_clock_alone():
    sent = [Sent(Kind.SITE, SERIOUS, NOON + HOUR)]
    found = clocks([Aware(NOON, SERIOUS)], sent, rules(), expedited=True)
    assert [(one.kind, one.runs) for one in found] == [
        (Kind.SITE, False),
        (Kind.SPONSOR, True),
    ]
    assert next_due(found).kind is Kind.SPONSOR


def test_an_upgrade_is_not_reported_by_the_report_before_it():
    known = [Aware(NOON, SERIOUS), Aware(NOON + HOUR, DEATH)]
    sent = [Sent(Kind.SITE, SERIOUS, NOON + 2 * HOUR)]
    found = clocks(known, sent, rules(), expedited=True)
    site = [one for one in found if one.kind is Kind.SITE]
    assert [(one.rank, one.runs) for one in site] == [(SERIOUS, False), (DEATH, True)]


@pytest.mark.parametrize(
    ("minutes", "late"), [(-1, False), (0, False), (1, True)], ids=str
)
def test_a_clock_is_late_after_its_minute(minutes, late):
    (site, *_rest) = clocks([Aware(NOON, SERIOUS)], (), rules(), expedited=False)
    assert site.late(NOON + 24 * HOUR + minutes * MINUTE) is late


def test_a_report_that_went_out_too_late_stays_late():
    sent = [Sent(Kind.SITE, SERIOUS, NOON + 25 * HOUR)]
    (site,) = clocks([Aware(NOON, SERIOUS)], sent, rules(), expedited=False)
    assert (site.runs, site.late(NOON + 26 * HOUR)) == (False, True)


def test_what_needs_no_expedited_report_has_the_sites_clock_alone():
    found = clocks([Aware(NOON, DEATH)], (), rules(), expedited=False)
    assert [one.kind for one in found] == [Kind.SITE]


def test_without_a_clock_nothing_is_due():
    assert next_due([]) is None
