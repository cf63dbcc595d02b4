"""What a set must be to be recorded, however it was typed: the verb's own checks."""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime

from django.utils.translation import gettext as _

from monitor import clock
from monitor.bedside.entry import NOT_DONE_REASONS, NewReading, known_item
from monitor.bedside.models import Reading
from monitor.clinical.items import catalogue, censored, limits
from monitor.refusal import Refused
from monitor.trials.times import check_aware, check_order

State = Reading.State


def check_set(
    readings: Sequence[NewReading], observed_at: datetime, imported: bool = False
) -> None:
    """Raises Refused for an empty set, an item twice, or a value that cannot be."""
    if not readings:
        raise Refused(_("Nothing was entered. Type a value, or say why not done."))
    for item, times in Counter(reading.item for reading in readings).items():
        if times > 1:
            raise Refused(_("This is in the set twice. Keep one."), item)
    for reading in readings:
        check_reading(reading, observed_at, imported)


def check_reading(
    reading: NewReading, observed_at: datetime, imported: bool = False
) -> None:
    item = known_item(reading.item)
    if reading.state == State.VALUE and item.kind == "coded":
        check_choice(item, reading)
    elif reading.state == State.VALUE:
        check_number(item, reading)
    elif reading.state == State.UNRECORDABLE and not item.unrecordable:
        raise Refused(_("This cannot be unrecordable."), item.code)
    elif reading.state == State.NOT_DONE and not_a_reason(reading):
        raise Refused(_("Choose why it was not done."), item.code)
    check_onset(item, reading, observed_at)
    if item.kind == "period" and reading.state == State.VALUE:
        check_period(item, reading, observed_at, imported)


def check_onset(item: catalogue.Item, reading: NewReading, seen: datetime) -> None:
    """A symptom that is there began before it was seen, or just then."""
    if reading.began_at is None:
        return
    check_aware(reading.began_at, item.code)
    if item.kind != "symptom" or not reading.number:
        raise Refused(_("Only a symptom that is there has begun."), item.code)
    if reading.began_at > seen:
        said = _("It began after it was seen. Type the time of onset again.")
        raise Refused(said, item.code)


def not_a_reason(reading: NewReading) -> bool:
    return reading.not_done_reason not in NOT_DONE_REASONS


def check_choice(item: catalogue.Item, reading: NewReading) -> None:
    if reading.choice not in {option.code for option in item.options}:
        raise Refused(_("Choose one of the answers."), item.code)


def check_number(item: catalogue.Item, reading: NewReading) -> None:
    """The hard limits once more, on the number that is about to be stored."""
    number = reading.number
    if number is None or number != number or reading.unit != item.unit:
        raise Refused(_("This is not a number. Type it in digits."), item.code)
    takes = censored.takes(item)
    judged = censored.judged(number, reading.typed) if takes else number
    if limits.first_check(item, judged)[1] == "refused":
        raise Refused(_("This value cannot be. Type it again."), item.code)


def check_period(
    item: catalogue.Item,
    reading: NewReading,
    observed_at: datetime,
    imported: bool,
) -> None:
    """The amount over `observed_at` to `until`, both in the past."""
    if reading.until is None:
        raise Refused(_("Say when the period ended."), item.code)
    check_order(observed_at, reading.until, item.code)
    if reading.until > clock.now() and not imported:
        raise Refused(_("The period ends in the future. Type it again."), item.code)
    hours = (reading.until - observed_at).total_seconds() / 3600
    amount = reading.number
    if amount is not None and limits.period_check(item, amount, hours)[1] == "refused":
        raise Refused(_("This is too much for the time. Check both."), item.code)
