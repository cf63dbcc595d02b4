"""What is due next, and why then: from the protocol, the dose as given, and the risk.

A complete set answers a slot; a partial one leaves it due, and names what it lacks. A
low reading, a bolus and a raised level bring the next set nearer. At home only the
contact can be late (R16). Pure: the same standing gives the same answer.
"""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from monitor.clinical.due import slots
from monitor.clinical.due.present import (
    DANGEROUS,
    PRESSING,
    SOONER,
    Contact,
    Deferral,
    Due,
    Standing,
)
from monitor.clinical.study.plan import Routine
from monitor.clinical.study.protocol import Protocol


def dues(protocol: Protocol, standing: Standing) -> list[Due]:
    """Everything that is due or late, soonest first; empty when nothing is."""
    if standing.outside:
        found = [*_contacts(protocol, standing)]
    else:
        found = [
            *_rechecks(protocol, standing),
            *_set(protocol, standing),
            *_routines(protocol, standing),
        ]
    moved = [_deferred(one, standing) for one in found]
    return sorted(moved, key=lambda one: (one.at, one.what))


# Re-checks and sets


def _rechecks(protocol: Protocol, standing: Standing) -> Iterator[Due]:
    """After a low reading in ten minutes (R2), after a bolus in half an hour (R19)."""
    lines = protocol.lines
    if (low := standing.low) is not None:
        since = [_last(standing, item) for item in standing.low_items or ("SYSBP",)]
        if not any(at is not None and at > low for at in since):
            yield Due(low + _minutes(lines["recheck_minutes"]), "recheck")
    if (bolus := standing.bolus) is not None:
        enough = bolus + _minutes(lines["bolus_recheck_from_minutes"])
        pressure = _last(standing, "SYSBP")
        if pressure is None or pressure < enough:
            at = bolus + _minutes(lines["bolus_recheck_minutes"])
            yield Due(at, "bolus_recheck")


def _set(protocol: Protocol, standing: Standing) -> Iterator[Due]:
    """The set due next, with the reason that makes it the next one."""
    choices = [
        *_pre_dose(protocol, standing),
        *_after_dose(protocol, standing),
        *_sooner(protocol, standing),
        *_again(protocol, standing),
    ]
    if choices:
        yield min(choices, key=lambda one: one.at)


def _pre_dose(protocol: Protocol, standing: Standing) -> Iterator[Due]:
    if standing.next_dose is None:
        return
    opens = standing.next_dose - _minutes(protocol.lines["pre_dose_minutes"])
    lacking = _lacking(protocol, standing, opens)
    if lacking:
        yield Due(opens, "pre_dose", _partial(protocol, lacking))


def _after_dose(protocol: Protocol, standing: Standing) -> Iterator[Due]:
    plan, dose, last = protocol.plan, standing.last_dose, standing.last_set
    if dose is None:
        return
    ends = standing.infusion_end if plan.end_of_infusion else None
    early = _minutes(protocol.lines["end_of_infusion_early_minutes"])
    if last is not None and last >= dose:
        tried = slots.slot_answered(plan.sets, dose, last, ends, early)
        lacking = _lacking(protocol, standing, tried.opens) if tried else ()
        if tried and lacking:
            yield Due(tried.at, "set", _partial(protocol, lacking))
            return
    slot = slots.slot_after(plan.sets, dose, last, ends, early)
    yield Due(slot.at, "end_of_infusion" if slot.ending else "set")


def _sooner(protocol: Protocol, standing: Standing) -> Iterator[Due]:
    """A level shortens the interval, counted from when all of a set was last asked."""
    key = SOONER.get(standing.level)
    seen = [at for item in protocol.plan.items if (at := standing.asked.get(item))]
    if key and standing.last_set is not None and seen:
        at = min(seen) + _minutes(protocol.lines[key])
        yield Due(at, "set", why="level", level=standing.level)


def _again(protocol: Protocol, standing: Standing) -> Iterator[Due]:
    """What was not done is asked for again, whatever the reason."""
    undone = [item for item in protocol.plan.items if item in standing.undone]
    if undone:
        last = max(standing.undone[item] for item in undone)
        at = last + _minutes(protocol.lines["not_done_again_minutes"])
        yield Due(at, "set", tuple(undone), why="not_done")


def _lacking(
    protocol: Protocol, standing: Standing, opens: datetime
) -> tuple[str, ...]:
    """The items of a set that nobody asked since the slot opened."""
    return tuple(
        item
        for item in protocol.plan.items
        if (at := standing.asked.get(item)) is None or at < opens
    )


def _partial(protocol: Protocol, lacking: tuple[str, ...]) -> tuple[str, ...]:
    """What a partial set lacks; nothing is named where no set was begun."""
    return lacking if len(lacking) < len(protocol.plan.items) else ()


# Routines: weight, laboratory, examination, fluids


def _routines(protocol: Protocol, standing: Standing) -> Iterator[Due]:
    for one in protocol.plan.routines:
        if one.by_hour is not None:
            found = _daily(one, standing)
        else:
            found = _after_first(one, standing)
        if found is not None:
            yield found


def _daily(routine: Routine, standing: Standing) -> Due | None:
    """By its hour of the site's day: in the ward, in clinic on the day of a dose."""
    local = standing.now.astimezone(standing.zone)
    start = local.replace(hour=0, minute=0, second=0, microsecond=0, fold=0)
    dosed = [standing.last_dose, standing.next_dose]
    today = any(
        one and one.astimezone(standing.zone).date() == local.date() for one in dosed
    )
    if not (standing.place == "INPATIENT" or (standing.place == "IN_CLINIC" and today)):
        return None
    lacking = _unasked(routine, standing, start)
    if not lacking:
        return None
    hour, minute = divmod(round((routine.by_hour or 0) * 60), 60)
    at = start.replace(hour=hour, minute=minute).astimezone(UTC)
    arrived = standing.place_since
    return Due(max(at, arrived) if arrived else at, routine.what, lacking)


def _after_first(routine: Routine, standing: Standing) -> Due | None:
    """The sample whose turn it is; one that a later one has overtaken is a gap."""
    if standing.first_dose is None:
        return None
    before = 0.0
    found = None
    for hours in routine.after_hours:
        opens = standing.first_dose + timedelta(hours=(before + hours) / 2)
        before = hours
        if found is not None and opens > standing.now:
            break
        lacking = _unasked(routine, standing, opens)
        at = standing.first_dose + timedelta(hours=hours)
        found = Due(at, routine.what, lacking) if lacking else None
    return found


def _unasked(routine: Routine, standing: Standing, since: datetime) -> tuple[str, ...]:
    return tuple(
        item
        for item in routine.items
        if (at := standing.asked.get(item)) is None or at < since
    )


# At home


def _contacts(protocol: Protocol, standing: Standing) -> Iterator[Due]:
    """A planned contact, else the protocol's; a planned dose is a visit; a reported

    fever or danger sign asks for a set in the clinic.
    """
    lines, last = protocol.lines, standing.last_heard
    early = timedelta(hours=lines["contact_early_hours"])
    waiting = [
        Due(one.at, one.how)
        for one in standing.contacts
        if last is None or last < _answered_from(one, standing, early)
    ]
    yield from waiting or _by_protocol(protocol, standing)
    if standing.next_dose is not None:
        yield Due(standing.next_dose, "visit")
    reported = last and standing.place_since and last >= standing.place_since
    if last and reported and (standing.fever or standing.level in DANGEROUS):
        at = last + _minutes(lines["warning_set_minutes"])
        yield Due(at, "clinic_set", why="level", level=standing.level)


def _answered_from(contact: Contact, standing: Standing, early: timedelta) -> datetime:
    """When a contact may be answered: a little before its time, but not before somebody
    planned it or the participant left the ward.
    """
    known = (contact.at - early, contact.since, standing.place_since)
    return max(one for one in known if one is not None)


def _by_protocol(protocol: Protocol, standing: Standing) -> Iterator[Due]:
    asked = protocol.plan.contacts
    since = [one for one in (standing.place_since, standing.last_heard) if one]
    if asked is None or standing.last_dose is None or not since:
        return
    at = max(since) + timedelta(hours=asked.every_hours)
    if at <= standing.last_dose + timedelta(days=asked.until_days):
        yield Due(at, "visit" if asked.how == "visit" else "telephone")


# Pauses and absences


def _deferred(due: Due, standing: Standing) -> Due:
    """Due again at the end of the pause or absence that covers it."""
    for one in standing.deferrals:
        if one.until > due.at and _holds(one, due, standing):
            due = replace(due, at=one.until, why=one.why)
    return due


def _holds(deferral: Deferral, due: Due, standing: Standing) -> bool:
    """Whether a deferral still stands: no other place since, no newer alarm, no set."""
    if standing.place_since and deferral.at < standing.place_since:
        return False
    if deferral.pauses:
        newer = [standing.low, standing.bolus]
        rechecked = due.what in ("recheck", "bolus_recheck")
        return not (rechecked and any(at and at > deferral.at for at in newer))
    answered = standing.last_set is not None and standing.last_set > deferral.at
    return due.what in PRESSING and not answered


def absence_cap(protocol: Protocol, standing: Standing) -> datetime:
    """The latest time at which a set that could not be taken is asked for again."""
    lines, dose = protocol.lines, standing.last_dose
    early = timedelta(hours=lines["absence_early_hours"])
    soon = standing.level in DANGEROUS or (dose and standing.now - dose < early)
    key = "absence_cap_early_minutes" if soon else "absence_cap_minutes"
    return standing.now + _minutes(lines[key])


def _last(standing: Standing, item: str) -> datetime | None:
    """The last value of an item; one not done is none."""
    at = standing.asked.get(item)
    return None if item in standing.undone else at


def _minutes(count: float) -> timedelta:
    return timedelta(minutes=count)
