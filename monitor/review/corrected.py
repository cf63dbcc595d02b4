"""What was corrected since a finding became known, and whether it would still fire."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from monitor.bedside.models import Reading
from monitor.episodes import onward, wording
from monitor.episodes.models import Episode, Step
from monitor.episodes.sets import text_of
from monitor.episodes.shapes import EpisodeRow, StepRow
from monitor.templatetags.log_ui import treatment_line
from monitor.treatments.models import Treatment


@dataclass(frozen=True)
class Correction:
    """One field, as it was and as it is. `now` empty: it was struck out."""

    at: datetime
    what: str
    was: str
    now: str
    by: str
    corrected_at: datetime
    reason: str


def corrections(episode: Episode, since: datetime) -> list[Correction]:
    """Values and lines of the log that were changed after `since`, oldest first."""
    late = {"recorded_at__gt": since}
    own = readings(episode).filter(**late).select_related("observation", *WHO)
    written = lines(episode).filter(**late).select_related(*WHO)
    found = [*(reading_row(one) for one in own), *(line_row(one) for one in written)]
    return sorted(found, key=lambda one: one.corrected_at)


WHO = ("recorded_by", "supersedes")


def readings(episode: Episode) -> QuerySet[Reading]:
    """The corrections of values in the cycles that an episode spans."""
    corrected = {"supersedes__isnull": False}
    span = onward.span_of(episode).values("pk")
    return Reading.objects.filter(observation__cycle__in=span, **corrected)


def lines(episode: Episode) -> QuerySet[Treatment]:
    """The corrections of the log in the cycles that an episode spans."""
    corrected = {"supersedes__isnull": False}
    span = onward.span_of(episode).values("pk")
    return Treatment.objects.filter(cycle__in=span, **corrected)


def reading_row(one: Reading) -> Correction:
    before: Reading = one.supersedes
    return Correction(
        at=one.observation.observed_at,
        what=wording.item_label(one.item),
        was=value_words(before),
        now="" if one.voided else value_words(one),
        by=one.recorded_by.get_full_name(),
        corrected_at=one.recorded_at,
        reason=one.reason,
    )


def value_words(one: Reading) -> str:
    """As it is compared, with how it was typed where that differs."""
    if one.state != Reading.State.VALUE:
        return str(one.not_done_reason or one.get_state_display())
    shown = text_of(one)
    shown = f"{shown} {wording.unit_label(one.item)}".strip()
    if one.typed_unit and one.typed_unit != one.unit:
        typed = wording.typed_text(one.item, f"{one.typed} {one.typed_unit}")
        return _("%(value)s (typed %(typed)s)") % {"value": shown, "typed": typed}
    return shown


def line_row(one: Treatment) -> Correction:
    before: Treatment = one.supersedes
    return Correction(
        at=one.at,
        what=_("Management log"),
        was=log_words(before, one),
        now="" if one.voided else log_words(one, before),
        by=one.recorded_by.get_full_name(),
        corrected_at=one.recorded_at,
        reason=one.reason,
    )


#: What a correction of the log is seen by, beside what was given.
TOLD = (
    *("at", "until", "route", "indication", "ordered_by", "given_by"),
    *("order", "called"),
    *("weight", "target", "source", "read_from", "deviation", "note"),
)


def log_words(one: Treatment, other: Treatment) -> str:
    """What was given, and each other field in which the two differ."""
    said = [treatment_line(one)]
    for name in TOLD:
        mine = getattr(one, name)
        if mine != getattr(other, name) and not isinstance(mine, datetime):
            said.append(f"{name.replace('_', ' ')}: {mine or '–'}")
    if one.response != other.response:
        said.append(str(one.get_response_display()))
    return "; ".join(said)


def standing_words(row: EpisodeRow, steps: Sequence[StepRow]) -> str:
    """Whether what was flagged would still be, on the record as it is now."""
    if row.unsupported:
        return _("The flag would no longer fire.")
    gone = [step for step in steps if step.withdrawn_at]
    come = [step for step in steps if step.cause == Step.Cause.CORRECTION]
    if not gone and not come:
        return _("The flag would still fire, with the same course.")
    if not gone:
        return _("The flag would still fire; its course differs.")
    was = max((step.max_grade or 0 for step in gone), default=0)
    most = row.max_grade or 0
    if was == most:
        return _("The flag would still fire; its course differs.")
    told = {"was": was, "now": most}
    return _("The flag would still fire; its maximum was %(was)d, is %(now)d.") % told
