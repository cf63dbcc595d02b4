"""The bell and what is behind it: notices, and who takes them."""

from datetime import timedelta

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import (
    require_http_methods,
    require_safe,
)

from monitor import clock, flow
from monitor.notices import history, outlook, queries, reach
from monitor.notices.burden import opinion
from monitor.notices.forms import SnoozeForm
from monitor.notices.models import Acknowledgement, Notice
from monitor.refusal import REFUSED, Refused
from monitor.trials.models import User
from monitor.trials.permissions import Permission, check, may
from monitor.trials.queries import sites_where

# Minutes that no policy lets anybody snooze: the verb refuses them in words.
FAR = 10**6
FIELDS = {"until": "minutes"}
LONGEST = 19  # Digits of a number that a page may hand back.


@require_safe
@login_required
def notices(request: HttpRequest) -> HttpResponse:
    """What the person was told, open notices first."""
    context = {
        "notices": queries.inbox(request.user),
        "undelivered": queries.undelivered(request.user),
        "pulse": queries.heartbeat(),
        "failing": reach.failing_for(request.user, clock.now()),
        "reach": reach.of(request.user),
        "may_be_woken": may(request.user, Permission.ACKNOWLEDGE, None),
        "taking": taking(request.user),
    }
    part = "notices/list.html" if request.htmx else "notices/notices.html"
    return render(request, part, context)


def taking(user: User) -> set[int]:
    """The sites whose notices the person may acknowledge; some are told, and do not."""
    return set(sites_where(user, Permission.ACKNOWLEDGE).values_list("pk", flat=True))


@require_safe
@login_required
def notice(request: HttpRequest, pk: int) -> HttpResponse:
    """One notice and its log; a link in a message leads here."""
    return page(request, queries.notice_for(request.user, pk), SnoozeForm())


def page(
    request: HttpRequest, found: Notice, form: SnoozeForm, status: int = 200
) -> HttpResponse:
    (row,) = queries.listed([found], request.user)
    context = {
        "notice": row,
        "site": found.participant.site,
        "log": history.log_of(found),
        "outlook": outlook.of(found),
        "form": form,
        "useful": opinion(found, request.user),
        "may_take": may(request.user, Permission.ACKNOWLEDGE, found.participant.site),
        "may_open": may(request.user, Permission.READ, found.participant.site),
        "pulse": queries.heartbeat(),
    }
    return render(request, "notices/notice.html", context, status=status)


@require_safe
@login_required
def bell(request: HttpRequest) -> HttpResponse:
    """The bell alone, with its count; and what is new since the page asked last."""
    newest, unread = queries.newest(request.user), queries.unread(request.user)
    more = unread > number(request, "unread", unread)
    other = newest is not None and newest.id > number(request, "newest", newest.id)
    told = {"newest": newest, "unread": unread, "news": (more or other) and newest}
    return render(request, "notices/bell.html", told)


def number(request: HttpRequest, name: str, otherwise: int) -> int:
    asked = request.GET.get(name, "")
    return int(asked) if asked.isdecimal() and len(asked) < LONGEST else otherwise


@login_required
@require_http_methods(["GET", "POST"])
def acknowledge(request: HttpRequest, pk: int) -> HttpResponse:
    """The person takes it; back to the page they were on."""
    notice = queries.notice_for(request.user, pk)
    if request.method != "POST":
        said = _("Not acknowledged yet. Press Acknowledge again.")
        return back(request, said, "notice", pk)
    via = request.POST.get("via", "")
    flow.acknowledge(
        notice=notice,
        by=request.user,
        via=via if via in Acknowledgement.Via else Acknowledgement.Via.LIST,
        address=request.META.get("REMOTE_ADDR") or None,
    )
    code = notice.participant.code
    messages.success(request, _("Acknowledged: %(code)s.") % {"code": code})
    return redirect(onward(request))


@login_required
@require_http_methods(["GET", "POST"])
def snooze(request: HttpRequest, pk: int) -> HttpResponse:
    """The person puts it off; what is refused stays in the form."""
    found = queries.notice_for(request.user, pk)
    if request.method != "POST":
        return back(request, _("Not snoozed yet. Do it again."), "notice", pk)
    check(request.user, Permission.ACKNOWLEDGE, found.participant.site)
    form = SnoozeForm(request.POST)
    if form.is_valid():
        minutes = min(form.cleaned_data["minutes"], FAR)
        until = clock.now() + timedelta(minutes=minutes)
        try:
            flow.snooze(
                notice=found,
                by=request.user,
                until=until,
                reason=form.cleaned_data["reason"],
            )
        except Refused as no:
            form.add_error(FIELDS.get(no.field, no.field) or None, no.sentence)
    if form.errors:
        return page(request, found, form, REFUSED)
    messages.success(request, _("Snoozed. Everybody is told again when it ends."))
    return redirect("notice", pk)


def back(request: HttpRequest, said: str, name: str, pk: int) -> HttpResponse:
    """Whoever was signed out before a form arrived comes back by GET: nothing is done.

    They are told so on the page from which they sent it.
    """
    messages.warning(request, said)
    return redirect(name, pk)


def onward(request: HttpRequest) -> str:
    """The address that the form asked for, if it is ours; else the list."""
    asked = request.POST.get("next", "")
    ours = url_has_allowed_host_and_scheme(asked, {request.get_host()})
    return asked if asked.startswith("/") and ours else "/notices/"
