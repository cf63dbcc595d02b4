"""Who a participant is: apart from everything else, and sealed.

The one table that holds it has its own permission and a key that is in the environment
alone. Without the key nothing in it can be read, neither here nor in a backup.
"""

import json
from dataclasses import asdict, dataclass

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from monitor.trials.models import Participant


class Identity(models.Model):
    """One sealed text for each participant. It can be erased, unlike a record."""

    participant = models.OneToOneField(
        Participant, models.PROTECT, related_name="identity"
    )
    sealed = models.TextField()
    kept_at = models.DateTimeField(_("kept at"))
    kept_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+"
    )

    def __str__(self):
        return f"identity {self.participant_id}"


class Unreadable(ValueError):
    """No key of this program opens it, or it is another participant's."""


@dataclass(frozen=True)
class Person:
    """Who a participant is, as it was typed."""

    name: str
    birth_date: str = ""
    record_number: str = ""
    telephone: str = ""


def can_be_kept() -> bool:
    """Whether there is a key."""
    return bool(settings.MONITOR_IDENTITY_KEYS)


def box() -> MultiFernet:
    """Seals with the first key, opens with each."""
    return MultiFernet([Fernet(key) for key in settings.MONITOR_IDENTITY_KEYS])


def seal(person: Person, code: str) -> str:
    """The person as a sealed text that belongs to this participant's code."""
    told = asdict(person) | {"code": code}
    return box().encrypt(json.dumps(told, ensure_ascii=False).encode()).decode()


def opened(sealed: str, code: str) -> Person:
    """Raises Unreadable."""
    if not can_be_kept():
        raise Unreadable("There is no key.")
    try:
        told = json.loads(box().decrypt(sealed.encode()))
    except InvalidToken:
        raise Unreadable("Sealed under another key.") from None
    if told.pop("code") != code:
        raise Unreadable("Sealed for another participant.")
    return Person(**told)


def resealed(sealed: str) -> str:
    """The same under the newest key. Raises Unreadable."""
    try:
        return box().rotate(sealed.encode()).decode()
    except InvalidToken:
        raise Unreadable("Sealed under another key.") from None
