"""Lines of the management log that are typed with a set: one press saves both.

A running rate is changed or stopped, a vasopressor started, and what was given since
the last set is told. Each line has a key made from the set's own: sent twice it is
kept once.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any
from uuid import NAMESPACE_OID, UUID, uuid5

from django.utils.translation import gettext as _

from monitor import localtime
from monitor.clinical.items import catalogue, spoken
from monitor.refusal import Refused
from monitor.treatments.amounts import read_amount
from monitor.treatments.checks import check_treatment
from monitor.treatments.doubts import doubts_of, joined
from monitor.treatments.models import Treatment
from monitor.trials.models import Cycle

Form = Treatment.Form
PRESSORS = ("vasopressor", "inotrope")
#: What may hide a fever, and is asked about in every set.
MASKING = ("antipyretic", "nsaid", "steroid", "anticytokine")

Pairs = tuple[tuple[str, str], ...]


def kinds(classes: Iterable[str]) -> list[catalogue.TreatmentKind]:
    return [one for one in catalogue.TREATMENTS.values() if one.klass in classes]


def is_of(line: Treatment, classes: Iterable[str]) -> bool:
    return catalogue.TREATMENTS[line.code].klass in classes


@dataclass
class Typed:
    """What was typed for one line: a new one of a class, or a change of what runs."""

    name: str
    line: Treatment | None = None
    code: str = ""
    amount: str = ""
    unit: str = ""
    at: str = ""
    stop: bool = False
    keep: bool = False
    error: str = ""
    asked: bool = False

    @property
    def is_blank(self) -> bool:
        return not (self.amount or self.stop or self.code)


class LinesForm:
    """The lines beside the set of one cycle. `lines` are complete once valid."""

    def __init__(
        self,
        cycle: Cycle,
        running: Iterable[Treatment],
        key: UUID,
        data: Mapping[str, str] | None = None,
    ) -> None:
        self.cycle, self.zone = cycle, cycle.participant.site.time_zone
        self.key, self.data = key, data or {}
        self.lines: list[dict[str, Any]] = []
        self.running = running
        self.start = self._typed("start")
        self.given = self._typed("given")

    @cached_property
    def rates(self) -> list[Typed]:
        """What runs and may be changed; a form sent without any asks for none."""
        return [
            self._typed(f"rate{line.pk}", line)
            for line in self.running
            if line.form == Form.RATE and is_of(line, PRESSORS)
        ]

    @property
    def rows(self) -> list[Typed]:
        return [*self.rates, self.start, self.given]

    @property
    def complaints(self) -> dict[str, str]:
        return {row.name: row.error for row in self.rows if row.error}

    @property
    def pressors(self) -> Pairs:
        return tuple((one.code, one.label) for one in kinds(PRESSORS))

    @property
    def masking(self) -> Pairs:
        return tuple((one.code, one.label) for one in kinds(MASKING))

    @property
    def rate_units(self) -> list[str]:
        return list(dict.fromkeys(u for one in kinds(PRESSORS) for u in one.units))

    @property
    def gift_units(self) -> list[str]:
        every = (u for one in kinds(MASKING) for u in one.units)
        return [unit for unit in dict.fromkeys(every) if "/d" not in unit]

    def is_valid(self, at: datetime, now: datetime) -> bool:
        """Read every row; `at` is the moment of the set."""
        rows = [*(self.rates if self._changes_a_rate() else ()), self.start, self.given]
        for row in rows:
            if not row.is_blank:
                self._read(row, at, now)
        return not any(row.error for row in rows)

    def _changes_a_rate(self) -> bool:
        """Whether what runs has to be asked for at all."""
        parts = ("_amount", "_stop")
        return any(
            name.startswith("rate") and name.endswith(parts) and str(typed).strip()
            for name, typed in self.data.items()
        )

    def _typed(self, name: str, line: Treatment | None = None) -> Typed:
        def said(part: str) -> str:
            return str(self.data.get(f"{name}_{part}", "")).strip()

        return Typed(
            name=name,
            line=line,
            code=said("code"),
            amount=said("amount"),
            unit=said("unit") or (line.unit if line else ""),
            at=said("at"),
            stop=bool(said("stop")),
            keep=bool(said("keep")),
        )

    def _read(self, row: Typed, at: datetime, now: datetime) -> None:
        try:
            self.lines.append(self._line(row, at, now))
        except Refused as refused:
            row.error = refused.sentence

    def _line(self, row: Typed, at: datetime, now: datetime) -> dict[str, Any]:
        code = row.line.code if row.line else row.code
        form = Form.AMOUNT if row.name == "given" else Form.RATE
        amount = 0.0 if row.stop else number(row.amount, row.unit)
        if row.at:
            at = localtime.read(row.at, self.zone, now)
        check_treatment(code, form, amount, row.unit)
        check_order(row.line, at, now)
        line = {"code": code, "form": form, "amount": amount, "unit": row.unit}
        self._ask(row, Treatment(cycle=self.cycle, at=at, **line))
        key = uuid5(NAMESPACE_OID, f"{self.key} {row.name}")
        return line | {"at": at, "key": key}

    def _ask(self, row: Typed, line: Treatment) -> None:
        """Once, what passes a limit. Raises Refused until a person says it was so."""
        asked = [] if row.keep else doubts_of(line)
        row.asked = bool(asked) or row.keep
        if asked:
            raise Refused(joined(asked))


def number(typed: str, unit: str) -> float | None:
    """The amount, perhaps with its unit behind it: `0,05 µg/kg/min`."""
    alone = spoken.without(typed, (spoken.squeezed(unit),))
    return read_amount(alone) if typed else None


def check_order(line: Treatment | None, at: datetime, now: datetime) -> None:
    """What runs cannot be changed before it began, and nothing was given to come."""
    if at > now:
        raise Refused(_("This lies in the future. Type the time again."))
    if line is not None and at < line.at:
        said = _("This began after the time of the set. Change it in the log.")
        raise Refused(said)
