"""The check before a dose for a slot in the database, and what was decided on it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from monitor import clock
from monitor.clinical.predose.answers import MET, STALE, UNKNOWN, Answer
from monitor.clinical.predose.check import Check, baselines_of, check
from monitor.episodes import due
from monitor.episodes.assessing import protocol_of
from monitor.episodes.queries import open_episodes, state_of
from monitor.episodes.timelines import facts_of
from monitor.review.models import DoseDecision, DoseDeviation
from monitor.trials.models import Cycle, Dose, Participant, Site

Choice = DoseDecision.Choice
Kind = DoseDeviation.Kind
Kept = dict[str, Any]
#: What a decision lets become of the dose, where it is given.
GIVES = {Choice.GIVE: Dose.Status.GIVEN, Choice.REDUCE: Dose.Status.REDUCED}


def check_of(cycle: Cycle, agent: str, at: datetime | None = None) -> Check:
    """Every hold criterion of the cycle's protocol as it stands at `at` (now).

    A later cycle is compared with the baselines of cycle 1 too.
    """
    at, protocol = at or clock.now(), protocol_of(cycle)
    return check(
        facts_of(cycle),
        protocol,
        at,
        participant=cycle.participant.code,
        cycle=str(cycle.number),
        agent=agent,
        zone=cycle.participant.site.time_zone,
        first=_first_baselines(cycle, at),
    )


def died(cycle: Cycle) -> bool:
    """Whether no dose is checked or decided any more: a death is signed."""
    return due.died(cycle, state_of(cycle).summary)


def _first_baselines(cycle: Cycle, at: datetime) -> dict[str, float]:
    if cycle.number == 1:
        return {}
    first = cycle.participant.cycles.select_related("protocol").get(number=1)
    first.participant = cycle.participant
    return baselines_of(facts_of(first), protocol_of(first), at)


def kept(found: Check) -> Kept:
    """The check as a decision keeps it: JSON, readable without the program."""
    return {
        "at": found.at.isoformat(),
        "answer": found.answer,
        "needs_override": found.needs_override,
        "relative": list(found.relative),
        "absolute": list(found.absolute),
        "held": found.held,
        "given": found.given,
        "criteria": [_kept_answer(one) for one in found.answers],
    }


def standing_now(cycle: Cycle) -> list[Kept]:
    """The open episodes and their grades, as a decision keeps them (R17)."""
    return [
        {
            "episode": row.id,
            "label": row.label,
            "level": row.level,
            "scale": row.scale,
            "grade": row.grade,
            "at_least": row.at_least,
        }
        for row in open_episodes(cycle)
    ]


def in_brief(found: Check, site: Site) -> Kept:
    """The check as the board keeps it: what is met, what is not known, until when."""
    until = min(lapses(found, ZoneInfo(site.time_zone)), default=None)
    return {
        "at": found.at.isoformat(),
        "until": until.isoformat() if until else None,
        "answer": found.answer,
        "met": [one.criterion.says for one in found.by_state(MET)],
        **in_numbers(found),
    }


def in_numbers(found: Check) -> dict[str, int]:
    """How many are unknown; of the stale, how many were met by their last value."""
    lapsed = len(found.lapsed)
    return {
        "lapsed": lapsed,
        "unknown": len(found.by_state(UNKNOWN)),
        "stale": len(found.by_state(STALE)) - lapsed,
    }


def lapses(found: Check, zone: ZoneInfo) -> Iterator[datetime]:
    """When each value that is young enough will be too old for a dose."""
    day = found.at.astimezone(zone).date() + timedelta(days=1)
    for value in (value for one in found.answers for value in one.values):
        if value.age == "fresh" and value.at is not None:
            if value.gate is not None:
                yield value.at + timedelta(hours=value.gate)
            elif value.gate_rule:
                yield datetime.combine(day, time(), zone)


def _kept_answer(one: Answer) -> Kept:
    values = [asdict(value) for value in one.values]
    for value in values:
        value["at"] = value["at"].isoformat() if value["at"] else None
    return {
        "key": one.criterion.key,
        "says": one.criterion.says,
        "kind": one.criterion.kind,
        "state": one.state,
        "threshold": one.threshold,
        "source": one.source,
        "verified": one.criterion.verified,
        "standing": one.standing,
        "restart": one.restart,
        "values": values,
    }


def digest(told: Mapping[str, Any]) -> str:
    """SHA-256 of a JSON value, whatever the order of its keys."""
    text = json.dumps(told, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def seen(told: Kept) -> str:
    """The digest of what a person had before them: ages move on, answers do not."""
    return digest({"answer": told["answer"], "criteria": _facts(told)})


def _facts(told: Kept) -> dict[str, Any]:
    return {
        one["key"]: [
            one["state"],
            one["restart"],
            [(v["item"], v["typed"], v["value"], v["at"]) for v in one["values"]],
        ]
        for one in told["criteria"]
    }


def sealed(decision: DoseDecision) -> str:
    """The digest that binds a decision to its check, its dose and its protocol."""
    return digest(
        {
            "participant": decision.cycle.participant.code,
            "cycle": decision.cycle.number,
            "agent": decision.agent,
            "number": decision.number,
            "choice": str(decision.choice),
            "reason": decision.reason,
            "protocol": decision.protocol.number,
            "check": decision.check_kept,
        }
    )


# What was decided


def decision_on(dose: Dose, at: datetime | None = None) -> DoseDecision | None:
    """The last decision on this dose up to `at` (now), or that the agent is

    discontinued and nothing was decided on it since.
    """
    made = DoseDecision.objects.select_related("cycle__participant__site", "protocol")
    made = made.filter(decided_at__lte=at or clock.now())
    own = made.filter(cycle=dose.cycle, agent=dose.agent, number=dose.number)
    last = made.filter(cycle__participant=dose.cycle.participant_id, agent=dose.agent)
    newest = last.order_by("-decided_at", "-pk").first()
    if newest is not None and newest.choice == Choice.DISCONTINUE:
        return newest
    return own.order_by("-decided_at", "-pk").first()


def discontinued(participant: Participant) -> list[str]:
    """The agents of which the last decision is that they are discontinued."""
    made = DoseDecision.objects.filter(cycle__participant=participant)
    last = dict(made.order_by("decided_at", "pk").values_list("agent", "choice"))
    return sorted(code for code, choice in last.items() if choice == Choice.DISCONTINUE)


def decisions_on(cycle: Cycle, doses: Iterable[Dose]) -> dict[int, DoseDecision]:
    """Dose id -> the last decision on its very slot, for a list: one query."""
    made = DoseDecision.objects.filter(cycle=cycle).order_by("decided_at", "pk")
    last = {(one.agent, one.number): one for one in made}
    slots = {one.pk: (one.agent, one.number) for one in doses}
    return {pk: last[slot] for pk, slot in slots.items() if slot in last}


def history_of(dose: Dose) -> list[DoseDecision]:
    """Every decision on this dose, newest first."""
    made = DoseDecision.objects.filter(
        cycle=dose.cycle, agent=dose.agent, number=dose.number
    )
    return list(made.select_related("protocol").order_by("-decided_at", "-pk"))


def stands_until(decision: DoseDecision) -> datetime | None:
    """When a decision to give lapses; None for one that does not."""
    if Choice(decision.choice) not in GIVES:
        return None
    lines = protocol_of(decision.cycle).lines
    return decision.decided_at + timedelta(minutes=lines["hold_decision_minutes"])


def deviates(
    status: str, at: datetime | None, decision: DoseDecision | None
) -> Kind | None:
    """How a dose given at `at` (now) departs from what was decided before it.

    None where it does not, and for a dose that was not given.
    """
    if status not in Dose.GIVEN_STATES:
        return None
    if decision is None:
        return Kind.UNDECIDED
    if GIVES.get(Choice(decision.choice)) != status:
        return Kind.AGAINST
    until = stands_until(decision)
    return Kind.LAPSED if until and (at or clock.now()) > until else None


def deviation_of(dose: Dose) -> DoseDeviation | None:
    """What was named when the dose was recorded as given, if it departed."""
    return DoseDeviation.objects.filter(dose=dose).first()


# What changed since


@dataclass(frozen=True)
class Changed:
    """A criterion that late or corrected data answer otherwise than at the decision."""

    says: str
    before: Kept
    after: Kept


def changed_since(decision: DoseDecision) -> list[Changed]:
    """What data entered or corrected later say of the moment of the decision."""
    then = check_of(decision.cycle, decision.agent, decision.decided_at)
    return list(differences(decision.check_kept, kept(then)))


def differences(before: Kept, after: Kept) -> Iterator[Changed]:
    """Criteria whose answer or values differ, in the order of the check."""
    old, new = _facts(before), json.loads(json.dumps(_facts(after)))
    was = {one["key"]: one for one in before["criteria"]}
    for one in after["criteria"]:
        told = json.loads(json.dumps(old.get(one["key"])))
        if told is not None and told != new[one["key"]]:
            yield Changed(one["says"], was[one["key"]], one)


def withholds(told: Kept) -> bool:
    """Whether a criterion that speaks against the dose is met in a kept check."""
    return told.get("answer") in ("stop", "withhold")


def met_lines(told: Kept) -> list[str]:
    """The words of the criteria that are met: for a notice."""
    return [one["says"] for one in told.get("criteria", ()) if one["state"] == MET]
