"""Which facts and decisions there are, and what a laboratory range looks like."""

import re
from datetime import date

from django.utils.translation import gettext as _

from monitor.bedside.entry import known_item, said
from monitor.bedside.models import Fact
from monitor.clinical.criteria.library import QUESTIONS
from monitor.clinical.facts import coded
from monitor.clinical.facts.intake import DECISIONS, FACTS
from monitor.clinical.items import catalogue, entry, normal, units
from monitor.refusal import Refused
from monitor.trials.permissions import Permission

PRESENCE = ("INPATIENT", "IN_CLINIC", "AT_HOME", "AWAY", "FOLLOW_UP")
CODES = {Fact.Kind.FACT: FACTS, Fact.Kind.DECISION: DECISIONS}
#: The planned day of surgery, as 2026-12-14, or that none is planned.
SURGERY, NO_SURGERY = "SURGERY", "none"
#: Facts whose value is read like that item's, in the item's own unit.
READ_LIKE = {"USUAL_SBP": "SYSBP"}
RANGE = re.compile(r"\s*(?P<low>[\d.,]*)\s*(?:\.\.|–|-)\s*(?P<high>[\d.,]*)\s*")


def permission(kind: str) -> Permission:
    """A decision is a person's judgment of a value; a fact is entered like a set."""
    if kind == Fact.Kind.DECISION:
        return Permission.CONFIRM
    return Permission.RECORD_OBSERVATION


def check_fact(kind: str, code: str, value: str) -> None:
    """Raises Refused for a code that is not on the list, or a value that cannot be."""
    if kind not in Fact.Kind.values or code not in CODES[Fact.Kind(kind)]:
        raise Refused(_("%(code)s is not on the list.") % {"code": code}, "code")
    if code in QUESTIONS and value not in QUESTIONS[code].answers:
        raise Refused(_("Choose one of the answers."), "value")
    if code == SURGERY and value != NO_SURGERY:
        check_day(value)
    if code in READ_LIKE:
        read = entry.read(catalogue.item(READ_LIKE[code]), value)
        if read.number is None:
            raise Refused(said(read), "value")
    if fault := coded.fault(code, value):
        raise Refused(_(fault), "value")


def check_day(value: str) -> None:
    try:
        date.fromisoformat(value)
    except ValueError as error:
        raise Refused(_("Type the day as 2026-12-14."), "value") from error


def read_range(code: str, typed: str, unit: str) -> tuple[float | None, float | None]:
    """`3.5..5.2` as two numbers in the item's canonical unit; either may be missing."""
    item = known_item(code)
    match = RANGE.fullmatch(typed)
    if match is None or not (match["low"] or match["high"]):
        raise Refused(_("Type the range as low..high, such as 3.5..5.2."), code)
    low, high = (bound(item, match[side], unit) for side in ("low", "high"))
    if fault := normal.fault(low, high):
        raise Refused(_(fault), code)
    return low, high


def bound(item: catalogue.Item, text: str, unit: str) -> float | None:
    if not text:
        return None
    try:
        return units.convert(text.replace(",", "."), unit or item.unit, item)
    except (units.NotANumber, units.UnknownUnit) as error:
        raise Refused(str(error), item.code) from error
