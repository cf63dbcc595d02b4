"""What can happen to the management log: a line is written, corrected or struck out."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from monitor import clock
from monitor.audit import together
from monitor.audit.actions import change, changes_of
from monitor.audit.keys import added, repeated
from monitor.audit.superseding import refuse_without, succeed, successor_of
from monitor.refusal import Refused
from monitor.treatments.checks import (
    check_order_and_call,
    check_treatment,
    check_weight,
    check_words,
)
from monitor.treatments.doubts import doubts_of, joined
from monitor.treatments.models import Treatment
from monitor.trials.models import Cycle, User
from monitor.trials.permissions import Permission, check
from monitor.trials.times import check_moment, check_order
from monitor.trials.trail import tell

#: What a correction may change, and what the audit trail tells.
FIELDS = (
    "code",
    "form",
    "amount",
    "unit",
    "weight",
    "at",
    "until",
    "route",
    "as_needed",
    "indication",
    "ordered_by",
    "given_by",
    *("order", "countersigned_at"),
    *("called", "answered_at", "arrived_at"),
    *("fluid", "agent", "target"),
    *("source", "read_from", "deviation"),
    "response",
    "note",
)


@together.joins
def log(
    *,
    cycle: Cycle,
    code: str,
    form: str,
    at: datetime,
    by: User,
    key: UUID,
    imported: bool = False,
    **more: Any,
) -> tuple[Treatment, bool]:
    """A treatment given, started, stopped or scheduled, or an action taken.

    `code` is of the closed list (`clinical.catalogue.TREATMENTS`), `form` and `unit`
    are that treatment's own; `more` holds the other FIELDS, as far as they are known.
    A rate runs from `at` to `until` or to the next line of its code, and 0 ends it; a
    regimen needs its `until`. False beside the row when `key` was there already.
    Raises Refused, with the field, and PermissionDenied.
    """
    check(by, Permission.LOG_TREATMENT, cycle.participant.site)
    check_names(more)
    if found := repeated(Treatment, key, cycle):
        return found, False
    row = Treatment(cycle=cycle, code=code, form=form, at=at, key=key, **more)
    check_line(row, imported)
    row.check_reason = joined(doubts_of(row))
    kept, created = added(row, by)
    if created:
        tell(kept, cycle, "treatment.logged", said_of(kept))
    return kept, created


def check_names(given: Mapping[str, Any]) -> None:
    """A slip of the program, not of a person: raises TypeError."""
    if unknown := set(given) - set(FIELDS):
        raise TypeError(f"A treatment has no {', '.join(sorted(unknown))}.")


#: Told only where they say more than their default.
QUIET = ("as_needed", "response")


def said_of(row: Treatment) -> list[dict[str, Any]]:
    """What the audit trail tells of a new line: all that it says."""
    told = [
        change("as_needed", None, None if row.as_needed else "no"),
        *changes_of(row, *(name for name in FIELDS if name not in QUIET)),
        *changes_of(row, "check_reason"),
    ]
    return [one for one in told if one["new"] is not None]  # A rate of 0 is one.


def check_line(row: Treatment, imported: bool = False) -> None:
    """Raises Refused for a line that cannot be meant, with the field."""
    check_treatment(row.code, row.form, row.amount, row.unit)
    check_weight(row)
    check_moment(row.at, row.cycle.participant, "at", imported)
    check_order(row.at, row.until, "until")
    if row.form == Treatment.Form.SCHEDULED and row.until is None:
        raise Refused(_("Say until when the regimen is planned."), "until")
    if row.response not in Treatment.Response.values:
        raise Refused(_("Choose one of the answers."), "response")
    check_order_and_call(row, imported)
    check_words(row, imported)


@together.joins
def correct(
    *, treatment: Treatment, by: User, reason: str, imported: bool = False, **new: Any
) -> Treatment:
    """The line as it should have been: `new` holds what differs, by FIELDS' names.

    The same correction sent twice is one. Raises Refused, with the field.
    """
    check(by, Permission.CORRECT, treatment.cycle.participant.site)
    refuse_without(reason)
    check_names(new)
    if found := same_correction(treatment, new, by):
        return found
    line = Treatment(
        cycle=treatment.cycle, supersedes=treatment, **told(treatment) | new
    )
    check_line(line, imported)
    new["check_reason"] = joined(doubts_of(line))
    made = succeed(
        treatment, by=by, recorded_at=clock.now(), reason=reason.strip(), **new
    )
    differs = changes_of(made, *FIELDS, old=treatment)
    tell(made, treatment.cycle, "treatment.corrected", differs)
    return made


def told(treatment: Treatment) -> dict[str, Any]:
    return {name: getattr(treatment, name) for name in FIELDS}


def same_correction(
    treatment: Treatment, new: dict[str, Any], by: User
) -> Treatment | None:
    """The successor, when it says what this correction says: it was sent twice."""
    found = successor_of(treatment)
    if found is None or found.voided or found.recorded_by_id != by.pk:
        return None
    return found if told(found) == told(treatment) | new else None


@together.joins
def void(*, treatment: Treatment, by: User, reason: str) -> Treatment:
    """Struck out: it was not given. It stays readable and feeds nothing."""
    check(by, Permission.CORRECT, treatment.cycle.participant.site)
    refuse_without(reason)
    made = succeed(
        treatment, by=by, recorded_at=clock.now(), reason=reason.strip(), voided=True
    )
    gone = [change(name, getattr(treatment, name)) for name in ("code", "at")]
    tell(made, treatment.cycle, "treatment.voided", gone)
    return made
