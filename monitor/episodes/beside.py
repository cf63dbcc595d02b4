"""What stands beside the fields of a set: before the dose, what runs, what is due."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from monitor.clinical.study.protocol import Protocol
from monitor.episodes import wording

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


def with_line(facts: Facts, protocol: Protocol, usual: float | None) -> Facts:
    """The facts of the bar with the pressure line: fixed, or this person's own."""
    words = _("SBP %(line)g") % {"line": protocol.low_pressure(usual)}
    if protocol.pressure_line != "fixed":
        told = _("usual %(sbp)g") % {"sbp": usual} if usual else _("usual not known")
        words = f"{words} ({told})"
    return [*facts, (_("BP line"), words)]
