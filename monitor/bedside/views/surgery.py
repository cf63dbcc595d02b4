"""Before a planned surgery: its day, and what stands open by then."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from monitor import clock
from monitor.bedside.forms.surgery import SurgeryForm
from monitor.bedside.views.standing import kept_fact
from monitor.episodes.page import about
from monitor.episodes.surgery import before_surgery
from monitor.refusal import status_of
from monitor.trials.permissions import Permission, check
from monitor.trials.queries import cycle_for


@login_required
@require_http_methods(["GET", "POST"])
def surgery(request: HttpRequest, code: str) -> HttpResponse:
    """The day, how many are left, and what is open: options to consider."""
    cycle = cycle_for(request.user, code)
    site = cycle.participant.site
    if request.method == "POST":
        check(request.user, Permission.RECORD_OBSERVATION, site)
    form = SurgeryForm(site, request.POST or None)
    if form.is_bound and form.is_valid() and kept_fact(request, cycle, form):
        messages.success(request, _("Saved."))
        return redirect("surgery", code=code)
    page = about(request, cycle) | {"form": form}
    page["before"] = before_surgery(cycle, clock.now())
    return render(request, "bedside/surgery.html", page, status=status_of(form))
