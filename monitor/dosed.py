"""What follows a decision on a dose, a dose that was given, and one that comes near.

`flow` calls this inside its verbs, as it calls `story`. A check that cannot be made
never keeps a dose from being recorded.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from django.utils.translation import gettext as _

from monitor.audit import together
from monitor.clinical.thresholds import THRESHOLDS
from monitor.episodes import actions as episodes
from monitor.episodes import holds
from monitor.episodes.assessing import protocol_of
from monitor.notices import dosing
from monitor.notices.models import Notice
from monitor.review import actions as reviews
from monitor.review import predose
from monitor.review.models import DoseDecision, DoseDeviation
from monitor.trials.models import Cycle, Dose, User

logger = logging.getLogger(__name__)

NEAR = timedelta(hours=THRESHOLDS["hold_notice_hours"].value)


#: So many are checked in one sweep, so that it stays short.
CHECKS = 10


def decided(cycle: Cycle, made: DoseDecision) -> None:
    """What was told before the dose is over; the bedside learns what was decided."""
    kept = holds.of_dose(cycle.state.hold, made.agent, made.number)
    dose = {"agent": made.agent, "number": made.number}
    hold = {**kept, **dose, "decision": str(made.choice)}
    hold["stopped"] = predose.discontinued(cycle.participant)
    episodes.keep_hold(state=cycle.state, hold=hold)
    dosing.dose_decided(cycle)
    told = {
        "agent": protocol_of(cycle).agent_label(made.agent),
        "n": made.number,
        "what": made.get_choice_display(),
        "who": made.printed_name,
    }
    line = _("%(agent)s dose %(n)d, decision of %(who)s: %(what)s.") % told
    lines = [line, *filter(None, [made.reason])]
    dosing.decision_made(cycle, key=str(made.pk), lines=lines)


def departs(cycle: Cycle, dose: Dose, by: User) -> DoseDeviation | None:
    """Names the deviation, if the dose was given without or against a decision.

    The investigators are told where a criterion speaks against the dose as well.
    """
    decision = predose.decision_on(dose, dose.given_at)
    if predose.deviates(dose.status, dose.given_at, decision) is None:
        return None
    found = safely_checked(cycle, dose.agent, dose.given_at)
    made = reviews.note_deviation(dose=dose, decision=decision, check_kept=found, by=by)
    if made is not None and predose.withholds(found):
        agent = protocol_of(cycle).agent_label(dose.agent)
        told = {"agent": agent, "n": dose.number, "how": made.get_kind_display()}
        head = _("%(agent)s dose %(n)d: %(how)s, with a hold criterion met.") % told
        lines = [head, *predose.met_lines(found)]
        dosing.dose_against_criterion(cycle, key=str(dose.pk), lines=lines)
    return made


def safely_checked(cycle: Cycle, agent: str, at: datetime | None) -> dict[str, Any]:
    """The check as it is kept; {} where it fails."""
    try:
        with together.looking():
            return predose.kept(predose.check_of(cycle, agent, at))
    except Exception:
        logger.exception("The check of a dose failed.")
        return {}


def keep_checks(cycles: Iterable[Cycle], now: datetime) -> int:
    """Check the next doses that are near and of which no check stands, for the board.

    `cycles` have their `state` loaded. Returns how many were checked.
    """
    wanting = (one for one in cycles if hasattr(one, "state"))
    due = [one for one in wanting if holds.wants_check(one.state, now)][:CHECKS]
    for cycle in due:
        keep_check(cycle, now)
    return len(due)


def keep_check(cycle: Cycle, now: datetime) -> None:
    """What cannot be checked is kept as not checked, until something is recorded.

    Before a dose of an agent that was discontinued there is nothing to check.
    """
    state = cycle.state
    dose = holds.next_dose_of(state) or {}
    agent, number = dose["agent"], dose["number"]
    stopped = predose.discontinued(cycle.participant)
    decision = holds.of_dose(state.hold, agent, number).get("decision", "")
    kept = {
        "agent": agent,
        "number": number,
        "decision": decision,
        "stopped": stopped,
        "entered": state.entered,
    }
    if agent in stopped:
        episodes.keep_hold(state=state, hold=kept)
        return
    try:
        with together.looking():
            found = predose.check_of(cycle, agent, now)
            kept |= predose.in_brief(found, cycle.participant.site)
    except Exception:
        logger.exception("The check of a dose failed.")
    episodes.keep_hold(state=state, hold=kept)


def coming(cycles: Iterable[Cycle], now: datetime) -> list[Notice]:
    """Tells of hold criteria that are met where a dose is near, or due and undecided.

    One query finds the doses; only those that are near are checked. A dose is told of
    once, and once more when its time has come.
    """
    near = Dose.objects.current().filter(
        cycle__in=[one.pk for one in cycles],
        status=Dose.Status.PLANNED,
        planned_at__lte=now + NEAR,
        planned_at__gt=now - NEAR,
    )
    places = "cycle__participant__site__trial", "cycle__protocol"
    doses = list(near.select_related(*places).order_by("planned_at", "pk"))
    known = _told(doses)
    made = [_told_of(dose, now) for dose in doses if _key(dose, now) not in known]
    return [one for one in made if one is not None]


def _key(dose: Dose, now: datetime) -> str:
    policy = "pre_dose_undecided" if dose.planned_at <= now else "pre_dose_hold"
    return f"{policy}:{dose.pk}"


def _told(doses: Iterable[Dose]) -> set[str]:
    policies = ("pre_dose_hold", "pre_dose_undecided")
    keys = [f"{policy}:{dose.pk}" for dose in doses for policy in policies]
    return set(Notice.objects.filter(key__in=keys).values_list("key", flat=True))


def _told_of(dose: Dose, now: datetime) -> Notice | None:
    if predose.decision_on(dose) is not None:
        return None
    found = safely_checked(dose.cycle, dose.agent, now)
    if not predose.withholds(found):
        return None
    agent = protocol_of(dose.cycle).agent_label(dose.agent)
    told = {"agent": agent, "n": dose.number}
    head = _("%(agent)s dose %(n)d: a hold criterion is met.") % told
    due = dose.planned_at <= now
    if due:
        head = _("%(agent)s dose %(n)d is due, nobody has decided on it.") % told
    tell = dosing.dose_undecided if due else dosing.hold_criterion_met
    lines = [head, *predose.met_lines(found)]
    return tell(dose.cycle, key=str(dose.pk), lines=lines)
