"""What is due for a participant, from the cycle's last answer. No database."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from monitor.bedside.models import Arrangement
from monitor.clinical.due import present, schedule, slots
from monitor.clinical.due.present import PRESSING, Contact, Deferral, Due, Standing
from monitor.episodes import wording
from monitor.episodes.assessing import protocol_of
from monitor.episodes.current import state_of
from monitor.episodes.holds import expected_dose
from monitor.episodes.rows import when
from monitor.episodes.shapes import DueRow, SetValues
from monitor.trials.blinding import hidden_items
from monitor.trials.models import Cycle

Summary = dict[str, Any]
Kind = Arrangement.Kind

WORDS = {
    "set": lazy("set"),
    "end_of_infusion": lazy("end of infusion"),
    "recheck": lazy("re-check"),
    "bolus_recheck": lazy("re-check after bolus"),
    "pre_dose": lazy("pre-dose"),
    "telephone": lazy("contact"),
    "visit": lazy("visit"),
    "clinic_set": lazy("set in clinic"),
    "weight": lazy("weight"),
    "labs": lazy("laboratory"),
    "examination": lazy("examination"),
    "fluids": lazy("fluids"),
    "cells": lazy("immune cells"),
}
SOONER = {
    "watch": lazy("sooner: an episode is open"),
    "warning": lazy("sooner: warning"),
    "critical": lazy("sooner: critical"),
}
# A gap this long is an absence, not one missed set.
ABSENCE = timedelta(hours=10)
# How far from its slot a set may lie before the slot counts as missed, and how wide
# the mark is.
GRACE = timedelta(minutes=30)
MARK = timedelta(minutes=10)


def dues_of(cycle: Cycle, summary: Summary, now: datetime) -> list[DueRow]:
    """Everything that is due, soonest first."""
    return [due_row(one, now) for one in asked_of(cycle, summary, now)]


def died(cycle: Cycle, summary: Mapping[str, Any]) -> bool:
    """Whether a death was signed, and no set speaks against it that came later."""
    at, last = cycle.participant.died_at, when(summary.get("last_set"))
    return at is not None and (last is None or last <= at)


def asked_of(cycle: Cycle, summary: Summary, now: datetime) -> list[Due]:
    """The same as the core says it, without what the trial hides. Of who died nothing

    is due.
    """
    if died(cycle, summary):
        return []
    found = schedule.dues(protocol_of(cycle), standing_of(cycle, summary, now))
    hidden = hidden_items(cycle.participant.site.trial)
    return [*asked_openly(found, hidden)] if hidden else found


def asked_openly(found: Iterable[Due], hidden: Set[str]) -> Iterator[Due]:
    """What lacks hidden items alone is asked for nowhere: they have their own page."""
    for one in found:
        if not one.lacks or not hidden & set(one.lacks):
            yield one
        elif left := tuple(item for item in one.lacks if item not in hidden):
            yield replace(one, lacks=left)


def due_of(cycle: Cycle, summary: Summary, now: datetime) -> DueRow | None:
    """The next set, re-check, pre-dose check or contact; None when nothing is due.

    The day's weight and blood are not among them: nobody is called for those.
    """
    found = asked_of(cycle, summary, now)
    pressing = next((one for one in found if one.what in PRESSING), None)
    return due_row(pressing, now) if pressing else None


def due_row(due: Due, now: datetime) -> DueRow:
    what = str(WORDS[due.what])
    if due.lacks and due.what in ("set", "pre_dose") and due.why != "not_done":
        what = _("partial %(what)s") % {"what": what}
    late = due.minutes_late(now) is not None
    sooner = due.why == "level" and due.what == "set"
    return DueRow(due.at, what, late, due.what, why_words(due), sooner)


def why_words(due: Due) -> str:
    """`RESP, ACVPU missing`, `sooner: warning`, `refused, asked again`."""
    said = []
    if due.lacks:
        names = ", ".join(wording.item_short(item) for item in due.lacks)
        form = (
            _("%(items)s not done") if due.why == "not_done" else _("lacks %(items)s")
        )
        said.append(form % {"items": names})
    if due.what == "clinic_set":
        said.append(_("after what was reported"))
    elif due.why == "level":
        said.append(str(SOONER[due.level]))
    elif due.why == "pause":
        said.append(_("after a pause"))
    elif due.why in Arrangement.Why.values:
        reason = Arrangement.Why(due.why).label
        said.append(_("%(reason)s, asked again") % {"reason": reason})
    return "; ".join(said)


def standing_of(cycle: Cycle, summary: Summary, now: datetime) -> Standing:
    """How things stand, as the core asks it."""
    lines = summary.get("lines", ())
    low = summary.get("low") or {}
    place = summary.get("place") or {}
    asked, undone = _asked(summary)
    return Standing(
        now=now,
        zone=ZoneInfo(cycle.participant.site.time_zone),
        first_dose=when(summary.get("first_given")),
        last_dose=_at(summary.get("given")),
        infusion_end=when(summary.get("infusion_end")),
        next_dose=expected_dose(state_of(cycle), summary),
        asked=asked,
        undone=undone,
        last_set=when(summary.get("last_set")),
        low=when(low.get("at")),
        low_items=tuple(low.get("items", ())),
        bolus=when(summary.get("bolus")),
        level=present.pressing(lines),
        fever=any(one.get("patterns", {}).get("fever_onset") is True for one in lines),
        place=place.get("code", ""),
        place_since=when(place.get("since")),
        deferrals=tuple(deferrals(summary)),
        contacts=tuple(contacts(summary)),
    )


def _asked(summary: Summary) -> tuple[dict[str, datetime], dict[str, datetime]]:
    """Item -> when it was last asked; and those of them that were not done then."""
    asked = {
        item: at
        for item, last in summary.get("current", {}).items()
        if (at := when(last["at"]))
    }
    gone = summary.get("not_done", {})
    said = {item: at for item, one in gone.items() if (at := when(one["at"]))}
    undone = {item: at for item, at in said.items() if gone[item]["why"] == "not_done"}
    return asked | said, undone


def deferrals(summary: Summary) -> Iterator[Deferral]:
    for one in summary.get("arranged", ()):
        if one["kind"] != Kind.CONTACT:
            why = "pause" if one["kind"] == Kind.PAUSE else one["why"]
            at, until = when(one["at"]), when(one["until"])
            if at and until:
                yield Deferral(at, until, why)


def contacts(summary: Summary) -> Iterator[Contact]:
    for one in summary.get("arranged", ()):
        at = when(one["until"])
        if one["kind"] == Kind.CONTACT and at:
            how = "visit" if one["why"] == "visit" else "telephone"
            yield Contact(at, how, since=when(one["at"]))


def pause_of(summary: Summary, now: datetime) -> Summary | None:
    """The pause of monitoring that holds now, as it was arranged."""
    for one in summary.get("arranged", ()):
        since = when((summary.get("place") or {}).get("since"))
        at, until = when(one["at"]), when(one["until"])
        if one["kind"] == Kind.PAUSE and at and until and at <= now < until:
            return None if since and at < since else one
    return None


def recheck_of(cycle: Cycle, summary: Summary, now: datetime) -> datetime | None:
    """When a low or unconfirmed reading asks for another; None once one has come."""
    found = asked_of(cycle, summary, now)
    return next((one.at for one in found if one.what == "recheck"), None)


def missed_of(
    cycle: Cycle, sets: Sequence[SetValues], summary: Summary, now: datetime
) -> Iterator[tuple[datetime, datetime]]:
    """Marks where the schedule expected a set and none came. `sets`: oldest first."""
    plan = protocol_of(cycle).plan
    doses = [moment for text in summary.get("doses", ()) if (moment := when(text))]
    for one, following in pairwise(sets):
        given = max((dose for dose in doses if dose <= one.at), default=None)
        if given is None or following.at - one.at > ABSENCE:
            continue
        slot = slots.next_slot(plan.sets, given, one.at)
        grace = max(GRACE, (slot - one.at) / 2)
        if following.at - slot > grace:
            yield slot - MARK, slot + MARK


def _at(dose: Summary | None) -> datetime | None:
    return when(dose["at"]) if dose else None
