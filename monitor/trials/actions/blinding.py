"""What a trial hides, and the one way to look behind it in an emergency."""

from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from monitor import clock
from monitor.audit.actions import change, record
from monitor.refusal import Refused
from monitor.trials.blinding import check_blinding, seeing
from monitor.trials.impact import UnblindingImpact
from monitor.trials.models import Participant, Trial, Unblinding, User
from monitor.trials.permissions import Permission, check

LONGEST = 500
LEVEL_SEEN = "level.seen"


@transaction.atomic
def set_blinding(
    *, trial: Trial, blinding: Mapping[str, Any], by: User, reason: str
) -> Trial:
    """Who sees dose levels in the trial, and whether amounts are hidden with them.

    `blinding`: see `trials.blinding`. Raises Refused for another shape or no reason.
    """
    check(by, Permission.MANAGE_TRIAL, trial)
    said = stated(reason)
    check_blinding(blinding)
    row = Trial.objects.select_for_update().get(pk=trial.pk)
    told = change("blinding", row.blinding, dict(blinding))
    row.blinding = dict(blinding)
    row.save(update_fields=["blinding"])
    record(action="trial.blinded", by=by, of=row, changes=[told], reason=said)
    return row


@transaction.atomic
def unblind(
    *, participant: Participant, by: User, reason: str, key: UUID
) -> tuple[Unblinding, bool]:
    """From here on the person knows the participant's dose level, and it shows who did.

    It is never taken back. The same `key` again is the same act (False beside it).
    Raises Refused without a reason, or for who sees the level anyway. The caller has
    asked for the password.
    """
    check(by, Permission.UNBLIND, participant.site)
    if (known := Unblinding.objects.filter(key=key).first()) is not None:
        return known, False
    said = stated(reason)
    # One at a time: of two presses the second finds what the first has made.
    Participant.objects.select_for_update().get(pk=participant.pk)
    if seeing(by)(participant):
        raise Refused(_("You see this dose level already. Nothing was recorded."))
    made = Unblinding.objects.create(
        participant=participant,
        unblinded_at=clock.now(),
        unblinded_by=by,
        printed_name=by.get_full_name(),
        reason=said,
        key=key,
    )
    record(
        action="unblinding.done",
        by=by,
        of=made,
        site=participant.site,
        participant=participant.code,
        reason=said,
    )
    return made, True


@transaction.atomic
def assess_unblinding(
    *, unblinding: Unblinding, text: str, by: User
) -> UnblindingImpact:
    """What the unblinding did to the trial; written again, the last one counts.

    By who unblinded, or whoever else sees the level. The trail has the text as it has
    amounts: for who is not blinded. Raises Refused.
    """
    participant = unblinding.participant
    check(by, Permission.UNBLIND, participant.site)
    if not seeing(by)(participant):
        raise Refused(_("Who is blinded cannot judge it. Ask who unblinded."))
    said = stated(text, "text")
    made = UnblindingImpact.objects.create(
        unblinding=unblinding,
        text=said,
        assessed_at=clock.now(),
        assessed_by=by,
        printed_name=by.get_full_name(),
    )
    record(
        action="unblinding.assessed",
        by=by,
        of=made,
        site=participant.site,
        participant=participant.code,
        changes=[change("impact", None, said)],
    )
    return made


@transaction.atomic
def look_at_levels(*, participants: Iterable[Participant], by: User) -> None:
    """A page put dose levels before somebody who may see them: each such page is kept.

    One event for a page, however many participants stand on it.
    """
    rows = sorted(participants, key=lambda one: one.code)
    only = rows[0] if len(rows) == 1 else None
    codes = ", ".join(one.code for one in rows)
    record(
        action=LEVEL_SEEN,
        by=by,
        of=only or Participant,
        site=only.site if only else None,
        participant=only.code if only else "",
        changes=[] if only else [change("participants", None, codes)],
    )


@transaction.atomic
def unblinding_refused(*, participant: Participant, by: User) -> None:
    """A wrong password was typed: kept although nothing else of it is."""
    record(
        action="unblinding.refused",
        by=by,
        of=Unblinding,
        site=participant.site,
        participant=participant.code,
    )


def stated(reason: str, field: str = "reason") -> str:
    said = reason.strip()
    if not said:
        raise Refused(_("Give the reason."), field)
    if len(said) > LONGEST:
        said = _("A reason has at most %(n)d letters. Say it shorter.")
        raise Refused(said % {"n": LONGEST}, field)
    return said
