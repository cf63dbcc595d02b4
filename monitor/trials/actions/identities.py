"""Who a participant is: kept, looked at, erased. What is told never says who."""

import re

from django.db import transaction
from django.utils.translation import gettext as _

from monitor import clock
from monitor.audit.actions import record
from monitor.localtime import read_day
from monitor.refusal import Refused
from monitor.templatetags.times import zone_of
from monitor.trials import identities
from monitor.trials.actions.blinding import stated
from monitor.trials.identities import Identity, Person
from monitor.trials.models import Participant, User
from monitor.trials.permissions import Permission, check

NO_KEY = (
    "Identities cannot be kept: this program has no key for them. Who runs it sets "
    "MONITOR_IDENTITY_KEYS."
)


@transaction.atomic
def keep_identity(*, participant: Participant, person: Person, by: User) -> Identity:
    """Seal who the participant is, in place of what was kept before.

    Raises Refused without a key or a name, and of a birth date that is no day, or may
    be two. The trail says that it was done.
    """
    check(by, Permission.SEE_IDENTITY, participant.site)
    if not identities.can_be_kept():
        raise Refused(_(NO_KEY))
    if not person.name.strip():
        raise Refused(_("Type the name."), "name")
    _refuse_unread_birth_date(person.birth_date.strip(), participant)
    Participant.objects.select_for_update().get(pk=participant.pk)
    sealed = identities.seal(person, participant.code)
    kept, created = Identity.objects.update_or_create(
        participant=participant,
        defaults={"sealed": sealed, "kept_at": clock.now(), "kept_by": by},
    )
    tell("identity.kept" if created else "identity.changed", participant, by)
    return kept


def _refuse_unread_birth_date(typed: str, participant: Participant) -> None:
    """Nothing is fine, and so is a year alone, where no more is known."""
    if not typed:
        return
    said = _("This cannot be read as a day of birth. Type it as 12 Mar 1961.")
    today = clock.now().astimezone(zone_of(participant.site)).date()
    day = f"1 Jan {typed}" if re.fullmatch(r"\d{4}", typed) else typed
    read_day(day, today, "birth_date", said)


@transaction.atomic
def look_at_identity(*, participant: Participant, by: User) -> Person | None:
    """Who the participant is; None where nothing is kept. Each look is kept.

    Raises Refused where no key opens it.
    """
    check(by, Permission.SEE_IDENTITY, participant.site)
    kept = Identity.objects.filter(participant=participant).first()
    if kept is None:
        return None
    try:
        person = identities.opened(kept.sealed, participant.code)
    except identities.Unreadable as fault:
        said = _(
            "What is kept cannot be read: it was sealed under a key that this program "
            "does not have. Who runs it puts that key into MONITOR_IDENTITY_KEYS."
        )
        raise Refused(said if identities.can_be_kept() else _(NO_KEY)) from fault
    tell("identity.looked", participant, by)
    return person


@transaction.atomic
def forget_identity(*, participant: Participant, by: User, reason: str) -> None:
    """Erase who the participant is; the record under the code stays. With a reason."""
    check(by, Permission.SEE_IDENTITY, participant.site)
    said = stated(reason)
    gone, _rows = Identity.objects.filter(participant=participant).delete()
    if not gone:
        raise Refused(_("Nothing is kept of who this is."))
    tell("identity.erased", participant, by, said)


@transaction.atomic
def refuse_erasure(*, participant: Participant, by: User, reason: str) -> None:
    """The participant asked to be erased, and it cannot be: on what legal ground."""
    check(by, Permission.SEE_IDENTITY, participant.site)
    tell("identity.erasure_refused", participant, by, stated(reason))


@transaction.atomic
def reseal_identities(*, by: User) -> int:
    """Everything under the newest key, so that an older one can be thrown away."""
    if not by.is_superuser:
        check(by, Permission.MANAGE_PEOPLE, None)
    if not identities.can_be_kept():
        raise Refused(_(NO_KEY))
    every = list(Identity.objects.select_for_update())
    for kept in every:
        try:
            kept.sealed = identities.resealed(kept.sealed)
        except identities.Unreadable as fault:
            said = _("One is sealed under a key that is not there: put it back.")
            raise Refused(said) from fault
    Identity.objects.bulk_update(every, ["sealed"])
    record(action="identity.resealed", by=by, of=Identity)
    return len(every)


def tell(action: str, participant: Participant, by: User, reason: str = "") -> None:
    record(
        action=action,
        by=by,
        of=Identity,
        site=participant.site,
        participant=participant.code,
        reason=reason,
    )
