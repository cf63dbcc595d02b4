"""The bell and what is behind it: notices, and who takes them."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from monitor import flow
from monitor.notices import queries


@require_safe
@login_required
def notices(request: HttpRequest) -> HttpResponse:
    """What the person was told, open notices first."""
    context = {
        "notices": queries.inbox(request.user),
        "undelivered": queries.undelivered(request.user),
        "pulse": queries.heartbeat(),
    }
    part = "notices/list.html" if request.htmx else "notices/notices.html"
    return render(request, part, context)


@require_safe
@login_required
def bell(request: HttpRequest) -> HttpResponse:
    """The bell alone, with its count."""
    return render(
        request, "notices/bell.html", {"newest": queries.newest(request.user)}
    )


@login_required
def acknowledge(request: HttpRequest, pk: int) -> HttpResponse:
    """The person takes it; back to the page they were on.

    Whoever was signed out in between comes back by GET: that takes nothing.
    """
    if request.method != "POST":
        messages.warning(request, _("Not acknowledged yet. Press Acknowledge again."))
        return redirect("/notices/")
    notice = queries.notice_for(request.user, pk)
    flow.acknowledge(notice=notice, by=request.user)
    code = notice.participant.code
    messages.success(request, _("Acknowledged: %(code)s.") % {"code": code})
    return redirect(onward(request))


def onward(request: HttpRequest) -> str:
    """The address that the form asked for, if it is ours; else the list."""
    asked = request.POST.get("next", "")
    ours = url_has_allowed_host_and_scheme(asked, {request.get_host()})
    return asked if asked.startswith("/") and ours else "/notices/"
