"""What a browser says of itself, in words that its owner knows it by."""

from __future__ import annotations

from django.utils.translation import gettext as _

#: The first that a browser names: most of them name others after it.
BROWSERS = {
    "Edg": "Edge",
    "OPR": "Opera",
    "SamsungBrowser": "Samsung Internet",
    "Firefox": "Firefox",
    "FxiOS": "Firefox",
    "CriOS": "Chrome",
    "Chrome": "Chrome",
    "Safari": "Safari",
}
SYSTEMS = {
    "iPad": "iPad",
    "iPhone": "iPhone",
    "Android": "Android",
    "CrOS": "Chromebook",
    "Windows": "Windows",
    "Mac OS X": "Mac",
    "Linux": "Linux",
}


def device_words(told: str) -> str:
    """`Chrome, Linux` of a User-Agent header; what it does not know it says as told."""
    known = [_first(BROWSERS, told), _first(SYSTEMS, told)]
    return ", ".join(filter(None, known)) or told or _("unknown device")


def _first(names: dict[str, str], told: str) -> str:
    return next((word for mark, word in names.items() if mark in told), "")
