"""Which reasons a page offers: for what was not done, and for a correction."""

from collections.abc import Mapping

from django.utils.translation import gettext_lazy as _

from monitor.bedside.entry import NOT_DONE_REASONS

UNRECORDABLE = "unrecordable"
AT_THE_BEDSIDE = (
    "refused",
    "asleep",
    "away",
    "equipment",
    "not_indicated",
    "not_assessable",
    "other",
)
IN_THE_LABORATORY = ("pending", "not_drawn", "spoiled", "refused", "other")
#: The reasons that one press gives to all that is left blank.
FOR_ALL: Mapping[str, object] = {
    "refused": _("Refused"),
    "asleep": _("Asleep"),
    "away": _("Off ward"),
    "other": _("Other…"),
}

CORRECTIONS: Mapping[str, object] = {
    "typing": _("Typing error"),
    "wrong_time": _("Read at another time"),
    "wrong_device": _("Read from the wrong device"),
    "wrong_unit": _("Wrong unit"),
    "wrong_participant": _("Belongs to another participant"),
    "source": _("Differs from the source document"),
    "measured_again": _("Measured again, the first was wrong"),
    "other": _("Other, said below"),
}


def offered(laboratory: bool) -> tuple[tuple[str, str], ...]:
    codes = IN_THE_LABORATORY if laboratory else AT_THE_BEDSIDE
    return tuple((code, sentence_case(str(NOT_DONE_REASONS[code]))) for code in codes)


def sentence_case(words: str) -> str:
    return words[:1].upper() + words[1:]
