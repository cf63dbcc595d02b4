"""What is due next: told in sentences, and against a plain walk over every minute."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.clinical.due import followup, schedule, slots
from monitor.clinical.due.present import OUTSIDE, Contact, Deferral, Due, Standing
from monitor.clinical.study.plan import SET_ITEMS, Contacts, Intensity, Plan, Routine
from monitor.clinical.study.protocol import Agent, Protocol, problems_of

DOSE = datetime(2026, 11, 19, 15, 0, tzinfo=UTC)
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
BOSTON = ZoneInfo("America/New_York")
FOURS = (Intensity(15, times=4), Intensity(60, times=4), Intensity(240))


def protocol(**plan) -> Protocol:
    return Protocol(plan=Plan(sets=FOURS, **plan))


def whole(at: datetime) -> dict[str, datetime]:
    return dict.fromkeys(SET_ITEMS, at)


def standing(now=DOSE, last=None, **more) -> Standing:
    """A dose at 15:00, and one whole set at `last`."""
    told = {"last_dose": DOSE, "first_dose": DOSE, "zone": BOSTON, **more}
    if last is not None:
        told = {"last_set": last, "asked": whole(last), **told}
    return Standing(now=now, **told)


def first(*, using=None, **told) -> Due:
    return schedule.dues(using or protocol(), standing(**told))[0]


# Slots


def test_four_sets_by_the_quarter_hour_four_by_the_hour_then_every_four_hours():
    slot, walked = DOSE, []
    for _ in range(11):
        slot = slots.next_slot(FOURS, DOSE, slot)
        walked.append((slot - DOSE) / MINUTE)
    assert walked == [15, 30, 45, 60, 120, 180, 240, 300, 540, 780, 1020]


def test_a_late_dose_shifts_every_slot():
    late = 47 * MINUTE
    for seen in (None, DOSE + 20 * MINUTE, DOSE + 3 * HOUR):
        shifted = None if seen is None else seen + late
        there = slots.next_slot(FOURS, DOSE, seen)
        assert slots.next_slot(FOURS, DOSE + late, shifted) == there + late


@pytest.mark.parametrize(
    ("minutes", "then"), [(22, 30), (23, 45), (37, 45), (38, 60), (89, 120), (90, 180)]
)
def test_a_set_answers_its_slot_from_half_an_interval_before_it(minutes, then):
    found = slots.next_slot(FOURS, DOSE, DOSE + minutes * MINUTE)
    assert found == DOSE + then * MINUTE


def plainly(sets, dose, last):
    """The same, by walking along every slot of ten days."""
    edges, start = [], 0.0
    for one in sets:
        end = one.end_minutes(start)
        at = start + one.every_minutes
        last_one = one is sets[-1]
        while at <= (14400 if end is None or last_one else end):
            edges.append((at, one.every_minutes))
            at += one.every_minutes
        start = end if end is not None else start
    for at, every in edges:
        slot = dose + timedelta(minutes=at)
        if last is None or last < dose or last < slot - timedelta(minutes=every) / 2:
            return slot
    raise AssertionError("ten days are enough")


@settings(max_examples=300, deadline=None)
@given(
    quarter=st.sampled_from([5, 10, 15, 30]),
    hourly=st.sampled_from([30, 60, 120]),
    counts=st.tuples(st.integers(1, 6), st.integers(1, 8)),
    seen=st.one_of(st.none(), st.integers(-600, 5 * 1440)),
)
def test_the_next_slot_is_the_first_unanswered_one(quarter, hourly, counts, seen):
    sets = (
        Intensity(quarter, times=counts[0]),
        Intensity(hourly, times=counts[1]),
        Intensity(240),
    )
    last = None if seen is None else DOSE + seen * MINUTE
    assert slots.next_slot(sets, DOSE, last) == plainly(sets, DOSE, last)


@settings(max_examples=200, deadline=None)
@given(seen=st.lists(st.integers(0, 3000), min_size=1, max_size=40))
def test_a_later_set_never_makes_the_next_one_sooner(seen):
    found = [slots.next_slot(FOURS, DOSE, DOSE + at * MINUTE) for at in sorted(seen)]
    assert found == sorted(found)


def test_a_set_is_due_when_the_infusion_ends():
    ends = DOSE + 20 * MINUTE
    told = {"infusion_end": ends}
    due = first(last=DOSE + 15 * MINUTE - 1 * MINUTE, **told)
    assert (due.at, due.what) == (ends, "end_of_infusion")
    at_its_end = first(last=ends - 5 * MINUTE, **told)
    assert (at_its_end.at, at_its_end.what) == (DOSE + 30 * MINUTE, "set")


def test_a_protocol_may_ask_for_no_set_at_the_end_of_an_infusion():
    ends = DOSE + 20 * MINUTE
    using = protocol(end_of_infusion=False)
    due = first(using=using, last=DOSE + 14 * MINUTE, infusion_end=ends)
    assert due.at == DOSE + 30 * MINUTE


# Complete, partial, refused


def test_a_partial_set_leaves_the_set_due_and_says_what_it_lacks():
    seen = DOSE + 30 * MINUTE
    asked = whole(seen) | {"RESP": DOSE + 15 * MINUTE}
    del asked["ACVPU"]
    due = first(last_set=seen, asked=asked)
    assert (due.at, due.lacks) == (seen, ("RESP", "ACVPU"))


def test_the_missing_part_may_come_a_little_later():
    seen = DOSE + 30 * MINUTE
    due = first(last_set=seen + 4 * MINUTE, asked=whole(seen) | {"RESP": seen + MINUTE})
    assert (due.at, due.lacks) == (DOSE + 45 * MINUTE, ())


def test_what_was_not_done_is_asked_again_within_the_hour():
    seen = DOSE + 9 * HOUR
    due = first(last=seen, undone={"TEMP": seen})
    assert (due.at, due.lacks, due.why) == (seen + HOUR, ("TEMP",), "not_done")


def test_a_set_that_was_refused_is_asked_for_again_when_it_was_agreed():
    asked = DOSE + 8 * HOUR
    told = {"last": DOSE + 5 * HOUR, "now": DOSE + 9 * HOUR + MINUTE}
    refused = Deferral(asked, DOSE + 10 * HOUR, "refused")
    assert first(**told).at == DOSE + 9 * HOUR
    due = first(**told, deferrals=(refused,))
    assert (due.at, due.why) == (DOSE + 10 * HOUR, "refused")


def test_an_absence_is_capped_sooner_after_a_dose_or_under_a_danger_sign():
    def cap(**told):
        seen = standing(**told)
        return (schedule.absence_cap(protocol(), seen) - seen.now) / MINUTE

    assert cap(now=DOSE + 4 * HOUR - MINUTE) == 30
    assert cap(now=DOSE + 4 * HOUR) == 120
    assert cap(now=DOSE + 9 * HOUR, level="warning") == 30


# Risk


@pytest.mark.parametrize(
    ("level", "minutes"), [("warning", 60), ("critical", 30), ("watch", 240)]
)
def test_a_level_brings_the_next_set_nearer_and_says_so(level, minutes):
    daily = Protocol(plan=Plan(sets=(Intensity(1440),)))
    seen = DOSE + 30 * HOUR
    due = first(using=daily, last=seen, level=level)
    assert (due.at - seen, due.why, due.level) == (minutes * MINUTE, "level", level)


def test_one_value_alone_does_not_put_the_whole_set_off():
    seen = DOSE + 9 * HOUR
    asked = whole(seen) | {"SYSBP": seen + 25 * MINUTE}
    due = first(last_set=seen + 25 * MINUTE, asked=asked, level="critical")
    assert due.at == seen + 30 * MINUTE


def test_a_low_pressure_asks_for_another_in_ten_minutes():
    seen = DOSE + HOUR
    due = first(last=seen, low=seen, low_items=("SYSBP",))
    assert (due.at, due.what) == (seen + 10 * MINUTE, "recheck")


def test_only_a_pressure_answers_a_low_pressure():
    seen = DOSE + HOUR
    low = {"low": seen, "low_items": ("SYSBP",), "last_set": seen + 5 * MINUTE}
    warm = first(asked=whole(seen) | {"TEMP": seen + 5 * MINUTE}, **low)
    again = first(asked=whole(seen) | {"SYSBP": seen + 5 * MINUTE}, **low)
    assert (warm.what, again.what) == ("recheck", "set")


def test_a_pressure_that_could_not_be_taken_answers_nothing():
    seen = DOSE + HOUR
    tried = {"SYSBP": seen + 5 * MINUTE}
    low = {"low": seen, "low_items": ("SYSBP",), "undone": tried}
    assert first(last_set=seen, asked=whole(seen) | tried, **low).what == "recheck"


@pytest.mark.parametrize(("after", "what"), [(14, "bolus_recheck"), (15, "set")])
def test_a_bolus_asks_for_its_own_pressure_after_a_quarter_hour(after, what):
    ended = DOSE + 61 * MINUTE
    due = first(last=ended + after * MINUTE, bolus=ended)
    assert due.what == what
    if what == "bolus_recheck":
        assert due.at == ended + 30 * MINUTE


# Pauses and places


def test_a_pause_holds_what_is_due_until_it_ends_by_itself():
    pause = Deferral(DOSE + 5 * HOUR, DOSE + 12 * HOUR)
    due = first(last=DOSE + 5 * HOUR, deferrals=(pause,))
    assert (due.at, due.why) == (pause.until, "pause")


def test_a_low_pressure_during_a_pause_is_rechecked_all_the_same():
    pause = Deferral(DOSE + 5 * HOUR, DOSE + 12 * HOUR)
    seen = DOSE + 6 * HOUR
    told = {"last": seen, "low": seen, "low_items": ("SYSBP",)}
    assert first(**told, deferrals=(pause,)).at == seen + 10 * MINUTE


def test_discharge_takes_with_it_what_hung_on_the_ward():
    pause = Deferral(DOSE + 5 * HOUR, DOSE + 12 * HOUR)
    told = {"last": DOSE + 5 * HOUR, "deferrals": (pause,), "low": DOSE + 5 * HOUR}
    home = {"place": "AT_HOME", "place_since": DOSE + 6 * HOUR}
    assert schedule.dues(protocol(), standing(**told, **home)) == []
    back = {"place": "INPATIENT", "place_since": DOSE + 6 * HOUR}
    assert first(**told, **back).at == DOSE + 5 * HOUR + 10 * MINUTE


AT_HOME = {"place": "AT_HOME", "place_since": DOSE + 6 * HOUR}


@pytest.mark.parametrize("place", OUTSIDE)
def test_away_from_the_ward_only_the_planned_contact_is_due(place):
    call = Contact(DOSE + 20 * HOUR)
    told = {"last": DOSE + 5 * HOUR, "place": place, "place_since": DOSE + 6 * HOUR}
    found = schedule.dues(protocol(), standing(**told, contacts=(call,)))
    assert found == [Due(call.at, "telephone")]


def test_a_call_within_four_hours_before_answers_the_planned_one():
    call = Contact(DOSE + 20 * HOUR)
    told = {**AT_HOME, "contacts": (call,)}
    early = schedule.dues(protocol(), standing(last=call.at - 4 * HOUR, **told))
    too_early = standing(last=call.at - 4 * HOUR - MINUTE, **told)
    assert early == []
    assert schedule.dues(protocol(), too_early) == [Due(call.at, "telephone")]


@pytest.mark.parametrize("after", ["it was planned", "they went home"])
def test_what_was_heard_before_does_not_answer_a_planned_call(after):
    """A set in the ward an hour ago, and a call planned for the evening."""
    evening = DOSE + 9 * HOUR
    planned, left = DOSE + 6 * HOUR, DOSE + 6 * HOUR
    if after == "it was planned":
        left -= HOUR
    else:
        planned -= HOUR
    call = Contact(evening, since=planned)
    told = {"place": "AT_HOME", "place_since": left, "contacts": (call,)}
    before = standing(last=DOSE + 6 * HOUR - MINUTE, **told)
    assert schedule.dues(protocol(), before) == [Due(evening, "telephone")]
    assert schedule.dues(protocol(), standing(last=DOSE + 6 * HOUR, **told)) == []


def test_the_protocol_asks_for_a_contact_where_nobody_planned_one():
    using = protocol(contacts=Contacts(every_hours=24, until_days=7))
    told = {"last": DOSE + 5 * HOUR, **AT_HOME}
    assert first(using=using, **told).at == DOSE + 30 * HOUR
    planned = Contact(DOSE + 40 * HOUR, "visit")
    assert first(using=using, **told, contacts=(planned,)).what == "visit"
    week = {**AT_HOME, "place_since": DOSE + 6 * DAY + HOUR}
    assert schedule.dues(using, standing(last=DOSE + 5 * HOUR, **week)) == []


def test_a_weekend_between_injections_is_schedule():
    monday = DOSE + 3 * DAY
    due = first(last=DOSE + HOUR, next_dose=monday, **AT_HOME)
    assert (due.at, due.what) == (monday, "visit")


def test_a_fever_told_by_telephone_asks_for_a_set_in_the_clinic():
    told = {**AT_HOME, "last": DOSE + 20 * HOUR}
    assert schedule.dues(protocol(), standing(**told)) == []
    assert first(**told, fever=True).what == "clinic_set"
    assert first(**told, level="warning").at == DOSE + 21 * HOUR


def test_nothing_is_due_before_a_dose_is_planned():
    assert schedule.dues(protocol(), standing(last_dose=None)) == []


def test_a_set_is_due_in_the_hour_before_a_dose():
    before = {"last_dose": None, "next_dose": DOSE}
    due = first(last=DOSE - 61 * MINUTE, **before)
    assert (due.at, due.what, due.lacks) == (DOSE - HOUR, "pre_dose", ())
    assert schedule.dues(protocol(), standing(last=DOSE - HOUR, **before)) == []


# Routines


WEIGHT = protocol(routines=(Routine("weight", ("WEIGHT",), by_hour=10),))


def routine(using, now, **told) -> list[Due]:
    seen = standing(now=now, last=now, place="INPATIENT", **told)
    return [due for due in schedule.dues(using, seen) if due.what in ("weight", "labs")]


def test_a_weight_is_due_each_day_by_its_hour_at_the_site():
    now = datetime(2026, 11, 20, 15, 30, tzinfo=UTC)  # 10:30 in Boston
    assert routine(WEIGHT, now) == [Due(now - 30 * MINUTE, "weight", ("WEIGHT",))]


@pytest.mark.parametrize(
    ("day", "hour"),
    [
        (datetime(2026, 11, 1, 17, tzinfo=UTC), 15),
        (datetime(2026, 3, 8, 17, tzinfo=UTC), 14),
    ],
)
def test_the_hour_is_the_site_s_also_when_the_clocks_change(day, hour):
    assert routine(WEIGHT, day)[0].at == day.replace(hour=hour)


def test_blood_is_due_at_its_hours_after_the_first_dose():
    using = protocol(routines=(Routine("labs", ("ALB",), after_hours=(6, 24, 72)),))

    def at(hours, drawn=None):
        seen = standing(now=DOSE + hours * HOUR, last=DOSE, place="INPATIENT")
        asked = dict(seen.asked) | ({"ALB": DOSE + drawn * HOUR} if drawn else {})
        told = {**vars(seen), "asked": asked}
        found = schedule.dues(using, Standing(**told))
        return [(due.at - DOSE) / HOUR for due in found if due.what == "labs"]

    assert at(2) == [6]
    assert at(14) == [6]
    assert at(15) == [24]
    assert at(4, drawn=3) == [24]
    assert at(20, drawn=14) == [24]
    assert at(20, drawn=15) == [72]
    assert at(100, drawn=15) == [72]


# Follow-up


def test_follow_up_ends_agent_by_agent():
    using = Protocol(
        agents=(
            Agent("ilkn421h", "ILKN421H"),
            Agent("pembrolizumab", "Pembrolizumab", cytokine=False, checkpoint=True),
        )
    )
    last = {"pembrolizumab": DOSE, "ilkn421h": DOSE + DAY}
    assert followup.ends(using, last) == {
        "pembrolizumab": DOSE + 90 * DAY,
        "ilkn421h": DOSE + 31 * DAY,
    }


# The protocol's own words


def test_a_protocol_that_asks_for_what_cannot_be_says_so():
    document = {
        "name": "x",
        "version": "1",
        "schedule": [{"every_minutes": 15, "times": 4, "until_hours": 1}],
        "routines": [
            {"what": "weight", "items": ["WAIT"], "by_hour": 8},
            {"what": "x"},
        ],
        "contacts": {"every_hours": 24},
    }
    assert problems_of(document) == [
        "There is no item WAIT.",
        "contacts, entry 1: unknown or missing parts.",
        "routines, entry 2: unknown or missing parts.",
        "schedule, entry 1: give times or until_hours, not both.",
    ]
