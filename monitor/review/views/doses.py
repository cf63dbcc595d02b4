"""The check before a dose: what speaks against it, what is not known, the decision."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from monitor import flow
from monitor.clinical.predose.check import Check
from monitor.episodes import queries as episodes
from monitor.episodes.assessing import protocol_of
from monitor.episodes.make_up import run_of
from monitor.episodes.page import about
from monitor.episodes.surgery import is_late, planned_day
from monitor.refusal import REFUSED, Refused
from monitor.review import predose
from monitor.review.dose_course import course_of
from monitor.review.dose_forms import AnswersForm, DoseDecisionForm
from monitor.review.dose_rows import (
    ChangedRow,
    CheckRows,
    ahead_words,
    changed_rows,
    rows_of,
)
from monitor.review.models import DoseDecision
from monitor.trials.models import Cycle, Dose
from monitor.trials.permissions import Permission, check
from monitor.trials.queries import cycle_for, doses_of

DECIDES, ANSWERS = Permission.DECIDE_DOSE, Permission.RECORD_OBSERVATION


@require_safe
@login_required
def next_dose(request: HttpRequest, code: str) -> HttpResponse:
    """On to the check of the next planned dose; without one, it says so."""
    cycle = cycle_for(request.user, code)
    planned = doses_of(cycle).filter(status=Dose.Status.PLANNED).first()
    if planned is not None:
        return redirect("dose-check", code=code, pk=planned.pk)
    messages.info(request, _("No dose is planned."))
    return redirect("participant", code=code)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def dose_check(request: HttpRequest, code: str, pk: int) -> HttpResponse:
    """The check of one planned dose; questions are answered and decisions made here."""
    cycle = cycle_for(request.user, code)
    dose = doses_of(cycle).filter(pk=pk).first()
    if dose is None or dose.status != Dose.Status.PLANNED:
        return recorded(request, cycle, pk)
    if predose.died(cycle):
        messages.info(request, _("The participant died. No dose is checked any more."))
        return redirect("participant", code=code)
    dose.cycle = cycle
    found = predose.check_of(cycle, dose.agent)
    zone = cycle.participant.site.time_zone
    rows = rows_of(found, protocol_of(cycle).lines, zone)
    told = predose.kept(found)
    asked = [*rows.open_questions, *rows.answered]
    deciding = "decide" in request.POST
    if request.method == "POST":
        check(request.user, DECIDES if deciding else ANSWERS, cycle.participant.site)
    answers = AnswersForm(
        asked, request.POST if request.POST and not deciding else None
    )
    form = DoseDecisionForm(predose.seen(told), request.POST if deciding else None)
    if kept(request, cycle, dose, answers, form):
        return redirect("dose-check", code=code, pk=pk)
    page = about(request, cycle) | shown(cycle, dose, found, rows)
    page |= {"answers": answers, "form": form}
    status = REFUSED if request.method == "POST" else 200
    return render(request, "review/dose_check.html", page, status=status)


def shown(cycle: Cycle, dose: Dose, found: Check, rows: CheckRows) -> dict[str, Any]:
    """The page's context but for the forms: the check, the course, what was decided."""
    agents, day = labels(cycle), planned_day(cycle)
    decision = predose.decision_on(dose)
    zone = cycle.participant.site.time_zone
    return {
        "dose": dose,
        "agent": agents.get(dose.agent, dose.agent),
        "agents": agents,
        "others": others(cycle, dose),
        "open_episodes": episodes.open_episodes(cycle),
        "not_assessed": not episodes.state_of(cycle).is_current,
        "check": found,
        "ahead": ahead_words(dose.planned_at, found.at, zone),
        "rows": rows,
        "course": course_of(cycle, dose, found.at),
        "run": run_of(cycle, dose.agent, found.at),
        "surgery": day,
        "too_late": is_late(dose, day, cycle),
        "protocol": cycle.protocol,
        "open_codes": [one.code for one in rows.open_questions],
        "decision": decision,
        "lapses": predose.stands_until(decision) if decision else None,
        "changed": changes(cycle, decision),
        "history": predose.history_of(dose),
    }


def labels(cycle: Cycle) -> dict[str, str]:
    """What the protocol calls its agents."""
    return {agent.code: agent.label for agent in protocol_of(cycle).agents}


def changes(cycle: Cycle, decision: DoseDecision | None) -> list[ChangedRow]:
    """What late and corrected data say of the moment of the decision."""
    if decision is None:
        return []
    zone = cycle.participant.site.time_zone
    return changed_rows(predose.changed_since(decision), zone)


def recorded(request: HttpRequest, cycle: Cycle, pk: int) -> HttpResponse:
    """Something was recorded about this dose since: its check is over."""
    if not cycle.doses.filter(pk=pk).exists():
        raise Http404(_("There is no such dose."))
    messages.info(request, _("Something was recorded about this dose already."))
    return redirect("participant", code=cycle.participant.code)


def others(cycle: Cycle, dose: Dose) -> list[Dose]:
    """The next planned dose of every other agent."""
    planned = doses_of(cycle).filter(status=Dose.Status.PLANNED)
    found: dict[str, Dose] = {}
    for one in planned.exclude(agent=dose.agent):
        found.setdefault(one.agent, one)
    return list(found.values())


def kept(
    request: HttpRequest,
    cycle: Cycle,
    dose: Dose,
    answers: AnswersForm,
    form: DoseDecisionForm,
) -> bool:
    """Whether what was sent was kept; what is wrong is said beside its field."""
    sent: Any = form if form.is_bound else answers
    if not (sent.is_bound and sent.is_valid()):
        return False
    try:
        if sent is form:
            flow.decide_dose(dose=dose, by=request.user, **form.cleaned_data)
            messages.success(request, _("The decision is kept with its check."))
        elif answers.answers():
            flow.answer_before_dose(
                cycle=cycle,
                answers=answers.answers(),
                by=request.user,
                key=answers.cleaned_data["key"],
            )
            messages.success(request, _("Answered. The check is made anew."))
    except Refused as refused:
        sent.refuse(refused)
        return False
    return True
