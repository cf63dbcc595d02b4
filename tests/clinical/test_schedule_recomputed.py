"""Schedules against a plain recomputation: every slot counted out, every set tried."""

from datetime import UTC, datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.clinical.due.present import Standing
from monitor.clinical.due.schedule import dues
from monitor.clinical.due.slots import next_slot
from monitor.clinical.study.plan import Intensity
from monitor.clinical.study.protocol import Protocol

DOSE = datetime(2026, 11, 19, 15, 5, tzinfo=UTC)
MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)
PLAN = Protocol.default().plan

#: One to three stretches, as protocols write them: so many sets, then the last goes on.
STRETCHES = st.lists(
    st.tuples(st.sampled_from([5, 10, 15, 30, 60, 120]), st.integers(1, 6)), max_size=2
)
LAST = st.sampled_from([30, 60, 240, 360, 1440])
MINUTES = st.integers(0, 3000)


def schedule(stretches, last):
    sets = [Intensity(every, times=count) for every, count in stretches]
    return (*sets, Intensity(last))


def counted(stretches, last, until):
    """(slot, half of its interval) in minutes, one after the other by the clock."""
    at, found = 0, []
    for every, count in stretches:
        for _one in range(count):
            at += every
            found.append((at, every / 2))
    going_on = True
    while going_on:
        at += last
        found.append((at, last / 2))
        going_on = at <= until + last
    return found


@settings(max_examples=300)
@given(stretches=STRETCHES, last=LAST, seen=st.none() | MINUTES)
def test_the_next_slot_is_the_first_that_no_set_answers(stretches, last, seen):
    every = counted(stretches, last, seen or 0)
    answered = [at for at, half in every if seen is not None and seen >= at - half]
    wanted = next(at for at, _half in every if at > max(answered, default=0))
    last_set = None if seen is None else DOSE + seen * MINUTE
    found = next_slot(schedule(stretches, last), DOSE, last_set)
    assert found == DOSE + wanted * MINUTE


@settings(max_examples=200)
@given(stretches=STRETCHES, last=LAST, seen=st.none() | MINUTES, shift=MINUTES)
def test_a_late_dose_moves_everything_by_as_much(stretches, last, seen, shift):
    sets = schedule(stretches, last)
    moved, by = DOSE + shift * MINUTE, shift * MINUTE
    last_set = None if seen is None else DOSE + seen * MINUTE
    then = None if last_set is None else last_set + by
    assert next_slot(sets, moved, then) == next_slot(sets, DOSE, last_set) + by


SETS = st.lists(
    st.tuples(MINUTES, st.sets(st.sampled_from(PLAN.items), min_size=1)), max_size=8
)


@settings(max_examples=300)
@given(rows=SETS, ahead=MINUTES)
def test_a_set_is_due_until_every_item_of_its_slot_was_asked(rows, ahead):
    """From all rows: each item's last one, and the slot that the last set meets."""
    rows = sorted(rows, key=lambda row: row[0])
    asked = {item: DOSE + at * MINUTE for at, items in rows for item in sorted(items)}
    latest = max((at for at, _items in rows), default=None)
    now = DOSE + max(latest or 0, ahead) * MINUTE
    standing = Standing(
        now=now,
        first_dose=DOSE,
        last_dose=DOSE,
        asked=asked,
        last_set=None if latest is None else DOSE + latest * MINUTE,
    )
    (found,) = [one for one in dues(Protocol.default(), standing) if one.what == "set"]
    slots = counted([(15, 4), (60, 4)], 240, latest or 0)
    tried = [one for one in slots if latest is not None and latest >= one[0] - one[1]]
    whole = {item: (at - DOSE) / MINUTE for item, at in asked.items()}
    if tried:
        at, half = tried[-1]
        lacking = [i for i in PLAN.items if i not in whole or whole[i] < at - half]
        if lacking:
            some = tuple(lacking) if len(lacking) < len(PLAN.items) else ()
            assert (found.at, found.lacks) == (DOSE + at * MINUTE, some)
            return
    following = next(one for one in slots if one not in tried)
    assert (found.at, found.lacks) == (DOSE + following[0] * MINUTE, ())
