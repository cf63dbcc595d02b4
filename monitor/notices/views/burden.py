"""The alarm burden: notices per patient-day, and what came of them."""

from datetime import timedelta

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from monitor import clock
from monitor.notices import actions, queries
from monitor.notices.burden import PERIODS, burden
from monitor.notices.views import back


@require_safe
@login_required
def page(request: HttpRequest) -> HttpResponse:
    """For each site of the person, over the days that the address asks for."""
    asked = request.GET.get("days", "")
    days = next((one for one in PERIODS if str(one) == asked), PERIODS[0])
    now = clock.now()
    context = {
        "burdens": burden(request.user, now - timedelta(days=days), now),
        "days": days,
        "periods": sorted(PERIODS),
    }
    return render(request, "notices/burden.html", context)


@login_required
@require_http_methods(["GET", "POST"])
def useful(request: HttpRequest, pk: int) -> HttpResponse:
    """One click: yes or no."""
    found = queries.notice_for(request.user, pk)
    if request.method != "POST":
        return back(request, _("Not kept yet. Choose again."), "notice", pk)
    actions.say_useful(
        notice=found, by=request.user, useful=request.POST.get("useful") == "yes"
    )
    messages.success(request, _("Kept. It counts in the alarm burden."))
    return redirect("notice", pk)
