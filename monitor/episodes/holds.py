"""The check before the next dose as the board keeps it: when it was made, how long its

inputs last, and whether it still speaks of what stands now; and which agents were
discontinued, whose planned doses ask for nothing any more. No database.

Kept in `CycleState.hold`: `agent`, `number`, `answer`, `met` (sentences), `lapsed`,
`unknown` and `stale` (counts), `at`, `until` (ISO), `entered` (what had been recorded
by then), and `decision`, of a person, on that dose; `stopped`, the discontinued agents.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from monitor.episodes.models import CycleState
from monitor.episodes.rows import when
from monitor.episodes.shapes import DoseRow, Hold

Json = dict[str, Any]

#: A dose this near is checked by itself: the next shift asks for it.
AHEAD = timedelta(hours=36)
#: The choice of DoseDecision that ends an agent.
DISCONTINUED = "discontinue"


def hold_of(state: CycleState, dose: DoseRow | None, now: datetime) -> Hold | None:
    """What is kept of the check before `dose`; None where no dose is planned."""
    if dose is None:
        return None
    if dose.agent in stopped_of(state):
        return Hold(decision=DISCONTINUED)
    kept = of_dose(state.hold, dose.agent, dose.number)
    return Hold(
        at=when(kept.get("at")),
        answer=kept.get("answer", ""),
        met=tuple(kept.get("met", ())),
        lapsed=kept.get("lapsed", 0),
        unknown=kept.get("unknown", 0),
        stale=kept.get("stale", 0),
        old=bool(kept.get("at")) and is_old(state, now),
        decision=kept.get("decision", ""),
    )


def stopped_of(state: CycleState) -> list[str]:
    """The agents that are discontinued for the participant."""
    return list(state.hold.get("stopped", ()))


def next_dose_of(
    state: CycleState, summary: Mapping[str, Any] | None = None
) -> Json | None:
    """The next dose planned, of an agent that goes on before one that does not."""
    stopped = stopped_of(state)
    planned = planned_in(state.brief if summary is None else summary)
    return min(
        planned, key=lambda one: (one["agent"] in stopped, one["at"]), default=None
    )


def expected_dose(state: CycleState, summary: Mapping[str, Any]) -> datetime | None:
    """When the next dose is expected; None where none is, or its agent is stopped."""
    dose = next_dose_of(state, summary)
    if dose is None or dose["agent"] in stopped_of(state):
        return None
    return when(dose["at"])


def planned_in(summary: Mapping[str, Any]) -> list[Json]:
    """The next dose of each agent; an older answer keeps the first of them alone."""
    first = summary.get("next_dose")
    by_agent = summary.get("next_doses") or {}
    return list(by_agent.values()) or ([first] if first else [])


def of_dose(kept: Mapping[str, Any], agent: str, number: int) -> Mapping[str, Any]:
    """What is kept, if it is of this dose."""
    same = (kept.get("agent"), kept.get("number")) == (agent, number)
    return kept if same else {}


def is_old(state: CycleState, now: datetime) -> bool:
    """Whether the kept check no longer speaks of what stands now."""
    kept = state.hold
    until = when(kept.get("until"))
    lapsed = until is not None and until <= now
    return lapsed or kept.get("entered") != state.entered


def wants_check(state: CycleState, now: datetime) -> bool:
    """Whether the next dose is near, and no check of it stands."""
    at = expected_dose(state, state.brief)
    dose = next_dose_of(state)
    if at is None or dose is None or at > now + AHEAD:
        return False
    kept = of_dose(state.hold, dose["agent"], dose["number"])
    return not kept or is_old(state, now)
