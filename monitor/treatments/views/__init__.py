"""The management log: what was given, started, changed, stopped, held or done."""

from itertools import groupby
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from monitor import flow, localtime
from monitor.clinical.care.cautions import cautions_of
from monitor.clinical.items.catalogue import TREATMENTS, TreatmentKind
from monitor.episodes import queries as episodes
from monitor.episodes.page import about
from monitor.refusal import Refused, status_of
from monitor.treatments import queries
from monitor.treatments.actions import FIELDS, check_line
from monitor.treatments.actions import told as as_kept
from monitor.treatments.checks import agents_of
from monitor.treatments.doubts import doubts_of
from monitor.treatments.forms import (
    LogCorrectionForm,
    RateForm,
    TreatmentForm,
    refuse_all,
)
from monitor.treatments.models import Treatment
from monitor.trials.blinding import shown
from monitor.trials.models import Cycle
from monitor.trials.permissions import Permission, check
from monitor.trials.queries import cycle_for, doses_of

#: What is logged most, one press away.
OFTEN = (
    "paracetamol",
    "fluid_bolus",
    "norepinephrine",
    "tocilizumab",
    "dexamethasone",
    "study_drug_hold",
    "call",
    "transfer",
    "test_ordered",
    "no_action",
)
SAME = (
    "form",
    "unit",
    "route",
    "indication",
    "ordered_by",
    "given_by",
    "order",
    "called",
    "fluid",
    "agent",
    "target",
    "source",
    "read_from",
    "deviation",
    "note",
    "response",
)
#: What a second line about the same agent most likely says too.
REPEATED = (
    *("form", "amount", "unit", "route", "as_needed", "indication", "ordered_by"),
    *("weight", "fluid", "agent", "target", "read_from"),
)


# Choosing and logging


@login_required
@require_http_methods(["GET", "POST"])
def treat(request: HttpRequest, code: str) -> HttpResponse:
    """The closed list, with what runs now on top; then the form of what was chosen."""
    cycle = cycle_for(request.user, code)
    check(request.user, Permission.LOG_TREATMENT, cycle.participant.site)
    kind = TREATMENTS.get(request.GET.get("code", ""))
    if kind is not None:
        return log(request, cycle, kind)
    ticked = ticked_options(cycle, request.GET.getlist("done"))
    if len(ticked) == 1 and ticked[0]["code"]:
        return redirect(ticked[0]["url"])
    return choose(request, cycle, ticked)


def choose(
    request: HttpRequest, cycle: Cycle, ticked: list[dict[str, str]]
) -> HttpResponse:
    site = cycle.participant.site
    running = [line for line in queries.running_now(cycle) if line.form == "rate"]
    forms = [RateForm(site, line, data_for(request, line)) for line in running]
    for form in forms:
        form.asked = doubts_about(request, cycle, form)
        fit = form.is_bound and form.is_valid() and not form.asked
        if fit and logged(request, cycle, form):
            return redirect("treat", code=cycle.participant.code)
    page = about(request, cycle) | {"running": forms, "ticked": ticked}
    page |= {
        "classes": classes(),
        "doses": shown(request.user, cycle.participant, doses_of(cycle)),
    }
    page["often"] = [TREATMENTS[one] for one in OFTEN]
    return render(request, "treatments/choose.html", page, status=status_of(*forms))


def data_for(request: HttpRequest, line: Treatment) -> Any:
    mine = any(name.startswith(f"rate{line.pk}-") for name in request.POST)
    return request.POST if mine else None


def log(request: HttpRequest, cycle: Cycle, kind: TreatmentKind) -> HttpResponse:
    """One line about one agent or action."""
    found = [(row.id, row.label) for row in episodes.open_episodes(cycle)]
    form = TreatmentForm(
        cycle.participant.site,
        kind,
        found,
        request.POST or None,
        agents=agents_of(cycle),
        initial=the_only(found) | again(request, cycle, kind) | asked_for(request),
    )
    asked = doubts_about(request, cycle, form)
    if form.is_bound and form.is_valid() and not asked and logged(request, cycle, form):
        return onward(request, cycle)
    page = about(request, cycle) | {"form": form, "kind": kind, "asked": asked}
    page["cautions"] = cautions_of(kind.code)
    return render(request, "treatments/log.html", page, status=status_of(form))


def onward(request: HttpRequest, cycle: Cycle) -> HttpResponse:
    """To what else was ticked, and is not logged yet; else to the participant."""
    code = cycle.participant.code
    if left := request.GET.getlist("done"):
        query = urlencode({"done": left}, doseq=True)
        return redirect(f"{reverse('treat', args=[code])}?{query}")
    return redirect("participant", code=code)


def doubts_about(
    request: HttpRequest, cycle: Cycle, form: TreatmentForm | RateForm
) -> list[str]:
    """What is asked once; nothing when the person has said that it is right."""
    if not form.is_bound or not form.is_valid() or "keep" in request.POST:
        return []
    told = form.arguments()
    line = {name: told[name] for name in FIELDS if name in told}
    return asked_about(Treatment(cycle=cycle, **line))


def asked_about(row: Treatment) -> list[str]:
    try:
        check_line(row)
    except Refused:  # Said when it is kept: nobody is asked about what cannot be.
        return []
    return doubts_of(row)


def the_only(found: list[tuple[int, str]]) -> dict[str, Any]:
    """With one open episode the treatment is most likely for it: ticked, not fixed."""
    return {"episodes": [str(found[0][0])]} if len(found) == 1 else {}


def asked_for(request: HttpRequest) -> dict[str, Any]:
    """What the address prefills: the option that was ticked, and its episode."""
    told = {"note": request.GET.get("note", ""), "episodes": request.GET.getlist("for")}
    return {name: value for name, value in told.items() if value}


def again(request: HttpRequest, cycle: Cycle, kind: TreatmentKind) -> dict[str, Any]:
    """What a line that is repeated prefills: everything but when, and how it helped."""
    pk = request.GET.get("again", "")
    if not pk.isdecimal():
        return {}
    line = line_in(request, cycle, int(pk))
    if line.code != kind.code:
        return {}
    told = as_typed(line, cycle)
    return {name: told[name] for name in REPEATED if told[name]}


def logged(request: HttpRequest, cycle: Cycle, form: TreatmentForm | RateForm) -> bool:
    told = form.arguments()
    wanted = {int(pk) for pk in told.pop("episodes", [])}
    rows = episodes.open_episodes(cycle) if wanted else []
    linked = [row.episode for row in rows if row.id in wanted]
    try:
        flow.log_treatment(cycle=cycle, by=request.user, episodes=linked, **told)
    except Refused as refused:
        return refuse_all(form, refused)
    messages.success(request, _("Logged: %s.") % TREATMENTS[told["code"]].label)
    return True


def classes() -> list[tuple[str, list[TreatmentKind]]]:
    """The closed list by class, in the order of the knowledge file."""
    by_class = groupby(TREATMENTS.values(), key=lambda kind: kind.class_label)
    return [(label, list(kinds)) for label, kinds in by_class]


def ticked_options(cycle: Cycle, texts: list[str]) -> list[dict[str, str]]:
    """The options of the banner that were ticked, each with the address of its form.

    Each address names the others too: they are asked for when that one is logged.
    """
    if not texts:
        return []
    found = episodes.result_of(cycle).findings
    ticked = {
        option.text: (option, finding)
        for finding in reversed(found)
        for option in finding.options
        if option.text in texts
    }
    return [
        ticked_option(cycle, *pair, [other for other in ticked if other != text])
        for text, pair in ticked.items()
    ]


def ticked_option(
    cycle: Cycle, option: Any, finding: Any, others: list[str]
) -> dict[str, str]:
    code = option.treatment or "other_action"
    told: dict[str, Any] = {"code": code, "note": option.text, "done": others}
    if finding.episode:
        told["for"] = finding.episode.id
    address = reverse("treat", args=[cycle.participant.code])
    query = urlencode(told, doseq=True)
    return {"code": code, "text": option.text, "url": f"{address}?{query}"}


# A line of the log, mended


@login_required
@require_http_methods(["GET", "POST"])
def correct(request: HttpRequest, code: str, pk: int) -> HttpResponse:
    """A line as it should have been, its response, or struck out."""
    cycle = cycle_for(request.user, code)
    line = line_in(request, cycle, pk)
    check(request.user, Permission.CORRECT, cycle.participant.site)
    form = LogCorrectionForm(
        cycle.participant.site,
        TREATMENTS[line.code],
        (),
        request.POST or None,
        agents=agents_of(cycle),
        initial=as_typed(line, cycle),
    )
    asked = doubts_mended(request, form, line)
    fit = form.is_bound and (form.is_valid() or form.strikes_out) and not asked
    if fit and mended(request, form, line):
        return redirect("participant", code=code)
    page = about(request, cycle) | {"form": form, "line": line, "asked": asked}
    page["history"] = queries.history_of(line)
    return render(request, "treatments/correct.html", page, status=status_of(form))


def doubts_mended(
    request: HttpRequest, form: LogCorrectionForm, line: Treatment
) -> list[str]:
    """What is asked once of a line as it will stand; nothing that was asked before."""
    if not form.is_bound or form.strikes_out or "keep" in request.POST:
        return []
    if not form.is_valid() or not form.reason:
        return []
    said = as_kept(line) | form.changes()
    row = Treatment(cycle=line.cycle, supersedes=line, **said)
    return [one for one in asked_about(row) if one not in line.check_reason]


def line_in(request: HttpRequest, cycle: Cycle, pk: int) -> Treatment:
    """A line about the participant whom the address names. Raises Http404."""
    line = queries.treatment_for(request.user, pk)
    if line.cycle.participant_id != cycle.participant_id:
        raise Http404(_("There is no such line in the log."))
    return line


def as_typed(line: Treatment, cycle: Cycle) -> dict[str, Any]:
    zone = cycle.participant.site.time_zone
    moments = {
        name: localtime.say(at, zone) if (at := getattr(line, name)) else ""
        for name in ("until", "countersigned_at", "answered_at", "arrived_at")
    }
    return (
        {name: getattr(line, name) for name in SAME}
        | moments
        | {
            "amount": "" if line.amount is None else f"{line.amount:g}",
            "weight": "" if line.weight is None else f"{line.weight:g}",
            "at": localtime.say(line.at, zone),
            "as_needed": "yes" if line.as_needed else "no",
        }
    )


def mended(request: HttpRequest, form: LogCorrectionForm, line: Treatment) -> bool:
    told = {"treatment": line, "by": request.user, "reason": form.reason}
    try:
        if form.strikes_out:
            flow.void_treatment(**told)
        else:
            flow.correct_treatment(**told, **form.changes())
    except Refused as refused:
        return refuse_all(form, refused)
    messages.success(request, _("Corrected. The line before stays readable."))
    return True
