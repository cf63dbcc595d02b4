"""Planned doses and what became of them."""

from datetime import datetime
from typing import Any, cast

from django.db import transaction
from django.utils.translation import gettext as _

from monitor import clock
from monitor.audit.actions import changes_of
from monitor.audit.superseding import refuse_without, succeed
from monitor.clinical.study import agents
from monitor.refusal import Refused
from monitor.trials.blinding import shown
from monitor.trials.keeping import kept
from monitor.trials.models import Cycle, Dose, User
from monitor.trials.permissions import Permission, check
from monitor.trials.times import check_aware, check_moment, check_order
from monitor.trials.trail import tell

Status = Dose.Status
PLAN = ("agent", "number", "planned_at", "amount", "unit", "route", "body_site")
OUTCOME = ("status", "given_at", "until", "amount", "unit", "body_site")


@transaction.atomic
def plan_dose(
    *,
    cycle: Cycle,
    agent: str,
    number: int,
    planned_at: datetime,
    by: User,
    amount: float | None = None,
    unit: str = "",
    route: str = "",
    body_site: str = "",
) -> Dose:
    """A dose to come. Raises Refused for a number that is planned already, for an agent

    that the protocol does not name, and for a unit that counts no dose.
    """
    check(by, Permission.PLAN_DOSE, cycle.participant.site)
    check_aware(planned_at, "planned_at")
    check_agent(cycle, agent)
    check_amount(amount, unit)
    check_unit(amount, unit)
    check_unplanned(cycle, agent, number)
    dose = kept(
        Dose(
            cycle=cycle,
            agent=agent,
            number=number,
            planned_at=planned_at,
            amount=amount,
            unit=unit,
            route=route,
            body_site=body_site,
            recorded_by=by,
            recorded_at=clock.now(),
        )
    )
    tell(dose, cycle, "dose.planned", changes_of(dose, *PLAN))
    return dose


@transaction.atomic
def record_dose(
    *,
    dose: Dose,
    status: str,
    by: User,
    given_at: datetime | None = None,
    until: datetime | None = None,
    amount: float | None = None,
    unit: str = "",
    body_site: str = "",
    reason: str = "",
    imported: bool = False,
) -> Dose:
    """What became of a planned dose: given, reduced, held or omitted.

    Amount, unit and site of injection are the plan's where they are left out. `dose` is
    the row that stands; what was recorded before is corrected the same way, with a
    reason. Raises Refused, with the field.
    """
    correcting = dose.status != Status.PLANNED
    needed = Permission.CORRECT if correcting else Permission.RECORD_DOSE
    check(by, needed, dose.cycle.participant.site)
    status = outcome(status)
    if correcting or status != Status.GIVEN:
        refuse_without(reason)
    given = {"given_at": given_at, "until": until}
    told = {"amount": amount, "unit": unit, "body_site": body_site}
    changed = given_dose(dose, status, given, told, imported, by)
    made = succeed(
        dose, by=by, recorded_at=clock.now(), reason=reason, status=status, **changed
    )
    action = "dose.corrected" if correcting else "dose.recorded"
    tell(made, dose.cycle, action, changes_of(made, *OUTCOME, old=dose))
    return made


def check_unplanned(cycle: Cycle, agent: str, number: int) -> None:
    if cycle.doses.filter(agent=agent, number=number).exists():
        said = _("Dose %(number)d of %(agent)s is planned already.")
        raise Refused(said % {"number": number, "agent": agent}, "number")


def outcome(status: str) -> Status:
    if status not in Status.values or status == Status.PLANNED:
        raise Refused(_("Choose given, reduced, held or omitted."), "status")
    return Status(status)


def given_dose(
    dose: Dose,
    status: Status,
    given: dict[str, Any],
    told: dict[str, Any],
    imported: bool,
    by: User,
) -> dict[str, Any]:
    """The fields of the outcome; a dose that was not given has no time."""
    if status not in Dose.GIVEN_STATES:
        return {"given_at": None, "until": None}
    check_given_at(dose, given["given_at"], given["until"], imported)
    check_amount(told["amount"], told["unit"] or dose.unit)
    check_unit(told["amount"], told["unit"] or dose.unit, dose.unit)
    if status == Status.REDUCED:
        check_reduced(plan_of(dose), told["amount"], told["unit"], by)
    elif dose.status == Status.REDUCED and told["amount"] is None:
        plan = plan_of(dose)
        told = told | {"amount": plan.amount, "unit": plan.unit}
    amounts = {key: value for key, value in told.items() if value not in (None, "")}
    if amounts.get("amount", dose.amount) == 0:
        said = _("0 was given? Choose omitted or held, or type how much was given.")
        raise Refused(said, "amount")
    return given | amounts


def check_given_at(
    dose: Dose, given_at: datetime | None, until: datetime | None, imported: bool
) -> None:
    if given_at is None:
        raise Refused(_("Say when the dose was given."), "given_at")
    check_moment(given_at, dose.cycle.participant, "given_at", imported)
    check_order(given_at, until, "until")


def check_reduced(plan: Dose, amount: float | None, unit: str, by: User) -> None:
    if amount is None:
        raise Refused(_("Say how much was given."), "amount")
    same_unit = unit in ("", plan.unit)
    if same_unit and plan.amount is not None and amount >= plan.amount:
        (seen,) = shown(by, plan.cycle.participant, [plan])
        said = _("A reduced dose is less than the %(amount)g planned. Type it again.")
        if seen.amount is None:  # Nobody learns the plan by trying.
            said = _("A reduced dose is less than was planned. Ask who sees the plan.")
        raise Refused(said % {"amount": plan.amount}, "amount")


def check_amount(amount: float | None, unit: str) -> None:
    if amount is None:
        return
    if not amount >= 0 or amount == float("inf"):
        raise Refused(_("An amount is a number, 0 or more. Type it again."), "amount")
    if not unit:
        raise Refused(_("An amount needs its unit."), "unit")


def check_unit(amount: float | None, unit: str, planned: str = "") -> None:
    """That it counts a dose. What was planned so before is recorded all the same."""
    odd = agents.odd_unit(unit) if amount is not None and unit != planned else ""
    if odd:
        raise Refused(odd, "unit")


def check_agent(cycle: Cycle, agent: str) -> None:
    """Of anything else a dose would start no cycle, and nobody would see why."""
    if stranger := agents.no_agent(agent, agents.dosed_by(cycle.protocol.document)):
        raise Refused(stranger, "agent")


def plan_of(dose: Dose) -> Dose:
    """The row with which the dose was planned."""
    while (before := cast("Dose | None", dose.supersedes)) is not None:
        dose = before
    return dose
