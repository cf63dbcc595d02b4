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


@dataclass(frozen=True)
class Asked:
    """The names of a panel's symptoms, told apart."""

    opened: list[str]
    named: list[str]
    later: list[str]


def asked(
    panel: Panel,
    lasts: Mapping[str, Last],
    lines: Lines,
    at: datetime,
    typed: Callable[[str], str],
) -> Asked:
    """The first, what was there last and what is typed are opened.

    Of a form sent back, `named` is what it named when it was served.
    """
    there = {name for name, one in lasts.items() if one.number}
    written = {name for name in panel.symptoms if typed(name)}
    shown = there | written | set(panel.symptoms[:1])
    examined = EXAMINED if panel.needed else ()
    waits = {name for name in examined if not due(name, lasts, lines, at)}
    served = typed("named").split(",") if typed("named") else None
    opened = [name for name in panel.symptoms if name in shown]
    closed = [name for name in panel.symptoms if name not in shown]
    named = [name for name in closed if name not in waits]
    if served is not None:
        named = [name for name in panel.symptoms if name in served]
    later = [name for name in closed if name in waits and name not in named]
    return Asked(opened, named, later)


def due(name: str, lasts: Mapping[str, Last], lines: Lines, at: datetime) -> bool:
    """Whether the protocol's interval since the last examination is over."""
    if name not in lasts:
        return True
    return at - lasts[name].at >= timedelta(hours=lines["examination_hours"])
