"""What became of a planned dose."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from monitor import clock, flow
from monitor.episodes.assessing import protocol_of
from monitor.episodes.make_up import run_of
from monitor.episodes.page import about
from monitor.refusal import Refused, status_of
from monitor.review import predose
from monitor.treatments import queries
from monitor.treatments.forms import DoseForm, refuse_all
from monitor.trials.blinding import shown
from monitor.trials.models import Cycle, Dose
from monitor.trials.permissions import Permission, check
from monitor.trials.queries import cycle_for, doses_of


@login_required
@require_http_methods(["GET", "POST"])
def dose(request: HttpRequest, code: str, pk: int) -> HttpResponse:
    """What became of a planned dose; of one on record, what is put right."""
    cycle = cycle_for(request.user, code)
    check(request.user, Permission.RECORD_DOSE, cycle.participant.site)
    row = doses_of(cycle).filter(pk=pk).first()
    if row is None:
        return recorded_before(request, cycle, pk)
    (said,) = shown(request.user, cycle.participant, [row])
    injected = row.agent in protocol_of(cycle).injected
    form = DoseForm(cycle.participant.site, row, said, request.POST or None, injected)
    if form.correcting:
        check(request.user, Permission.CORRECT, cycle.participant.site)
    if form.is_bound and form.is_valid() and (kept := recorded(request, form, row)):
        if injected and kept.status in Dose.GIVEN_STATES:
            return redirect("injections", code=code, pk=kept.pk)
        return redirect("participant", code=code)
    row.cycle = cycle
    decision = predose.decision_on(row)
    page = about(request, cycle) | {"form": form, "dose": said, "decision": decision}
    page["agent"] = protocol_of(cycle).agent_label(row.agent)
    page["injected"] = injected
    page["run"] = run_of(cycle, row.agent, clock.now())
    page["departs"] = predose.deviates(Dose.Status.GIVEN, None, decision)
    versions = queries.versions_of(row)
    page["versions"] = shown(request.user, cycle.participant, versions)
    return render(request, "treatments/dose.html", page, status=status_of(form))


def recorded_before(request: HttpRequest, cycle: Cycle, pk: int) -> HttpResponse:
    """A dose that something was recorded about meanwhile, perhaps by this press."""
    if not cycle.doses.filter(pk=pk).exists():
        raise Http404(_("There is no such dose."))
    messages.info(request, _("This dose was recorded already. Nothing was added."))
    return redirect("participant", code=cycle.participant.code)


def recorded(request: HttpRequest, form: DoseForm, row: Dose) -> Dose | None:
    """The dose as it stands now; None where the form was refused."""
    try:
        saved = flow.record_dose(dose=row, by=request.user, **form.arguments())
    except Refused as refused:
        refuse_all(form, refused)
        return None
    said = _("Dose %(n)d corrected.") if form.correcting else _("Dose %(n)d recorded.")
    messages.success(request, said % {"n": row.number})
    departed = predose.deviation_of(saved.row)
    if departed is not None:
        said = _("Kept with it as a deviation: %(how)s.")
        messages.warning(request, said % {"how": departed.get_kind_display()})
    return saved.row
