"""The evidence as a reviewer reads it: each sign with its line, source and end."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from monitor.bedside.models import Reading
from monitor.clinical.items import catalogue
from monitor.clinical.thresholds import SOURCES, THRESHOLDS, Source
from monitor.episodes.shapes import Finding, Reason
from monitor.treatments.models import Treatment
from monitor.trials.models import Cycle

PRESSURES = ("SYSBP", "DIABP", "MAP")
OXYGEN = ("OXYSAT", "OXYGEN_DEVICE", "OXYGEN_FLOW", "FIO2", "SUPPORT")
WEIGHTS = ("WEIGHT", "WEIGHT_RISE")


@dataclass(frozen=True)
class Evidence:
    """`trust` of the line: "verified", "project" (a default) or "unverified"."""

    reason: Reason
    says: str
    source: Source | None
    trust: str
    configurable: bool
    clears: str
    reading: int | None = None  # The value itself, where it can be corrected.


def evidence_of(
    finding: Finding, lines: Mapping[str, float], cycle: Cycle | None = None
) -> list[Evidence]:
    """A row for each sign that stands; `lines` are the protocol's thresholds.

    A sign of two patterns is one row. With `cycle` each names its reading; what was
    computed has none, and what runs is said since it was set so, with who did.
    """
    signs: dict[tuple[Any, ...], Reason] = {}
    for one in (*finding.because, *finding.also):
        signs.setdefault((one.sign, one.item, one.at), one)
    reasons = tuple(signs.values())
    if cycle is not None:
        reasons = tuple(as_set(reasons, cycle))
    typed = readings_of(cycle, reasons) if cycle else {}
    entries = finding.line.get("evidence") or ()
    known = {(one.get("pattern"), one.get("sign")): one for one in entries}
    return [
        replace(
            _row(reason, known.get((reason.pattern, reason.sign), {}), lines),
            reading=typed.get((reason.item, reason.at)),
        )
        for reason in reasons
    ]


def as_set(reasons: Sequence[Reason], cycle: Cycle) -> Iterator[Reason]:
    """What runs was seen at no moment: it counts since its rate was set; one query."""
    codes = {one.item for one in reasons if one.item in catalogue.TREATMENTS}
    rows = Treatment.objects.current().filter(cycle=cycle, code__in=codes)
    rates = rows.filter(form=Treatment.Form.RATE).select_related("recorded_by")
    lines = list(rates.order_by("at", "pk")) if codes else []
    for one in reasons:
        set_at = [
            line
            for line in lines
            if line.code == one.item and one.at and line.at <= one.at
        ]
        if not set_at:
            yield one
            continue
        line = set_at[-1]
        yield replace(one, at=line.at, by=one.by or line.recorded_by.initials)


def readings_of(
    cycle: Cycle, reasons: Sequence[Reason]
) -> dict[tuple[str, datetime | None], int]:
    """(item, moment) -> the id of the reading that stands; one query."""
    rows = Reading.objects.current().filter(
        observation__cycle__participant=cycle.participant_id,
        item__in={one.item for one in reasons},
        observation__observed_at__in={one.at for one in reasons if one.at},
    )
    told = rows.values_list("item", "observation__observed_at", "pk").order_by("pk")
    return {(item, at): pk for item, at, pk in told}


def _row(reason: Reason, entry: Mapping[str, Any], lines: Mapping[str, float]) -> Any:
    line = THRESHOLDS.get(entry.get("line") or "")
    says = str(entry.get("says") or reason.sign.replace("_", " "))
    return Evidence(
        reason=reason,
        says=says[:1].upper() + says[1:],
        source=SOURCES[line.source] if line else None,
        trust=trust_of(line) if line else "",
        configurable=bool(line and line.project),
        clears=reason.clears or clears(reason.item, lines),
    )


def trust_of(line: Any) -> str:
    if line.verified:
        return "verified"
    return "project" if line.project else "unverified"


def clears(item: str, lines: Mapping[str, float]) -> str:
    """What would end a sign (reference 11, B4), with the lines of the protocol."""
    if item == "TEMP":
        told = _("< %(line)s °C for %(hours)s h, %(sets)s sets")
        return told % _told(lines, "fever", "fever_clear")
    if item in PRESSURES:
        told = _("SBP ≥ %(line)s and once ≥ %(once)s, %(hours)s h, %(sets)s sets")
        once = {"once": f"{lines['sbp_recovered']:g}"}
        return told % (_told(lines, "sbp_low", "pressure_clear") | once)
    if item in OXYGEN:
        told = _("usual support, SpO₂ ≥ %(line)s, %(hours)s h, %(sets)s sets")
        return told % _told(lines, "spo2_steady", "oxygen_clear")
    if item in WEIGHTS:
        return _("< %(line)s kg over the same day") % _told(lines, "weight_rise")
    if item == "ALB":
        return _("≥ %(line)s g/L and little below the start") % _told(
            lines, "albumin_low"
        )
    told = _("no longer past its line, %(hours)s h, %(sets)s sets")
    return told % _told(lines, "", "danger_clear")


def _told(lines: Mapping[str, float], line: str, clear: str = "") -> dict[str, str]:
    keys = {"line": line, "hours": f"{clear}_hours", "sets": f"{clear}_sets"}
    return {name: f"{lines[key]:g}" for name, key in keys.items() if key in lines}
