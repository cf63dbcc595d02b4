"""What a password may not be, beside too short and too common."""

import re
from itertools import pairwise

from django.contrib.auth.password_validation import CommonPasswordValidator
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from monitor.trials.models import User

#: So many letters must be left when names are taken out, and where it counts on.
LEAST = 8
NAME = 3  # Shorter parts of a name stand in many words.
ROWS = ("qwertyuiop", "asdfghjkl", "zxcvbnm")
NEXT_KEYS = {pair for row in ROWS for pair in pairwise(row)}


class OwnName:
    """Little is left of the password without the account's and the person's names."""

    def validate(self, password: str, user: User | None = None) -> None:
        if user is None:
            return
        left = plain(password)
        for part in sorted(parts_of(user), key=len, reverse=True):
            left = left.replace(part, "")
        if left != plain(password) and len(left) < LEAST:
            said = _("Too little is left of this password without your name. %(do)s")
            raise ValidationError(said % {"do": choose()}, code="own_name")

    def get_help_text(self) -> str:
        return _("It is more than your name.")


class Pattern:
    """The password repeats itself or counts on, as 123456789012 and abcabcabcabc do."""

    def validate(self, password: str, user: User | None = None) -> None:
        if steps(once(password.casefold())) < LEAST:
            said = _("This password repeats itself or counts on. %(do)s")
            raise ValidationError(said % {"do": choose()}, code="pattern")

    def get_help_text(self) -> str:
        return _("It does not repeat itself.")


class CommonWord(CommonPasswordValidator):
    """A common password with digits and marks around it, as Password2026!."""

    def validate(self, password: str, user: User | None = None) -> None:
        word = re.sub(r"^[\W\d_]+|[\W\d_]+$", "", password.casefold())
        if len(word) < len(password) and word in self.passwords:
            said = _("This is a common password with digits or marks added. %(do)s")
            raise ValidationError(said % {"do": choose()}, code="common_word")


def choose() -> str:
    return _("Choose a few words that belong to nobody's list.")


def plain(text: str) -> str:
    return "".join(letter for letter in text.casefold() if letter.isalnum())


def parts_of(user: User) -> set[str]:
    told = (user.username, user.printed_name, user.email.partition("@")[0])
    parts = {plain(part) for text in told for part in re.split(r"[\W_]+", text)}
    return {part for part in parts if len(part) >= NAME}


def once(text: str) -> str:
    """What is written again and again to make the text, or the text itself."""
    size = (text + text).find(text, 1)
    return text[:size]


def steps(text: str) -> int:
    """How many of its letters do not just follow from the one before."""
    return bool(text) + sum(not follows(*pair) for pair in pairwise(text))


def follows(one: str, other: str) -> bool:
    if abs(ord(one) - ord(other)) <= 1 or {one, other} == {"9", "0"}:
        return True
    return (one, other) in NEXT_KEYS or (other, one) in NEXT_KEYS
