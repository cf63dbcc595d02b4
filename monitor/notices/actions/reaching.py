"""How a person is reached: where their notices are mailed."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.utils.translation import gettext as _

from monitor.audit import actions as audit
from monitor.refusal import Refused
from monitor.trials.actions import check_looks_after
from monitor.trials.models import User


@transaction.atomic
def set_email(*, user: User, email: str, by: User) -> User:
    """Where a person's notices are mailed; empty: nowhere. The same again adds nothing.

    Each sets their own; who manages people sets it for those they look after.
    """
    if user.pk != by.pk:
        check_looks_after(by, user)
    email = email.strip()
    try:
        if email:
            validate_email(email)
    except ValidationError as error:
        said = _("Type an e-mail address, as name@hospital.example.")
        raise Refused(said, "email") from error
    locked = User.objects.select_for_update().get(pk=user.pk)
    before, locked.email = locked.email, email
    if before == email:
        return locked
    locked.save(update_fields=["email"])
    audit.record(
        action="user.reached_at",
        by=by,
        of=locked,
        changes=[audit.change("email", before or None, email or None)],
    )
    return locked
