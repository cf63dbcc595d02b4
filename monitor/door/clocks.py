"""The codes of a clock that two sides share (TOTP, RFC 6238), and who needs one."""

import secrets
from datetime import datetime

import pyotp
import segno
from django.conf import settings

from monitor.trials.models import Role, User
from monitor.trials.permissions import TABLE, Permission, held_by

ISSUER = "Monitor"
#: A device's clock may go so many steps of 30 s wrong, either way.
DRIFT = 1
RECOVERY_CODES = 10
LETTERS = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"  # None that is read as another.
#: Whoever holds one of these needs a second factor where it is demanded.
WEIGHTY = {
    Permission.REVIEW,
    Permission.MANAGE_PEOPLE,
    Permission.MANAGE_TRIAL,
    Permission.APPROVE_PROTOCOL,
}


def new_secret() -> str:
    return pyotp.random_base32()


def step_of(secret: str, code: str, at: datetime, after: int) -> int | None:
    """The step whose code this is, if later than `after`; None when there is none.

    A step is 30 s of Unix time. A code that was accepted is never accepted again.
    """
    clock = pyotp.TOTP(secret)
    typed = "".join(code.split())
    now = clock.timecode(at)
    for step in range(now - DRIFT, now + DRIFT + 1):
        good = secrets.compare_digest(
            clock.generate_otp(step).encode(), typed.encode("utf-8", "replace")
        )
        if good and step > after:
            return step
    return None


def address_of(secret: str, user: User) -> str:
    """What an authenticator reads: otpauth://..."""
    return pyotp.TOTP(secret).provisioning_uri(
        name=user.get_username(), issuer_name=ISSUER
    )


def picture_of(address: str) -> str:
    """The address as a QR code, as a data URI. Dark on light in either theme."""
    return segno.make(address, error="m").svg_data_uri(scale=5, border=3, light="white")


def recovery_codes() -> list[str]:
    """Fresh codes, five letters and five: about 49 bits each."""
    return ["-".join(_letters(5) for _ in range(2)) for _ in range(RECOVERY_CODES)]


def _letters(count: int) -> str:
    return "".join(secrets.choice(LETTERS) for _ in range(count))


def needs_one(user: User) -> bool:
    """Whether the person must have a second factor before going on."""
    if settings.SECOND_FACTOR != "required":
        return False
    if user.is_superuser:
        return True
    roles = held_by(user).values_list("role", flat=True)
    return any(WEIGHTY & TABLE[Role(role)] for role in roles)
