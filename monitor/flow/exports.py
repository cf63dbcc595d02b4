"""What is taken out of the program, on a page or at the shell: the trail keeps it."""

from __future__ import annotations

import getpass
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256

import polars as pl
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from monitor import clock
from monitor.audit import actions as audit
from monitor.audit import queries as trail
from monitor.audit.models import ChainHead
from monitor.audit.tables import told_as_table
from monitor.clinical.facts import moving
from monitor.clinical.facts.chartfile import write_chart
from monitor.episodes.timelines import chart_of
from monitor.record_file import Taken, packed
from monitor.refusal import Refused
from monitor.trials.blinding import (
    hides_amounts,
    hides_more,
    level_shown,
    seeing,
)
from monitor.trials.models import Participant, Trial, User
from monitor.trials.permissions import Permission, check

#: Who has a shell of the machine: no account of the program, and named as such.
OPERATOR = "operator"


@dataclass(frozen=True)
class Chart:
    """A chart file, and what must be said to who takes it."""

    text: str
    remarks: tuple[str, ...]


def export_chart(
    *, participant: Participant, by: User | None = None, moved: bool = False
) -> Chart:
    """The chart file of a participant as `by` may have it; whole for the operator.

    `moved`: every date by the same number of days, so that none is the real one (P4).
    Who is blinded gets none of what tells the dose level. Hidden values and patterns
    are in no chart file. Raises Refused without a cycle, and PermissionDenied.
    """
    site = participant.site
    if by is not None:
        check(by, Permission.EXPORT, site)
    cycles = participant.cycles.order_by("number")
    frames = [chart_of(cycle) for cycle in cycles]
    if not frames:
        raise Refused(_("%(code)s has no cycle yet.") % {"code": participant.code})
    told = Told.to(by, participant)
    text = write_chart(told.of(pl.concat(frames)), site.time_zone)
    if moved:
        text = moving.moved(text)
    changes = [
        audit.change("dates", None, "moved" if moved else "full"),
        audit.change("dose amounts", None, "yes" if told.amounts else "no"),
        audit.change("digest", None, sha256(text.encode()).hexdigest()),
    ]
    note("chart.exported", participant, by, changes)
    return Chart(text, tuple(remarks(participant.site.trial, told)))


@transaction.atomic
def export_record(*, participant: Participant, by: User | None = None) -> bytes:
    """The whole record as a ZIP archive, see `record_file`; None: for the operator.

    It tells the dose level, so who is blinded cannot have it. Raises PermissionDenied.
    """
    if by is not None:
        check(by, Permission.EXPORT, participant.site)
        if not seeing(by)(participant):
            said = _(
                "The whole record tells the dose level, and you are blinded. Somebody "
                "who sees it can take the record."
            )
            raise PermissionDenied(said)
        level_shown(participant)
    frames = [chart_of(one) for one in participant.cycles.order_by("number")]
    zone = participant.site.time_zone
    chart = write_chart(pl.concat(frames), zone) if frames else ""
    name = by.get_full_name() if by else OPERATOR
    content = packed(participant, chart, Taken(name, clock.now()))
    changes = [audit.change("digest", None, sha256(content).hexdigest())]
    note("record.exported", participant, by, changes)
    return content


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


@transaction.atomic
def export_trail_of(*, participant: Participant, by: User) -> str:
    """The trail of a participant as a table, as `by` may know it, the oldest first."""
    check(by, Permission.EXPORT, participant.site)
    if sees := seeing(by)(participant):
        level_shown(participant)
    text = told_as_table(participant.code, unblinded=sees)
    changes = [audit.change("digest", None, sha256(text.encode()).hexdigest())]
    note("participant_trail.exported", participant, by, changes)
    return text


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
