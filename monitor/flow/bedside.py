"""At the bedside: sets, corrections, states that last, and the laboratory's limits."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import NAMESPACE_OID, UUID, uuid5

from monitor import clock, story
from monitor.bedside import actions as bedside
from monitor.bedside.entry import NewReading
from monitor.bedside.models import (
    Fact,
    HiddenReading,
    Observation,
    Reading,
    ReferenceRange,
)
from monitor.bedside.standards import LaboratoryRange, SiteUnit
from monitor.episodes import assessing
from monitor.episodes.models import Episode
from monitor.flow.notices import heeded
from monitor.notices import actions as notices
from monitor.story import Cause, Saved, cause_of
from monitor.treatments import actions as treatments
from monitor.trials.models import Cycle, Participant, Site, User


def record_set(
    *,
    cycle: Cycle,
    observed_at: datetime,
    readings: Sequence[NewReading],
    by: User,
    key: UUID,
    source: str = Observation.Source.BEDSIDE,
    panel: str = "set",
    note: str = "",
    laboratory: str = "",
    reported_at: datetime | None = None,
    given: Sequence[Mapping[str, Any]] = (),
) -> Saved:
    """A set of readings, with the lines of the management log that were typed with it.

    `given` holds arguments of treatments.actions.log. The same `key` again adds nothing
    and finds nothing new.
    """

    def act(locked: Cycle) -> tuple[Observation, bool]:
        row, created = bedside.record_observation(
            cycle=locked,
            observed_at=observed_at,
            readings=readings,
            by=by,
            key=key,
            source=source,
            panel=panel,
            note=note,
            laboratory=laboratory,
            reported_at=reported_at,
        )
        if not created:
            return row, created
        heeded(locked, notices.RECHECK, observed_at, by)
        for line in given:
            treatments.log(cycle=locked, by=by, **line)
            heeded(locked, notices.TREATMENT, line["at"], by)
        return row, created

    ends = [one.until for one in readings if one.until]
    known = max([reported_at or observed_at, *ends])
    return story.tell(cycle, act, by=by, cause=cause_of(known))


def correct_reading(
    *,
    reading: Reading,
    typed: str,
    unit: str | None,
    by: User,
    reason: str,
    **more: Any,
) -> Saved:
    """The value as it should have been typed. Raises Refused, with the field."""
    return story.correct(
        reading.observation.cycle,
        lambda: bedside.correct_reading(
            reading=reading, typed=typed, unit=unit, by=by, reason=reason, **more
        ),
        by,
    )


def replace_reading(
    *, reading: Reading, new: NewReading, by: User, reason: str
) -> Saved:
    """Any other answer in place of a reading: not done, unrecordable, a choice.

    For the protocol's minutes of grace the author of a slip needs no reason.
    """
    cycle = reading.observation.cycle
    grace = assessing.protocol_of(cycle).lines["own_slip_minutes"]
    return story.correct(
        cycle,
        lambda: bedside.replace_reading(
            reading=reading, new=new, by=by, reason=reason, grace=grace
        ),
        by,
    )


def void_reading(*, reading: Reading, by: User, reason: str) -> Saved:
    """Struck out: entered in error. It stays readable and feeds nothing."""
    return story.correct(
        reading.observation.cycle,
        lambda: bedside.void_reading(reading=reading, by=by, reason=reason),
        by,
    )


def void_set(*, observation: Observation, by: User, reason: str) -> Saved:
    """Strikes out all that stands of a set."""
    return story.correct(
        observation.cycle,
        lambda: bedside.void_observation(observation=observation, by=by, reason=reason),
        by,
    )


def settle_sets(
    *, first: Observation, second: Observation, by: User, **told: Any
) -> Saved:
    """Of two sets of one slot, which values count. See bedside.actions.settle."""
    return story.tell(
        first.cycle,
        lambda _locked: bedside.settle(first=first, second=second, by=by, **told),
        by=by,
        cause=Cause.CORRECTION,
    )


def confirm_reading(*, reading: Reading, by: User) -> Saved:
    """A held value is right: from now on it counts."""
    return story.tell(
        reading.observation.cycle,
        lambda _locked: (bedside.confirm_reading(reading=reading, by=by), True),
        by=by,
        cause=cause_of(reading.observation.observed_at),
    )


def record_fact(
    *, cycle: Cycle, code: str, at: datetime, by: User, key: UUID, **more: Any
) -> Saved:
    """A state that lasts: presence, usual oxygen. See bedside.actions.record_fact."""
    return story.tell(
        cycle,
        lambda locked: bedside.record_fact(
            cycle=locked, code=code, at=at, by=by, key=key, **more
        ),
        by=by,
        cause=cause_of(at),
    )


def decide(
    *, cycle: Cycle, code: str, value: str, at: datetime, by: User, key: UUID
) -> Saved:
    """A decision that a person made: hypotension confirmed, a value confirmed."""
    return record_fact(
        cycle=cycle,
        code=code,
        value=value,
        at=at,
        by=by,
        key=key,
        kind=Fact.Kind.DECISION,
    )


def say_over(*, episode: Episode, by: User) -> Saved:
    """A person says that an episode is over, as of now.

    It closes only where everything that made it is known not to be there (R5).
    """
    at = clock.now()
    return decide(
        cycle=episode.cycle,
        code="resolved",
        value=episode.topic,
        at=at,
        by=by,
        key=uuid5(NAMESPACE_OID, f"resolved {episode.pk} {at.isoformat()}"),
    )


def void_fact(*, fact: Fact, by: User, reason: str) -> Saved:
    return story.correct(
        fact.cycle, lambda: bedside.void_fact(fact=fact, by=by, reason=reason), by
    )


def record_range(*, cycle: Cycle, by: User, **told: Any) -> Saved:
    """The laboratory's limits of an item. See bedside.actions.record_range."""
    return story.tell(
        cycle,
        lambda locked: bedside.record_range(cycle=locked, by=by, **told),
        by=by,
        cause=Cause.ENTRY,
    )


def void_range(*, range_: ReferenceRange, by: User, reason: str) -> Saved:
    return story.correct(
        range_.cycle,
        lambda: bedside.void_range(range_=range_, by=by, reason=reason),
        by,
    )


def record_laboratory_range(*, site: Site, by: User, **told: Any) -> LaboratoryRange:
    """Limits for the sets to come. See bedside.actions.record_laboratory_range."""
    return bedside.record_laboratory_range(site=site, by=by, **told)[0]


def choose_unit(*, site: Site, by: User, **told: Any) -> SiteUnit:
    """How a field begins at a site. See bedside.actions.choose_unit."""
    return bedside.choose_unit(site=site, by=by, **told)[0]


def record_hidden(*, cycle: Cycle, by: User, **told: Any) -> tuple[HiddenReading, bool]:
    """A value that the trial hides. See bedside.actions.record_hidden.

    Nothing follows: what everybody is shown does not rest on it.
    """
    return bedside.record_hidden(cycle=cycle, by=by, **told)


def void_hidden(*, reading: HiddenReading, by: User, reason: str) -> HiddenReading:
    return bedside.void_hidden(reading=reading, by=by, reason=reason)


def look_at_hidden(*, participant: Participant, by: User) -> None:
    """See bedside.actions.look_at_hidden."""
    bedside.look_at_hidden(participant=participant, by=by)
