"""The door: who came in, who went out, and who was turned away."""

from django.db import transaction

from monitor.audit.actions import record
from monitor.trials.models import User

#: A name that no account has may be a password typed in the wrong field.
NOBODY = "unknown account"


@transaction.atomic
def sign_in(*, by: User) -> User:
    """The person proved who they are; the session itself is Django's."""
    record(action="door.signed_in", by=by, of=by)
    return by


@transaction.atomic
def sign_out(*, by: User) -> User:
    """The person ended the session."""
    record(action="door.signed_out", by=by, of=by)
    return by


@transaction.atomic
def refuse_sign_in(*, username: str, locked: bool) -> User | None:
    """Somebody failed to prove to be this account, which is given back if there is one.

    `locked`: after too many failures even the right password is refused for a while.
    """
    account = User.objects.filter(username=username).first()
    record(
        action="door.locked" if locked else "door.refused",
        by=account.username if account else NOBODY,
        of=account or User,
    )
    return account
