"""Handing an event to another person, and finding what was decided to be none."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from monitor import flow
from monitor.episodes.queries import episode_for
from monitor.refusal import REFUSED, Refused
from monitor.review.decided import OTHERWISE, decided
from monitor.review.desk import case_of, opened
from monitor.review.refer_forms import DecidedForm, ReferForm
from monitor.trials.permissions import Permission, check
from monitor.trials.queries import sites_for


@login_required
@require_POST
def refer(request: HttpRequest, pk: int) -> HttpResponse:
    """Another person is asked to decide."""
    found = episode_for(request.user, pk)
    check(request.user, Permission.REVIEW, found.cycle.participant.site)
    form = ReferForm(request.POST, episode=found, reader=request.user)
    if form.is_valid():
        try:
            made = flow.refer(episode=found, by=request.user, **form.told())
            said = _("Referred to %(name)s, who is told now.")
            messages.success(request, said % {"name": made.to.get_full_name()})
            return redirect("queue")
        except Refused as refused:
            form.refuse(refused)
    context = opened(request.user, case_of(found)) | {"refer_form": form}
    return render(request, "review/episode.html", context, status=REFUSED)


@require_safe
@login_required
def decided_otherwise(request: HttpRequest) -> HttpResponse:
    """Events that a person decided to be none, with why: searched by words."""
    check(request.user, Permission.SEE_QUEUE, None)
    query = DecidedForm(request.GET).query()
    context = {
        "rows": decided(request.user, **query),
        "query": query,
        "sites": [(one.code, str(one)) for one in sites_for(request.user)],
        "verdicts": [(one.value, one.label) for one in OTHERWISE],
    }
    return render(request, "review/decided.html", context)
