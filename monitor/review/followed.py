"""What followed a finding, for the page of its episode and for its dossier."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from django.db.models import Min

from monitor import clock
from monitor.episodes.assessing import protocol_of
from monitor.episodes.models import Episode
from monitor.episodes.shapes import EpisodeRow, SetValues
from monitor.notices.models import Acknowledgement, Notice
from monitor.review.case import Case
from monitor.review.corrected import corrections, standing_words
from monitor.review.fluid_answers import fluid_answers
from monitor.review.intervals import Interval, first_fever, intervals
from monitor.review.responses import boluses, responses, weights_of
from monitor.treatments.models import Treatment
from monitor.trials.models import Participant


def followed(
    case: Case, given: Sequence[Treatment], others: Sequence[Treatment]
) -> dict[str, Any]:
    """Corrections, intervals, and how the participant did after what was `given`.

    `others`: given while it was open, not linked to it.
    """
    episode, row, sets = case.episode, case.row, case.sets
    known = min(one.recorded_at for one in case.steps)
    changed = corrections(episode, known) if case.corrected else []
    until = case.until or clock.now()
    answers = answers_about(episode.cycle.participant, row.since, until)
    lines = protocol_of(episode.cycle).lines
    fever_at = first_fever(sets, row.since, lines)
    return {
        "corrections": changed,
        "still_fires": standing_words(row, case.steps) if changed else "",
        "known_at": known,
        "intervals": measured(row, known, answers, given, others, fever_at),
        "responses": after(given, sets),
        "answered": fluid_answers(episode.cycle, given, sets),
        "boluses": boluses(given, weights_of(given)),
    }


def after(given: Sequence[Treatment], sets: Sequence[SetValues]) -> dict[int, Any]:
    """Treatment id -> how it was before, 30 and 60 minutes after; actions have none."""
    return {
        one.pk: responses(one, sets)
        for one in given
        if one.form != Treatment.Form.ACTION
    }


def known_at(episode: Episode) -> datetime:
    """When the program first said so: intervals run from there, not from the onset."""
    steps = episode.steps.filter(withdraws__isnull=True)
    return steps.aggregate(first=Min("recorded_at"))["first"]


def answers_about(
    participant: Participant, start: datetime, until: datetime
) -> list[Acknowledgement]:
    """Who took what was told of the participant while the episode was open."""
    told = Acknowledgement.objects.filter(
        notice__participant=participant,
        notice__kind=Notice.Kind.LEVEL,
        notice__happened_at__range=(start, until),
        kind=Acknowledgement.Kind.ACKNOWLEDGED,
    )
    return list(told.select_related("user", "notice").order_by("at", "pk"))


def measured(
    row: EpisodeRow,
    known: datetime,
    answers: Sequence[Acknowledgement],
    given: Sequence[Treatment],
    others: Sequence[Treatment],
    fever_at: datetime | None = None,
) -> list[Interval]:
    return intervals(
        found_at=known,
        acknowledged_at=min(
            (one.at for one in answers if one.at >= known), default=None
        ),
        treatments=given,
        others=unplanned(others),
        resolved_at=row.resolved_at,
        neutropenic_at=fever_at,
    )


def unplanned(lines: Iterable[Treatment]) -> list[Treatment]:
    """A regimen by the protocol answers no finding that it is not linked to."""
    return [one for one in lines if one.form != Treatment.Form.SCHEDULED]
