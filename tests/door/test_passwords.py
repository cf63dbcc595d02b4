"""What a password may not be."""

import pytest

from monitor.door import actions
from monitor.refusal import Refused
from tests.cast import PASSWORD


def refused(user, password):
    try:
        actions.change_password(by=user, password=password, session_key=None)
    except Refused as said:
        return said.sentence
    return ""


@pytest.mark.parametrize(
    ("password", "why"),
    [
        ("reyesreyesreyes", "without your name"),
        ("Reyes-2026-reyes", "without your name"),
        ("areyes.rn.1234567", ""),
        ("123456789012", "counts on"),
        ("aaaaaaaaaaaaaaaa", "counts on"),
        ("qwertyuiopasdf", "counts on"),
        ("passwordpassword", "repeats itself"),
        ("abcabcabcabcabc", "repeats itself"),
        ("Password2026!", "digits or marks added"),
        ("!!iloveyou!!1234", "digits or marks added"),
        (PASSWORD, "the password that you have"),
    ],
)
def test_a_password_that_is_guessed_first_is_refused(cast, password, why):
    said = refused(cast.reyes, password)
    assert (why in said) if why else not said


@pytest.mark.parametrize(
    "password",
    ["seven herons by the weir", "correcthorsebatterystaple", "Zug-fährt-nach-Ulm"],
)
def test_a_few_words_are_enough(cast, password):
    assert refused(cast.reyes, password) == ""
