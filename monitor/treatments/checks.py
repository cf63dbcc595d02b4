"""What a line of the management log must be: the closed list, its forms and units."""

import math

from django.utils.translation import gettext as _

from monitor.clinical.items import catalogue
from monitor.clinical.items.catalogue import TreatmentKind
from monitor.refusal import Refused
from monitor.treatments.models import Treatment
from monitor.trials.models import Cycle

Form = Treatment.Form
VERBAL = (Treatment.Order.READ_BACK, Treatment.Order.VERBAL)
CALL = "call"
FLUID, STUDY_DRUG = "fluid", "study_drug"
#: What is nothing without its words; a chart file has none.
WITH_WORDS = (
    "no_action",
    "other_action",
    "offered_not_done",
    "ceiling_of_care",
    "study_drug_rate",
    "icu_declined",
)


def check_treatment(code: str, form: str, amount: float | None, unit: str) -> None:
    """Raises Refused, with the field, for what is not on the list or has no such form.

    A rate needs its amount (0 ends it) and unit, a gift its amount and unit; a regimen
    may name an amount; an action has none.
    """
    kind = known_kind(code)
    check_form(kind, form)
    if form == Form.ACTION:
        check_no_amount(amount, unit)
    elif amount is not None or form in (Form.AMOUNT, Form.RATE):
        check_amount(kind, form, amount, unit)


def known_kind(code: str) -> TreatmentKind:
    try:
        return catalogue.treatment(code)
    except catalogue.UnknownTreatment as unknown:
        raise Refused(str(unknown), "code") from unknown


def check_form(kind: TreatmentKind, form: str) -> None:
    if form in kind.forms:
        return
    told = {
        "label": kind.label,
        "forms": ", ".join(str(Form(one).label) for one in kind.forms),
    }
    raise Refused(_("%(label)s is logged as: %(forms)s.") % told, "form")


def check_no_amount(amount: float | None, unit: str) -> None:
    if amount is not None or unit:
        raise Refused(_("An action has no amount. Leave it out."), "amount")


def check_amount(
    kind: TreatmentKind, form: str, amount: float | None, unit: str
) -> None:
    if amount is None:
        said = _("How much, or how fast? Type the amount.")
        raise Refused(said, "amount")
    if not math.isfinite(amount) or amount < 0:
        raise Refused(_("An amount is a number, 0 or more. Type it again."), "amount")
    if amount == 0 and form != Form.RATE:
        raise Refused(_("0 was given? Log what was given, or nothing."), "amount")
    accepted = units_of(kind, form)
    if unit not in accepted:
        told = {"label": kind.label, "units": ", ".join(accepted)}
        raise Refused(_("%(label)s is logged in %(units)s.") % told, "unit")


def check_weight(row: Treatment) -> None:
    """Raises Refused for a weight that goes with no amount, or that nobody has."""
    if row.weight is None:
        return
    if row.amount is None:
        raise Refused(_("This goes with an amount. Leave it empty."), "weight")
    limits = catalogue.item("WEIGHT").hard
    low, high = limits.low or 0, limits.high or math.inf
    if not (math.isfinite(row.weight) and low <= row.weight <= high):
        said = _("A weight is %(low)g to %(high)g kg. Type it again.")
        raise Refused(said % {"low": low, "high": high}, "weight")


def check_order_and_call(row: Treatment, imported: bool = False) -> None:
    """Raises Refused for an order nobody gave, or a call that goes back in time.

    A verbal order is countersigned, a written one was signed; who was called answers
    and comes after that.
    """
    if row.order and row.order not in Treatment.Order.values:
        raise Refused(_("Choose one of the answers."), "order")
    if row.order and not row.ordered_by:
        raise Refused(_("Who ordered it? Type the name."), "ordered_by")
    if row.countersigned_at and row.order not in VERBAL:
        said = _(
            "Only a verbal order is countersigned. Choose it, or leave this empty."
        )
        raise Refused(said, "countersigned_at")
    call = ("called", "answered_at", "arrived_at")
    if row.code != CALL and (name := next((n for n in call if getattr(row, n)), "")):
        raise Refused(_("This goes with a call. Leave it empty."), name)
    for name in ("answered_at", "arrived_at"):
        at = getattr(row, name)
        if at is not None and at < row.at:
            raise Refused(_("This comes before the call. Type both again."), name)
    if row.code == CALL and not imported and not row.called.strip():
        raise Refused(_("Who was called? Type the name, or the team."), "called")


def check_words(row: Treatment, imported: bool = False) -> None:
    """Raises Refused for words that go with something else, or are needed and missing.

    Which fluid is said of a fluid, which agent of the study drug; a deviation, and what
    was not done, say in the note how and why.
    """
    kind = known_kind(row.code)
    if row.fluid and kind.klass != FLUID:
        raise Refused(_("This goes with a fluid. Leave it empty."), "fluid")
    if row.agent and kind.klass != STUDY_DRUG:
        raise Refused(_("This goes with the study drug. Leave it empty."), "agent")
    if row.agent and row.agent not in agents_of(row.cycle):
        raise Refused(_("Choose an agent of the protocol."), "agent")
    for name, answers in CLOSED.items():
        if (said := getattr(row, name)) and said not in answers.values:
            raise Refused(_("Choose one of the answers."), name)
    if row.deviation == Treatment.Deviation.YES and not row.note.strip():
        raise Refused(_("How did it depart from the protocol? Say it here."), "note")
    if row.code in WITH_WORDS and not imported and not row.note.strip():
        raise Refused(_("Say what, and why."), "note")


CLOSED = {
    "fluid": Treatment.Fluid,
    "read_from": Treatment.ReadFrom,
    "deviation": Treatment.Deviation,
}


def agents_of(cycle: Cycle) -> list[str]:
    """The study's agents, as the protocol of the cycle calls them."""
    document = cycle.protocol.document
    return [agent["label"] for agent in document.get("agents", [])]


def units_of(kind: TreatmentKind, form: str) -> list[str]:
    """The UCUM units of a form: a rate is per minute or hour, an amount is not."""
    if form == Form.SCHEDULED:
        return list(kind.units)
    return [unit for unit in kind.units if is_rate(unit) == (form == Form.RATE)]


def is_rate(unit: str) -> bool:
    return unit.endswith(("/min", "/h"))
