"""What a line of the log is asked about once: the limits, in words of the bedside."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from monitor.bedside.models import Reading
from monitor.clinical.care import amounts, given
from monitor.clinical.care.given import Doubt, Gift
from monitor.clinical.items import catalogue
from monitor.clinical.thresholds import THRESHOLDS
from monitor.templatetags.times import say_span
from monitor.treatments.models import Treatment
from monitor.trials.knowledge import unit_word

APART = "tocilizumab_apart_hours"
WORDS = {
    "tocilizumab_most": lazy("%(given)s mg is more than %(limit)s mg."),
    APART: lazy("Another dose lies %(given)s away, less than %(limit)s h."),
    "tocilizumab_in_a_day": lazy(
        "This makes %(given)s doses in 24 h; at most %(limit)s are given."
    ),
    "tocilizumab_in_all": lazy(
        "This makes %(given)s doses in all; at most %(limit)s are given."
    ),
    "tocilizumab_least_per_kg": lazy(
        "%(given)s mg/kg is less than %(limit)s mg/kg. Are unit and weight right?"
    ),
    "tocilizumab_most_per_kg": lazy("%(given)s mg/kg is more than %(limit)s mg/kg."),
    "tocilizumab_typed_per_kg": lazy(
        "%(given)s mg/kg is more than %(limit)s mg/kg. Are unit and weight right?"
    ),
    "tocilizumab_most_per_kg_adult": lazy(
        "%(given)s mg/kg is more than %(limit)s mg/kg. Are unit and weight right?"
    ),
    "catecholamine_most_per_kg": lazy(
        "%(given)s µg/kg/min is very much. Was µg/min meant?"
    ),
    "catecholamine_least": lazy(
        "%(given)s µg/min is very little. Was µg/kg/min meant?"
    ),
}


def doubts_of(line: Treatment) -> list[str]:
    """Every sentence about a line that is kept, or is about to be; nothing refuses."""
    if line.amount is None:
        return []
    asked = [
        *too_much(line.code, line.amount, line.unit),
        *too_little(line.code, line.amount, line.unit),
    ]
    if line.code not in given.ASKED:
        return asked
    gift = Gift(line.at, line.amount, line.unit, weight_at(line))
    return asked + [words(one) for one in given.doubts(line.code, gift, others(line))]


def too_much(code: str, amount: float, unit: str) -> list[str]:
    """Whether so much of the agent at once is hardly ever meant."""
    most = amounts.passed(code, amount, unit)
    if most is None:
        return []
    said = _(
        "%(given)s %(unit)s of %(agent)s is very much: more than %(limit)s %(unit)s. "
        "Are amount and unit right?"
    )
    told = {"given": f"{amount:g}", "limit": f"{most:g}", "unit": unit_word(unit)}
    return [said % (told | {"agent": catalogue.TREATMENTS[code].label.lower()})]


def too_little(code: str, amount: float, unit: str) -> list[str]:
    """Whether so little is hardly ever meant, or would be a dose in a larger unit."""
    larger = amounts.meant_larger(code, amount, unit)
    least = amounts.short_of(code, amount, unit)
    if larger:
        said = _(
            "%(given)s %(unit)s of %(agent)s is very little. Was %(larger)s meant?"
        )
    elif least is not None:
        said = _(
            "%(given)s %(unit)s of %(agent)s is very little: less than %(limit)s "
            "%(unit)s. Are amount and unit right?"
        )
    else:
        return []
    told = {"given": f"{amount:g}", "unit": unit_word(unit)}
    told |= {"larger": unit_word(larger)} if larger else {"limit": f"{least:g}"}
    return [said % (told | {"agent": catalogue.TREATMENTS[code].label.lower()})]


def words(doubt: Doubt) -> str:
    told = f"{doubt.given:.4g}"
    if doubt.key == APART:
        told = say_span(timedelta(minutes=round(60 * doubt.given)))
    limit = f"{THRESHOLDS[doubt.key].value:g}"
    return str(WORDS[doubt.key]) % {"given": told, "limit": limit}


def weight_at(line: Treatment) -> float | None:
    """The weight that was used, else the last of the cycle that feeds, by then; kg."""
    if line.weight is not None:
        return line.weight
    weights = Reading.objects.current().filter(
        observation__cycle=line.cycle_id,
        observation__observed_at__lte=line.at,
        item="WEIGHT",
        number__isnull=False,
    )
    sure = weights.exclude(check_state=Reading.Check.HELD)
    last = sure.order_by("observation__observed_at", "pk").last()
    return last.number if last else None


def others(line: Treatment) -> list[datetime]:
    """When else the agent was given in the cycle; not the line that this corrects."""
    given_once = Treatment.objects.current().filter(
        cycle=line.cycle_id, code=line.code, form=Treatment.Form.AMOUNT
    )
    own = {line.pk, line.supersedes_id} - {None}
    return list(given_once.exclude(pk__in=own).values_list("at", flat=True))


def joined(sentences: list[str]) -> str:
    """As it is kept with the line: what was asked, and kept all the same."""
    return " ".join(sentences)[:400]
