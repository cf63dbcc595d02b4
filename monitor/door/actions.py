"""The door: who came in, who went out, who was turned away, and what proves who."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from django.contrib.auth.password_validation import validate_password
from django.contrib.sessions.models import Session
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from monitor import clock
from monitor.audit.actions import record
from monitor.audit.models import Event
from monitor.door import clocks, sealed
from monitor.door.models import RecoveryCode, SecondFactor, SignedIn
from monitor.refusal import Refused
from monitor.trials.models import User
from monitor.trials.people import LOCKED

#: A name that no account has may be a password typed in the wrong field.
NOBODY = "unknown account"
CODE_REFUSED = "door.code_refused"
#: Somebody may try again at once: see `door.letting`.
LIFTED = "user.lock_lifted"
PROOF_REFUSED = "door.password_refused"
#: Wrong passwords of somebody who is signed in, wherever one is asked for again.
PROOFS_REFUSED = (PROOF_REFUSED, "signature.refused", "unblinding.refused")
GUESSES, GUESSING = 5, timedelta(minutes=15)
End = SignedIn.End


# Coming and going


@transaction.atomic
def sign_in(
    *, by: User, session_key: str, device: str = "", address: str | None = None
) -> SignedIn:
    """The person proved who they are; the session itself is Django's."""
    record(action="door.signed_in", by=by, of=by)
    now = clock.now()
    told = {"user": by, "began_at": now, "seen_at": now, "device": device[:200]}
    row, _created = SignedIn.objects.update_or_create(
        session_key=session_key,
        defaults={**told, "address": address, "ended_at": None, "end": ""},
    )
    return row


@transaction.atomic
def sign_out(*, by: User, session_key: str | None, end: str = End.SIGNED_OUT) -> User:
    """The person ended the session, or left it alone for too long."""
    record(action=f"door.{End(end)}", by=by, of=by)
    open_ = SignedIn.objects.filter(session_key=session_key, ended_at__isnull=True)
    open_.update(ended_at=clock.now(), end=end)
    return by


def seen(*, session_key: str, at: datetime) -> None:
    """The person is at work in this session."""
    SignedIn.objects.filter(session_key=session_key).update(seen_at=at)


@transaction.atomic
def end_session(*, row: SignedIn, by: User) -> SignedIn:
    """End a session of one's own, on whatever device it is."""
    if row.user_id != by.pk:
        raise Refused(_("This is a session of somebody else."))
    _end(row, by)
    return row


@transaction.atomic
def end_others(*, by: User, but: str | None) -> int:
    """End every session of one's own but this one; how many there were."""
    rows = SignedIn.objects.filter(user=by, ended_at__isnull=True)
    found = list(rows.exclude(session_key=but or ""))
    for row in found:
        _end(row, by)
    return len(found)


@transaction.atomic
def end_all_of(*, user: User, by: User | str) -> int:
    """End every session of an account that others closed; how many there were."""
    rows = list(SignedIn.objects.filter(user=user, ended_at__isnull=True))
    for row in rows:
        _end(row, by)
    return len(rows)


def _end(row: SignedIn, by: User | str) -> None:
    if row.ended_at is not None:
        return
    Session.objects.filter(pk=row.session_key).delete()
    row.ended_at, row.end = clock.now(), End.ENDED
    row.save(update_fields=["ended_at", "end"])
    record(action="door.session_ended", by=by, of=row)


@transaction.atomic
def refuse_sign_in(*, username: str, locked: bool) -> User | None:
    """Somebody failed to prove to be this account, which is given back if there is one.

    `locked`: after too many failures even the right password is refused for a while.
    """
    account = User.objects.filter(username=username).first()
    record(
        action=LOCKED if locked else "door.refused",
        by=account.username if account else NOBODY,
        of=account or User,
    )
    return account


@transaction.atomic
def change_password(*, by: User, password: str, session_key: str | None) -> User:
    """A new password of one's own; every other session ends. Raises Refused."""
    if by.check_password(password):
        said = _("This is the password that you have. Choose another.")
        raise Refused(said, "new_password1")
    try:
        validate_password(password, by)
    except ValidationError as error:
        raise Refused(" ".join(error.messages), "new_password1") from error
    by.set_password(password)
    by.password_given_at = None
    by.save(update_fields=["password", "password_given_at"])
    record(action="door.password_changed", by=by, of=by)
    end_others(by=by, but=session_key)
    return by


# The second factor


@transaction.atomic
def begin_factor(*, by: User) -> SecondFactor:
    """The secret that a device is about to learn; it counts when it is confirmed.

    Asked again before that, it is the same one, unless SECRET_KEY has changed and
    nobody can read it any more. Raises Refused beside a confirmed one.
    """
    fresh: dict[str, Any] = {
        "secret": sealed.seal(clocks.new_secret()),
        "made_at": clock.now(),
    }
    row, _created = SecondFactor.objects.select_for_update().get_or_create(
        user=by, defaults=fresh
    )
    if row.confirmed_at is not None:
        raise Refused(_("You have a second factor. Take it away first."))
    if not sealed.readable(row.secret):
        row.secret, row.made_at = fresh["secret"], fresh["made_at"]
        row.save(update_fields=["secret", "made_at"])
    return row


@transaction.atomic
def confirm_factor(*, by: User, code: str) -> list[str]:
    """The device shows the right code: from now on one is asked for.

    The recovery codes come back, shown once and kept as digests. Raises Refused.
    """
    row = SecondFactor.objects.select_for_update().get(user=by)
    if row.confirmed_at is not None:
        raise Refused(_("This second factor is in use already."))
    if not sealed.readable(row.secret):
        raise Refused(_("The picture has changed. Let the device read it."), "code")
    secret, now = sealed.opened(row.secret), clock.now()
    step = clocks.step_of(secret, code, now, row.last_step)
    if step is None:
        raise Refused(
            _("This is not the code that is shown now. Type it again."), "code"
        )
    row.confirmed_at, row.last_step = now, step
    row.save(update_fields=["confirmed_at", "last_step"])
    record(action="door.factor_added", by=by, of=row)
    return _fresh_codes(row)


def renew_codes(*, by: User, password: str) -> list[str]:
    """New recovery codes in place of the old ones. Raises Refused."""
    prove(by=by, password=password)
    with transaction.atomic():
        row = SecondFactor.objects.select_for_update().get(user=by)
        record(action="door.codes_renewed", by=by, of=row)
        return _fresh_codes(row)


def _fresh_codes(row: SecondFactor) -> list[str]:
    codes = clocks.recovery_codes()
    row.codes.all().delete()
    digests = (sealed.digest(code) for code in codes)
    RecoveryCode.objects.bulk_create(
        RecoveryCode(factor=row, digest=digest) for digest in digests
    )
    return codes


def pass_factor(*, user: User, code: str) -> None:
    """The code of the device, or one recovery code. Raises Refused.

    A wrong one is kept in the trail although nothing else is; after several in a short
    time even the right one waits, and administrators hear of it.
    """
    with transaction.atomic():
        # Held while it is counted: many guesses at one moment are as many.
        row = SecondFactor.objects.select_for_update().get(user=user)
        said = _turned_away(row, code, user)
    if said:
        raise Refused(said, "code")


def _turned_away(row: SecondFactor, code: str, user: User) -> str:
    """Why the code does not open the door, in words; "" when it does."""
    if guessed(user, [CODE_REFUSED]) >= GUESSES:
        record(action=LOCKED, by=user, of=user)
        said = _("Too many wrong codes. Try again in %(n)d minutes.")
        return said % {"n": GUESSING.seconds // 60}
    if _device_shows(row, code) or _recovers(row, code, user):
        return ""
    record(action=CODE_REFUSED, by=user, of=user)
    if sealed.readable(row.secret):
        return _("This is not the code that is shown now. Type it again.")
    return _(
        "No code opens this any more: the program's own key has changed since the "
        "device was added. Ask the owner to take the second factor away."
    )


def guessed(user: User, actions: Iterable[str]) -> int:
    """How often the person failed at one of these in a short time, and since they were

    let try again.
    """
    recent = Event.objects.filter(at__gt=clock.now() - GUESSING)
    lifted = recent.filter(
        action=LIFTED, object_type="User", object_id=str(user.pk)
    ).aggregate(last=Max("sequence"))["last"]
    failed = recent.filter(action__in=list(actions), actor=user.username)
    return failed.filter(sequence__gt=lifted or 0).count()


def prove(*, by: User, password: str, field: str = "password") -> None:
    """It is the person: for what only the owner of an account may do. Raises Refused.

    A wrong password is kept in the trail although nothing else is. After several in a
    short time, here or at a signature, even the right one waits.
    """
    with transaction.atomic():
        User.objects.select_for_update().get(pk=by.pk)
        if guessed(by, PROOFS_REFUSED) >= GUESSES:
            said = _("Too many wrong passwords. Try again in %(n)d minutes.")
            raise Refused(said % {"n": GUESSING.seconds // 60}, field)
        good = by.check_password(password)
        if not good:
            record(action=PROOF_REFUSED, by=by, of=by)
    if not good:
        raise Refused(_("This is not your password. Type it again."), field)


def _device_shows(row: SecondFactor, code: str) -> bool:
    if not sealed.readable(row.secret):
        return False
    secret = sealed.opened(row.secret)
    step = clocks.step_of(secret, code, clock.now(), row.last_step)
    if step is None:
        return False
    row.last_step = step
    row.save(update_fields=["last_step"])
    return True


def _recovers(row: SecondFactor, code: str, user: User) -> bool:
    found = row.codes.filter(digest=sealed.digest(code), used_at__isnull=True).first()
    if found is None:
        return False
    found.used_at = clock.now()
    found.save(update_fields=["used_at"])
    record(action="door.recovery_used", by=user, of=row)
    return True


def remove_factor(*, by: User, password: str) -> None:
    """Without the device from now on. Raises Refused for a wrong password.

    Somebody else's: see `door.letting`.
    """
    prove(by=by, password=password)
    with transaction.atomic():
        row: Any = SecondFactor.objects.select_for_update().filter(user=by).first()
        if row is None:
            return
        record(action="door.factor_removed", by=by, of=row, reason=_("By oneself."))
        row.delete()
