"""What an operator takes out of the program at the shell, which the trail keeps."""

from __future__ import annotations

import getpass
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256

import polars as pl
from django.db import transaction
from django.utils.translation import gettext as _

from monitor.audit import actions as audit
from monitor.audit import queries as trail
from monitor.audit.models import ChainHead
from monitor.clinical.chartfile import write_chart
from monitor.episodes.timelines import chart_of
from monitor.refusal import Refused
from monitor.trials.blinding import hides_amounts, hides_more, seeing
from monitor.trials.models import Participant, Trial, User
from monitor.trials.permissions import Permission, check

#: Who has a shell of the machine: no account of the program, and named as such.
OPERATOR = "operator"


@dataclass(frozen=True)
class Chart:
    """A chart file, and what must be said to who takes it."""

    text: str
    remarks: tuple[str, ...]


def export_chart(*, participant: Participant, by: User | None = None) -> Chart:
    """The chart file of a participant as `by` may have it; whole for the operator.

    Who is blinded gets none of what tells the dose level. Hidden values and patterns
    are in no chart file. Raises Refused without a cycle, and PermissionDenied.
    """
    if by is not None:
        check(by, Permission.EXPORT, participant.site)
    text = chart_told(participant, by)
    if not text:
        raise Refused(_("%(code)s has no cycle yet.") % {"code": participant.code})
    told = Told.to(by, participant)
    changes = [
        audit.change("dose amounts", None, "yes" if told.amounts else "no"),
        audit.change("digest", None, sha256(text.encode()).hexdigest()),
    ]
    note("chart.exported", participant, by, changes)
    return Chart(text, tuple(remarks_on(participant, by)))


def chart_told(participant: Participant, by: User | None) -> str:
    """The rows of the chart that `by` may have; "" without a cycle."""
    cycles = participant.cycles.order_by("number")
    frames = [chart_of(cycle) for cycle in cycles]
    if not frames:
        return ""
    facts = Told.to(by, participant).of(pl.concat(frames))
    return write_chart(facts, participant.site.time_zone)


def remarks_on(participant: Participant, by: User | None) -> Iterator[str]:
    return remarks(participant.site.trial, Told.to(by, participant))


@dataclass(frozen=True)
class Told:
    """Whether the chart holds the dose level and the amounts of study drug."""

    level: bool
    amounts: bool

    @classmethod
    def to(cls, by: User | None, participant: Participant) -> Told:
        sees = by is None or seeing(by)(participant)
        return cls(sees, sees or not hides_amounts(participant.site.trial))

    def of(self, facts: pl.DataFrame) -> pl.DataFrame:
        """A dose without its amount would read as one that is only planned; where the
        amount is hidden the dose is left out, for nothing is to be told otherwise.
        """
        kind, code, unit = pl.col("kind"), pl.col("code"), pl.col("unit")
        level = (kind == "fact") & (code == "DOSE_LEVEL") & (not self.level)
        amount = (kind == "dose") & (unit != "") & (not self.amounts)
        return facts.filter(~level & ~amount)


def remarks(trial: Trial, told: Told) -> Iterator[str]:
    if not told.amounts:
        yield _("The account is blinded: the doses that were given are left out.")
    elif hides_amounts(trial):
        said = _("The amounts of the doses are in it, which %(trial)s hides.")
        yield said % {"trial": trial.code}
    if hides_more(trial):
        yield _("Hidden values and patterns are not in it.")


def export_trail() -> Iterator[str]:
    """The whole audit trail as JSON lines; that it is taken is its last event."""
    with transaction.atomic():
        audit.record(
            action="trail.exported",
            by=OPERATOR,
            of=ChainHead,
            changes=[audit.change("account of the machine", None, machine_account())],
        )
    return trail.exported()


@transaction.atomic
def note(
    action: str, participant: Participant, by: User | None, changes: list[dict]
) -> None:
    own = audit.change("account of the machine", None, machine_account())
    audit.record(
        action=action,
        by=by or OPERATOR,
        of=participant,
        site=participant.site,
        participant=participant.code,
        changes=[*changes, *([] if by else [own])],
    )


def machine_account() -> str:
    """Whom the machine says it is; nothing where it does not."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return ""
