"""Which symptoms of a panel are in view, which one answer covers, which are not due."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from monitor.bedside.fields import Field
from monitor.bedside.hints import Lines
from monitor.bedside.lasts import Last
from monitor.bedside.panels import EXAMINED, Panel


@dataclass(frozen=True)
class Symptoms:
    """`opened` have their grades in view, `named` are answered by one *none since*,

    `later` are examined at an interval that is not over yet.
    """

    opened: list[Field]
    named: list[Field]
    later: list[Field]

    @property
    def names(self) -> str:
        return ",".join(row.name for row in self.named)

    @property
    def opened_names(self) -> str:
        return ",".join(row.name for row in self.opened)


@dataclass(frozen=True)
class Asked:
    """The names of a panel's symptoms, told apart.

    `covered`: what one *none since* answers, of a form sent back what it named when it
    was served, whichever of them is opened by now.
    """

    opened: list[str]
    named: list[str]
    later: list[str]
    covered: list[str]


def asked(
    panel: Panel,
    lasts: Mapping[str, Last],
    lines: Lines,
    at: datetime,
    typed: Callable[[str], str],
) -> Asked:
    """The first, what was there last and what is typed are opened.

    A form sent back shows each symptom once: what it had opened stays open, and what
    is opened now has left the others, or two rows would send one name.
    """
    there = {name for name, one in lasts.items() if one.number}
    written = {name for name in panel.symptoms if typed(name)}
    served = typed("opened").split(",")
    shown = there | written | set(panel.symptoms[:1]) | set(served)
    examined = EXAMINED if panel.needed else ()
    waits = {name for name in examined if not due(name, lasts, lines, at)}
    opened = [name for name in panel.symptoms if name in shown]
    closed = [name for name in panel.symptoms if name not in shown]
    covered = [name for name in closed if name not in waits]
    if typed("named") or typed("opened"):
        told = typed("named").split(",")
        covered = [name for name in panel.symptoms if name in told]
    named = [name for name in closed if name in covered]
    later = [name for name in closed if name not in covered]
    return Asked(opened, named, later, covered)


def due(name: str, lasts: Mapping[str, Last], lines: Lines, at: datetime) -> bool:
    """Whether the protocol's interval since the last examination is over."""
    if name not in lasts:
        return True
    return at - lasts[name].at >= timedelta(hours=lines["examination_hours"])
