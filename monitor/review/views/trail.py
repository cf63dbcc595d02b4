"""Saved reviews of the trail: what was changed at my sites, and who has looked."""

from uuid import uuid4

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from monitor.refusal import Refused
from monitor.review import actions, trail
from monitor.review.trail_forms import TrailForm
from monitor.trials.models import Site
from monitor.trials.permissions import Permission, check
from monitor.trials.queries import sites_where


@login_required
@require_safe
def trail_reviews(request: HttpRequest) -> HttpResponse:
    """Each site with its four questions, counts, and the last look."""
    check(request.user, Permission.REVIEW_TRAIL, None)
    sites = sites_where(request.user, Permission.REVIEW_TRAIL).select_related("trial")
    table = [
        (site, [trail.count(site, one) for one in trail.QUESTIONS.values()])
        for site in sites.order_by("trial__code", "code")
    ]
    return render(request, "review/trail_reviews.html", {"table": table})


@login_required
@require_http_methods(["GET", "POST"])
def trail_review(request: HttpRequest, pk: int) -> HttpResponse:
    """One question at one site: the changes, and a word that they were looked at."""
    check(request.user, Permission.REVIEW_TRAIL, None)
    site = sites_where(request.user, Permission.REVIEW_TRAIL).filter(pk=pk).first()
    if site is None:
        raise Http404(_("There is no such site."))
    asked = request.GET.get("question", "")
    question = trail.QUESTIONS.get(asked, trail.QUESTIONS["after_signature"])
    form = TrailForm(request.POST or None, initial={"key": uuid4()})
    if form.is_bound and form.is_valid() and kept(request, site, question, form):
        return redirect("trail-reviews")
    context = {
        "site": site,
        "question": question,
        "lines": trail.lines(site, question),
        "looks": site.trail_reviews.filter(question=question.key).order_by("-pk"),
        "form": form,
    }
    status = 422 if form.errors else 200
    return render(request, "review/trail_review.html", context, status=status)


def kept(
    request: HttpRequest, site: Site, question: trail.Question, form: TrailForm
) -> bool:
    told = {"site": site, "question": question.key, "by": request.user}
    try:
        actions.review_trail(**told, **form.cleaned_data)
    except Refused as refused:
        form.add_error(None, refused.sentence)
        return False
    messages.success(request, _("It is kept that you have looked."))
    return True
