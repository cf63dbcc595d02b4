"""What in a free text looks as if it could identify a participant.

Participants go by their code alone. Who types a name, a telephone or a record number is
told so while typing, and never stopped: a word that only looks like one may be needed.
The patterns are read by Python and by the browser (static/js/identifying.js), so they
keep to what both understand. A name without a title cannot be told from other words.
"""

import re
from collections.abc import Mapping
from typing import Any, NamedTuple

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

# The fields in which a person writes sentences, by the names that forms give them.
# One of several forms on a page puts its own name in front: `refusal-reason`.
FREE_TEXT = (
    r"^(?:\w+-)?(note|note_.+|reason|words|text|referral_reason|asked_text|grew"
    r"|indication)$"
)


class Likeness(NamedTuple):
    """Something that identifies a person, and how it is written."""

    words: str | Promise
    pattern: str
    any_case: bool = True


LIKENESSES = (
    Likeness(
        gettext_lazy("a name"),
        r"\b(?:Mr|Mrs|Ms|Miss|Herr|Frau|Mme|Madame|Monsieur|Sig|Sra?)\b\.? ?[A-Z]"
        r"|\b[A-Z]\. ?[A-Z][a-z]{2,}",
        any_case=False,
    ),
    Likeness(
        gettext_lazy("a telephone number"),
        r"(?:\+|\b00)\d[\d ()/.-]{6,}\d"
        r"|\b0\d{2,5}[ /-]?\d{5,}"
        r"|\(\d{3}\) ?\d{3}-\d{4}|\b\d{3}[-.]\d{3}[-.]\d{4}\b",
    ),
    Likeness(
        gettext_lazy("a record number"),
        r"\b(?:MRN|PID|NHS|SSN)\b\W{0,3}\d{3,}"
        r"|\b(?:record|chart|hospital|insurance|patient|case)[ -]*"
        r"(?:no|number|nr|id)\b\W{0,3}\d{3,}"
        r"|(?<!\d[ /-])\b[1-9]\d{6,}\b",
    ),
    Likeness(gettext_lazy("an e-mail address"), r"[^\s@]+@[^\s@]+\.[a-z]{2,}"),
    Likeness(
        gettext_lazy("a date of birth"),
        r"\b(?:born|DOB|date of birth)\b\W{0,3}(?:on )?\d",
    ),
)


def resembles(text: str) -> list[str]:
    """What the text looks as if it held, in words; nothing for most texts."""
    return [
        str(one.words)
        for one in LIKENESSES
        if re.search(one.pattern, text, re.IGNORECASE if one.any_case else 0)
    ]


def alike_in(typed: Mapping[str, str]) -> dict[str, list[str]]:
    """Field -> what its free text looks as if it held; other fields are not read."""
    found = {
        name: resembles(text)
        for name, text in typed.items()
        if re.search(FREE_TEXT, name)
    }
    return {name: words for name, words in found.items() if words}


def for_the_browser() -> dict[str, Any]:
    """The same patterns, and the sentence that is said beside the field."""
    return {
        "fields": FREE_TEXT,
        "sentence": str(
            gettext_lazy(
                "This looks like %s. Participants go by their code alone: leave out "
                "what tells who somebody is."
            )
        ),
        "and": str(gettext_lazy("and")),
        "likenesses": [
            {
                "words": str(one.words),
                "pattern": one.pattern,
                "flags": "i" if one.any_case else "",
            }
            for one in LIKENESSES
        ],
    }
