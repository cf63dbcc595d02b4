"""What stands beside the fields of a set: before the dose, what runs, what is due."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext as _

from monitor.clinical import catalogue
from monitor.clinical.protocol import Protocol
from monitor.episodes import wording
from monitor.episodes.shapes import Identity
from monitor.treatments.models import Treatment

#: The row beside which the vasopressors are named.
PULSE = "HR"
BASELINES = ("RESP", "OXYSAT", "TEMP")


def beside_fields(
    summary: dict[str, Any], running: Iterable[Treatment]
) -> dict[str, str]:
    """Item -> words: `pre-dose 14`, `vasopressors: none running`."""
    base = summary.get("baseline") or {}
    said = {
        item: _("pre-dose %(value)s") % {"value": wording.number_text(item, base[item])}
        for item in BASELINES
        if base.get(item) is not None
    }
    said[PULSE] = _("vasopressors: %(what)s") % {"what": pressors(running)}
    return said


def pressors(running: Iterable[Treatment]) -> str:
    names = [
        catalogue.TREATMENTS[line.code].label.lower()
        for line in running
        if catalogue.TREATMENTS[line.code].klass == "vasopressor"
    ]
    return ", ".join(names) or _("none running")


def with_line(identity: Identity, protocol: Protocol) -> list[tuple[str, str]]:
    """The facts of the bar with the pressure line, where the protocol fixes one."""
    if protocol.pressure_line != "fixed":
        return identity.facts
    words = _("SBP %(line)g") % {"line": protocol.lines["sbp_low"]}
    return [*identity.facts, (_("BP line"), words)]
