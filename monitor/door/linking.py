"""A hospital account opens an account of ours: linked by the person, and never made."""

from django.db import transaction
from django.utils.translation import gettext as _

from monitor import clock
from monitor.audit.actions import record
from monitor.door.models import HospitalLink
from monitor.refusal import Refused
from monitor.trials.models import User


@transaction.atomic
def link_hospital(*, by: User, issuer: str, subject: str) -> HospitalLink:
    """From now on the hospital's word opens the account, as the password does.

    Raises Refused for a hospital account that opens another person's.
    """
    User.objects.select_for_update().get(pk=by.pk)
    other = HospitalLink.objects.filter(issuer=issuer, subject=subject)
    if other.exclude(user=by).exists():
        raise Refused(_("This hospital account opens somebody else's account."))
    row, _created = HospitalLink.objects.update_or_create(
        user=by,
        defaults={"issuer": issuer, "subject": subject, "linked_at": clock.now()},
    )
    record(action="door.linked", by=by, of=row)
    return row


@transaction.atomic
def unlink_hospital(*, by: User) -> None:
    """The hospital opens the account no more. Raises Refused where it did not."""
    row = HospitalLink.objects.filter(user=by).first()
    if row is None:
        raise Refused(_("No hospital account is linked."))
    record(action="door.unlinked", by=by, of=row)
    row.delete()


def linked_user(issuer: str, subject: str) -> User | None:
    """Whose account this hospital account opens."""
    rows = HospitalLink.objects.filter(issuer=issuer, subject=subject)
    found = rows.select_related("user").first()
    return found.user if found else None
