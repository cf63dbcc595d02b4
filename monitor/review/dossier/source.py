"""Every row that a dossier speaks of, loaded once: a constant number of queries."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Q, QuerySet
from django.utils.dateformat import format as format_date
from django.utils.translation import gettext as _

from monitor import clock
from monitor.audit.models import Event
from monitor.audit.queries import events_for
from monitor.clinical.study.protocol import Protocol
from monitor.episodes import onward
from monitor.episodes import queries as episodes
from monitor.episodes.assessing import protocol_of
from monitor.episodes.models import Episode
from monitor.episodes.shapes import EpisodeRow, SetRow, StepRow
from monitor.notices.models import Acknowledgement
from monitor.review import choices, queries
from monitor.review.clocks import Clock
from monitor.review.corrected import Correction, corrections
from monitor.review.events import SafetyReport
from monitor.review.followed import answers_about, known_at
from monitor.review.models import Question, SecondOpinion
from monitor.review.narratives import Narrative, versions_of
from monitor.review.reporting import clocks_of
from monitor.review.shapes import ReviewRow
from monitor.review.states import State
from monitor.templatetags.times import offset_label
from monitor.treatments.models import Treatment
from monitor.trials.blinding import seeing
from monitor.trials.models import Cycle, Dose, Participant, Site, User

#: Told by the machine to its users a hundred times a day; the rest stands in the trail.
LEFT_OUT = ("notice.",)


@dataclass(frozen=True)
class Source:
    """One episode with all that stands round it, oldest first.

    `unblinded`: the reader may see the dose level and the amounts. `later`: cycles that
    it goes on in; their sets, doses and treatments are here too.
    """

    episode: Episode
    reader: User
    now: datetime
    row: EpisodeRow
    steps: Sequence[StepRow]
    sets: Sequence[SetRow]
    doses: Sequence[Dose]
    treatments: Sequence[Treatment]
    linked: frozenset[int]
    reviews: Sequence[ReviewRow]
    answers: Sequence[Acknowledgement]
    questions: Sequence[Question]
    clocks: Sequence[Clock]
    reports: Sequence[SafetyReport]
    written: Sequence[Narrative]
    events: Sequence[Event]
    chart: Mapping[str, Any]
    found_at: datetime
    corrections: Sequence[Correction]
    unblinded: bool
    cohort: str
    later: Sequence[Cycle] = ()

    @property
    def cycle(self) -> Cycle:
        return self.episode.cycle

    @property
    def participant(self) -> Participant:
        return self.cycle.participant

    @property
    def site(self) -> Site:
        return self.participant.site

    @cached_property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.site.time_zone)

    @cached_property
    def protocol(self) -> Protocol:
        return protocol_of(self.cycle)

    @cached_property
    def suspects(self) -> Mapping[str, str]:
        return choices.suspects_of(self.protocol)

    @property
    def standing(self) -> list[StepRow]:
        """The steps that no correction has withdrawn."""
        return [step for step in self.steps if step.withdrawn_at is None]

    @property
    def latest(self) -> ReviewRow | None:
        """The decision that stands."""
        return next((one for one in self.reviews if one.current), None)

    @property
    def signed(self) -> bool:
        return self.latest is not None and self.latest.state == State.SIGNED

    @property
    def disagreeing(self) -> list[SecondOpinion]:
        """Who disagrees with the signature that stands."""
        if not self.signed or self.latest is None or self.latest.signature is None:
            return []
        return [one for one in self.latest.signature.opinions.all() if not one.agrees]

    @property
    def died_at(self) -> datetime | None:
        """The death that the decision that stands speaks of: it ends the event."""
        return self.latest.review.died_at if self.latest else None

    @property
    def ended_at(self) -> datetime | None:
        return self.row.at if self.row.closed else None

    @property
    def own(self) -> list[Treatment]:
        """What was given for the episode."""
        return [one for one in self.treatments if one.pk in self.linked]

    @property
    def loose(self) -> list[Treatment]:
        """What was given while it was open, and is linked to no event or to others."""
        return [one for one in self.treatments if one.pk not in self.linked]

    def given(self, agent: str = "") -> list[Dose]:
        return [one for one in self.doses if one.given_at and agent in ("", one.agent)]

    def in_course(self, dose: Dose) -> bool:
        """Whether it was given after the onset, and before the event was over."""
        until = self.row.at if self.row.closed else self.now
        at = dose.given_at
        return at is not None and self.row.since < at <= until

    def of_cycle(self, row: Dose | Treatment) -> str:
        """`cycle 2`, where rows of several cycles stand together; else ""."""
        known = {one.pk: one.number for one in (self.cycle, *self.later)}
        if not self.later:
            return ""
        return _("cycle %(n)d") % {"n": known[row.cycle_id]}

    def agent_word(self, agent: str) -> str:
        return str(self.suspects.get(agent, agent))

    def say(self, at: datetime | None) -> str:
        """`28 Nov 2026, 14:22 −05:00`: every printed time carries its offset."""
        if at is None:
            return "–"
        local = at.astimezone(self.zone)
        return f"{format_date(local, 'j M Y, H:i')} {offset_label(local)}"

    def brief(self, at: datetime | None) -> str:
        """`28 Nov 14:22 −05:00`, where the year stands on the page already."""
        if at is None:
            return "–"
        local = at.astimezone(self.zone)
        return f"{format_date(local, 'j M H:i')} {offset_label(local)}"


def source_of(episode: Episode, reader: User, now: datetime | None = None) -> Source:
    """Everything about the episode that the reader may know."""
    now = now or clock.now()
    cycle = episode.cycle
    row = episodes.episode_row(episode)
    reviews = queries.reviews_of(episode)
    known, until = known_at(episode), row.at if row.closed else now
    ended = row.at if row.closed else None
    later = episodes.read_on(episode, row)
    sets = episodes.sets_of(episode, row, later)
    return Source(
        episode=episode,
        reader=reader,
        now=now,
        row=row,
        steps=episodes.history(episode),
        sets=sets,
        doses=episodes.doses_of_both(cycle, later, ended),
        treatments=treatments_of(cycle, later, row.since, until),
        linked=frozenset(linked_to(episode)),
        reviews=reviews,
        answers=answers_about(cycle.participant, row.since, until),
        questions=questions_about(episode, row.since, until),
        clocks=clocks_of([episode]).get(episode.pk, []),
        reports=reports_of(episode),
        written=versions_of(episode),
        events=events_about(episode, reviews, row.since, until),
        chart=episodes.chart_data(
            cycle,
            now=now,
            whole=True,
            user=reader,
            taken=sets,
            topic=episode.topic,
            later=later,
            until=ended,
        ),
        later=later,
        found_at=known,
        corrections=corrections(episode, known),
        unblinded=seeing(reader)(cycle.participant),
        cohort=episodes.cohort_words(reader)(cycle.participant),
    )


def treatments_of(
    cycle: Cycle, later: Sequence[Cycle], start: datetime, until: datetime
) -> list[Treatment]:
    """The lines of the log while it was open, in each cycle that it went on in."""
    lines = episodes.treatments_of_both(cycle, later).filter(at__range=(start, until))
    return list(lines.select_related("recorded_by").order_by("at", "pk"))


def linked_to(episode: Episode) -> Iterable[int]:
    rows = episodes.links_of(episode.cycle)
    return [pk for pk, own in rows.items() if any(one.id == episode.pk for one in own)]


def questions_about(
    episode: Episode, start: datetime, until: datetime
) -> list[Question]:
    """About the episode, and about the values that were seen while it was open."""
    seen = Q(
        reading__observation__cycle__in=onward.span_of(episode).values("pk"),
        reading__observation__observed_at__range=(start, until),
    )
    rows = Question.objects.filter(Q(episode=episode) | seen)
    rows = rows.select_related("asked_by", "episode", "reading__observation")
    loaded = rows.prefetch_related("replies__said_by", "replies__correction")
    return list(loaded.order_by("asked_at", "pk"))


def reports_of(episode: Episode) -> list[SafetyReport]:
    rows = SafetyReport.objects.filter(episode=episode).select_related("recorded_by")
    return list(rows.order_by("sent_at", "pk"))


def events_about(
    episode: Episode, reviews: Sequence[ReviewRow], start: datetime, until: datetime
) -> QuerySet[Event]:
    """The trail while the episode was open, and of its decisions ever since."""
    ids = [str(one.review.pk) for one in reviews]
    own = Q(object_type="Episode", object_id=str(episode.pk))
    decided = Q(object_type="Review", object_id__in=ids)
    events = events_for(episode.cycle.participant.code)
    events = events.filter(Q(at__range=(start, until)) | own | decided)
    for action in LEFT_OUT:
        events = events.exclude(action__startswith=action)
    return events.order_by("sequence")
