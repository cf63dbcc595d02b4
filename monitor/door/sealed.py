"""Secrets at rest: readable with SECRET_KEY, which is never in the database."""

import base64
import hashlib

from cryptography.fernet import Fernet, InvalidToken
from django.conf import settings
from django.utils.crypto import salted_hmac


class Unreadable(ValueError):
    """The secret was sealed under another SECRET_KEY."""


def _box() -> Fernet:
    key = hashlib.sha256(b"second factor:" + settings.SECRET_KEY.encode()).digest()
    return Fernet(base64.urlsafe_b64encode(key))


def seal(text: str) -> str:
    return _box().encrypt(text.encode()).decode()


def opened(sealed: str) -> str:
    """The text that was sealed. Raises Unreadable."""
    try:
        return _box().decrypt(sealed.encode()).decode()
    except InvalidToken:
        raise Unreadable("sealed under another SECRET_KEY") from None


def readable(sealed: str) -> bool:
    """Whether SECRET_KEY is still the one that it was sealed under."""
    try:
        opened(sealed)
    except Unreadable:
        return False
    return True


def digest(code: str) -> str:
    """What is kept of a recovery code, however it was spaced when it was typed."""
    plain = "".join(code.split()).replace("-", "").upper()
    return salted_hmac("recovery code", plain, algorithm="sha256").hexdigest()
