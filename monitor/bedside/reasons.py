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
#: The reasons that one press gives to all that is left blank: (code, words, key).
FOR_ALL = (
    ("refused", _("Refused"), "r"),
    ("asleep", _("Asleep"), "s"),
    ("away", _("Off ward"), "w"),
    ("other", _("Other…"), "o"),
)

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

#: Why two sets of one slot differ, and which of them counts.
SETTLEMENTS: Mapping[str, object] = {
    "both": _("Measured twice, both are right"),
    "typing": CORRECTIONS["typing"],
    "wrong_device": CORRECTIONS["wrong_device"],
    "wrong_participant": CORRECTIONS["wrong_participant"],
    "measured_again": CORRECTIONS["measured_again"],
    "source": CORRECTIONS["source"],
    "other": CORRECTIONS["other"],
}


def offered(laboratory: bool) -> tuple[tuple[str, str], ...]:
    codes = IN_THE_LABORATORY if laboratory else AT_THE_BEDSIDE
    return tuple((code, sentence_case(str(NOT_DONE_REASONS[code]))) for code in codes)


def sentence_case(words: str) -> str:
    return words[:1].upper() + words[1:]
