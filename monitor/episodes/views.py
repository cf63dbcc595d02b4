"""The board, the sheet that is handed over with it, and the participant's page."""

from typing import Any
from uuid import uuid4

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import (
    require_http_methods,
    require_POST,
    require_safe,
)

from monitor import arranging, clock
from monitor.bedside import queries as bedside
from monitor.bedside.courses import courses_of
from monitor.bedside.forms import (
    AskingForm,
    ContactForm,
    LeaveForm,
    NotTakenForm,
    NurseForm,
    PauseForm,
    shift_end,
)
from monitor.bedside.models import Observation
from monitor.bedside.slots import unsettled
from monitor.clinical.thresholds import knowledge_version
from monitor.episodes import duties, queries
from monitor.episodes.assessing import protocol_of
from monitor.episodes.board import paused
from monitor.episodes.cells import items_of
from monitor.episodes.drawn import drawn
from monitor.episodes.due import due_of, dues_of
from monitor.episodes.forms import BoardForm
from monitor.episodes.graded import graded
from monitor.episodes.page import about
from monitor.episodes.scored import scores_of
from monitor.notices import queries as notices
from monitor.notices import reach, rota
from monitor.refusal import REFUSED, Refused
from monitor.review import asked
from monitor.review.decided import decisions_on
from monitor.treatments import queries as treatments
from monitor.treatments.sites import by_dose
from monitor.trials.blinding import shown
from monitor.trials.models import Cycle
from monitor.trials.permissions import Permission, check, may
from monitor.trials.queries import cycle_for, doses_of, people_of

SETS = 12
NO_CONTENT = 204


@require_safe
@login_required
def board(request: HttpRequest) -> HttpResponse:
    """Every participant on treatment; to htmx the part below the head alone."""
    form = BoardForm(request.GET)
    told = notices.answers(request.user)
    found = queries.board(request.user, form.filters(), answers=told)
    context = times_of(found.zones) | {
        "board": found,
        "query": form.query(),
        "newest": notices.newest(request.user),
        "pulse": notices.heartbeat(),
        "failing": reach.failing_for(request.user, clock.now()),
    }
    part = "episodes/board_rows.html" if request.htmx else "episodes/board.html"
    return render(request, part, context)


def times_of(zones: list[str]) -> dict[str, Any]:
    """A list of one zone is a page of that zone; of several, each row names its own."""
    return {
        "site_zone": zones[0] if len(zones) == 1 else "",
        "own_zones": len(zones) > 1,
    }


@require_safe
@login_required
def due(request: HttpRequest) -> HttpResponse:
    """Who needs what, most late first; to htmx the part below the head alone."""
    form = BoardForm(request.GET)
    found = duties.duties(request.user, form.filters())
    context = times_of(found.zones) | {
        "duties": found,
        "query": form.query(),
        "may_take": duties.sites_to_enter(request.user),
    }
    part = "episodes/due_rows.html" if request.htmx else "episodes/due.html"
    return render(request, part, context)


@require_POST
@login_required
def take(request: HttpRequest, code: str) -> HttpResponse:
    """The participant is mine until the shift ends; back to the list."""
    cycle = cycle_for(request.user, code)
    until = shift_end(cycle.participant.site, clock.now())
    who = {"nurse": request.user, "by": request.user, "key": uuid4()}
    arranging.assign(cycle=cycle, until=until, **who)
    return redirect(f"{reverse('due')}?{request.GET.urlencode()}".rstrip("?"))


@login_required
@require_http_methods(["GET", "POST"])
def arrange(request: HttpRequest, code: str) -> HttpResponse:
    """Contacts, sets not taken, pauses, the nurse, and the end of study."""
    cycle = cycle_for(request.user, code)
    site = cycle.participant.site
    check(request.user, Permission.RECORD_OBSERVATION, site)
    forms = arranging_forms(request, cycle)
    chosen = forms.get(request.POST.get("form", ""))
    if chosen and chosen.is_valid() and arranged(request, cycle, chosen):
        return redirect("arrange", code=code)
    page = arrange_page(request, cycle) | {"forms": forms}
    status = REFUSED if request.method == "POST" else 200
    return render(request, "episodes/arrange.html", page, status=status)


def arranging_forms(request: HttpRequest, cycle: Cycle) -> dict[str, AskingForm]:
    """The forms of the page by prefix, the one that was sent bound."""
    site, which = cycle.participant.site, request.POST.get("form")

    def data(form: type[AskingForm]) -> Any:
        return request.POST if form.prefix == which else None

    people = people_of(site, Permission.RECORD_OBSERVATION)
    cap, pause_cap = arranging.absence_cap(cycle), arranging.pause_cap(cycle)
    made: list[AskingForm] = [
        NotTakenForm(site, data(NotTakenForm), latest=cap),
        ContactForm(site, data(ContactForm)),
        PauseForm(site, data(PauseForm), latest=pause_cap),
        NurseForm(site, people, request.user, data(NurseForm)),
    ]
    if may(request.user, Permission.ENROLL, site):
        made.append(LeaveForm(site, data(LeaveForm)))
    return {str(form.prefix): form for form in made}


#: Which verb each form of the page is for.
VERBS: dict[str, Any] = {
    "not_taken": arranging.not_taken,
    "contact": arranging.plan_contact,
    "pause": arranging.pause,
    "nurse": arranging.assign,
}


def arranged(request: HttpRequest, cycle: Cycle, form: AskingForm) -> bool:
    """Done, or said beside the field why not."""
    try:
        if isinstance(form, LeaveForm):
            told = {"participant": cycle.participant, **form.arguments()}
            arranging.leave_study(by=request.user, **told)
        else:
            verb = VERBS[str(form.prefix)]
            verb(cycle=cycle, by=request.user, **form.arguments())
    except Refused as refused:
        form.refuse(refused)
        return False
    messages.success(request, _("Saved."))
    return True


def arrange_page(request: HttpRequest, cycle: Cycle) -> dict[str, Any]:
    state = queries.state_of(cycle)
    return about(request, cycle) | {
        "dues": dues_of(cycle, state.summary, clock.now()),
        "standing": bedside.standing_arrangements(cycle),
        "nurse": bedside.nurses_of([cycle]).get(cycle.pk),
    }


@require_POST
@login_required
def end_arrangement(request: HttpRequest, code: str, pk: int) -> HttpResponse:
    """A pause ends now, a contact is called off; with the reason that was typed."""
    cycle = cycle_for(request.user, code)
    found = bedside.arrangement_for(request.user, pk)
    if found.cycle.participant_id != cycle.participant_id:
        raise Http404(_("There is no such arrangement."))
    try:
        reason = request.POST.get("reason", "")
        arranging.end(arrangement=found, by=request.user, reason=reason)
    except Refused as refused:
        messages.error(request, refused.sentence)
    return redirect("arrange", code=code)


@require_safe
@login_required
def handover(request: HttpRequest) -> HttpResponse:
    """The board on paper, a sheet for each site, with room for what is said beside."""
    filters = BoardForm(request.GET).filters()
    told = notices.answers(request.user)
    boards = queries.boards_by_site(request.user, filters, told)
    on_duty = rota.on_duty([site for site, _board in boards], clock.now())
    questions = asked.unsettled_rows(request.user)
    sheets = [
        {
            "site": site,
            "board": board,
            "duties": on_duty[site.pk],
            "questions": [one for one in questions if one.site_id == site.pk],
        }
        for site, board in boards
    ]
    context = {"sheets": sheets, "version": knowledge_version()}
    return render(request, "episodes/handover.html", context)


@require_safe
@login_required
def participant(request: HttpRequest, code: str) -> HttpResponse:
    """One participant: what was found first, then the chart, then sets and log."""
    cycle = cycle_for(request.user, code)
    context = participant_page(request, cycle) | found_page(request, cycle)
    if saved := request.GET.get("saved", ""):
        context["saved"] = saved_set(request, cycle, saved)
    return render(request, "episodes/participant.html", context)


@require_safe
@login_required
def changed(request: HttpRequest, code: str) -> HttpResponse:
    """What an open page asks: would it be drawn otherwise now? If not, nothing."""
    cycle = cycle_for(request.user, code)
    found = drawn(cycle, was=request.GET.get("was", ""))
    if request.GET.get("mark") == found.mark:
        return HttpResponse(status=NO_CONTENT)
    context = {"participant": cycle.participant, "drawn": found, "news": True}
    return render(request, "episodes/changed.html", context)


def saved_set(request: HttpRequest, cycle: Cycle, number: str) -> Observation:
    """The set that was saved just now. Raises Http404 for anybody else's."""
    pk = int(number) if number.isdecimal() else 0
    found = bedside.observation_for(request.user, pk)
    if found.cycle.participant_id != cycle.participant_id:
        raise Http404(_("There is no such set."))
    return found


def participant_page(request: HttpRequest, cycle: Cycle) -> dict[str, Any]:
    limit = None if "sets" in request.GET else SETS
    summary, now = queries.state_of(cycle).summary, clock.now()
    return about(request, cycle) | {
        "drawn": drawn(cycle),
        "next_due": due_of(cycle, summary, now),
        "paused": paused(summary, now),
        "sets": queries.sets_table(cycle, limit),
        "sets_total": queries.sets_count(cycle),
        "chart": queries.chart_data(cycle, user=request.user),
        "questions": asked.unsettled_rows(request.user, cycle),
    }


def found_page(request: HttpRequest, cycle: Cycle) -> dict[str, Any]:
    result, found = queries.result_of(cycle), queries.episodes_of(cycle)
    return {
        "result": result,
        "told": notices.told(cycle.participant, result.risen_at),
        "episodes": found,
        "decisions": decisions_on([row.id for row in found]),
        "symptoms": courses_of(cycle),
        "graded": graded(cycle),
        "scores": scores_of(queries.state_of(cycle).summary),
        "twins": unsettled(cycle, protocol_of(cycle).lines["same_slot_minutes"]),
        "histories": queries.histories(cycle),
        "log": treatments.log_of(cycle),
        "has_surgery": bool(protocol_of(cycle).before_surgery),
        "sites": by_dose(cycle) if protocol_of(cycle).injected else {},
        "doses": shown(
            request.user,
            cycle.participant,
            doses_of(cycle).select_related("recorded_by"),
        ),
        "links": queries.links_of(cycle),
        "has_cells": bool(items_of(cycle)),
    }
