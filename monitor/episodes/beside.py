"""What stands beside the fields of a set: before the dose, what runs, what is due."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from monitor.clinical.protocol import Protocol
from monitor.episodes import wording
from monitor.templatetags.times import say_span
from monitor.trials.models import Dose

Facts = list[tuple[str, str]]


BASELINES = ("RESP", "OXYSAT", "TEMP")


def beside_fields(summary: dict[str, Any]) -> dict[str, str]:
    """Item -> words: `pre-dose 14`, `old baseline 128/76`."""
    base = summary.get("baseline") or {}
    old = (summary.get("scores") or {}).get("old_baselines") or ()
    said = {
        item: _before(wording.number_text(item, base[item]), item in old)
        for item in (*BASELINES, "HR")
        if base.get(item) is not None
    }
    pressure = [base.get(item) for item in ("SYSBP", "DIABP")]
    if all(one is not None for one in pressure):
        both = "/".join(f"{one:.0f}" for one in pressure)
        said["BP"] = _before(both, "SYSBP" in old)
    return said


def _before(value: str, old: bool) -> str:
    words = _("old baseline %(value)s") if old else _("pre-dose %(value)s")
    return words % {"value": value}


def with_agents(
    facts: Facts, doses: Iterable[Dose], now: datetime, protocol: Protocol
) -> Facts:
    """The facts of the bar with the time since each agent: one may mask the other."""
    last = {}
    for dose in doses:
        if dose.status in Dose.GIVEN_STATES and dose.given_at:
            last[dose.agent] = dose
    if len(last) < 2:
        return facts
    since = [
        (
            _("Since %(agent)s %(n)d")
            % {"agent": protocol.agent_label(agent), "n": dose.number},
            say_span(now - dose.given_at),
        )
        for agent, dose in sorted(last.items(), key=lambda one: one[1].given_at)
    ]
    place = next(i for i, (label, _words) in enumerate(facts) if is_since(label))
    return [*facts[:place], *since, *facts[place + 1 :]]


def is_since(label: str) -> bool:
    return label.startswith(_("Since dose %(n)d").split("%")[0])


def with_line(facts: Facts, protocol: Protocol, usual: float | None) -> Facts:
    """The facts of the bar with the pressure line: fixed, or this person's own."""
    words = _("SBP %(line)g") % {"line": protocol.low_pressure(usual)}
    if protocol.pressure_line != "fixed":
        told = _("usual %(sbp)g") % {"sbp": usual} if usual else _("usual not known")
        words = f"{words} ({told})"
    return [*facts, (_("BP line"), words)]
