"""Notices around a dose, for whatever checks whether it may be given (B5)."""

from __future__ import annotations

from collections.abc import Sequence

from monitor import clock
from monitor.notices import actions
from monitor.notices.models import Notice
from monitor.notices.telling import path_of, policy_of
from monitor.trials.models import Cycle


def hold_criterion_met(cycle: Cycle, *, key: str, lines: Sequence[str]) -> Notice:
    """A hold criterion is met and the dose is near: on the screens, no page.

    `key` names the dose; the same one adds nothing.
    """
    return _about_a_dose(cycle, Notice.Kind.PRE_DOSE, "pre_dose_hold", key, lines)


def dose_undecided(cycle: Cycle, *, key: str, lines: Sequence[str]) -> Notice:
    """It is time for the dose, and nobody has decided on its hold criteria: a page."""
    return _about_a_dose(cycle, Notice.Kind.PRE_DOSE, "pre_dose_undecided", key, lines)


def dose_against_criterion(cycle: Cycle, *, key: str, lines: Sequence[str]) -> Notice:
    """A dose was given although a criterion is met: the investigators are paged."""
    kind = Notice.Kind.DOSE_AGAINST
    return _about_a_dose(cycle, kind, "dose_against", key, lines)


def decision_made(cycle: Cycle, *, key: str, lines: Sequence[str]) -> Notice:
    """Somebody has decided on a dose: the bedside learns it on the screen."""
    return _about_a_dose(cycle, Notice.Kind.PRE_DOSE, "dose_decision", key, lines)


def dose_decided(cycle: Cycle) -> int:
    """What was told before the dose need not be told any more."""
    return actions.call_off(participant=cycle.participant, kind=Notice.Kind.PRE_DOSE)


def _about_a_dose(
    cycle: Cycle, kind: str, policy: str, key: str, lines: Sequence[str]
) -> Notice:
    return actions.queue(
        participant=cycle.participant,
        kind=kind,
        level="",
        policy=policy_of(cycle, policy),
        lines=list(lines),
        path=path_of(cycle),
        happened_at=clock.now(),
        key=f"{policy}:{key}",
    )
