"""Signing several drafts at once, and a second reviewer's word."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from monitor import flow
from monitor.episodes.models import Episode
from monitor.episodes.queries import episode_for
from monitor.refusal import REFUSED, Refused
from monitor.review import choices, queries
from monitor.review.desk import case_of, opened
from monitor.review.models import Signature
from monitor.review.sign_forms import AskOpinionForm, DraftsForm, OpinionForm
from monitor.trials.permissions import Permission, check


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def drafts(request: HttpRequest) -> HttpResponse:
    """One's own drafts, each as it is signed; one signature for each that is chosen."""
    check(request.user, Permission.REVIEW, None)
    found = queries.drafts_of(request.user)
    form = DraftsForm(request.POST or None, drafts=found)
    if form.is_bound and form.is_valid() and signed(request, form):
        return redirect("queue")
    context = {"drafts": found, "form": form, "meaning": choices.MEANING}
    status = REFUSED if request.method == "POST" else 200
    return render(request, "review/drafts.html", context, status=status)


def signed(request: HttpRequest, form: DraftsForm) -> bool:
    """Whether the password was right; what could not be signed is said by name."""
    password = form.cleaned_data["password"]
    told = {"by": request.user, "password": password, "meaning": str(choices.MEANING)}
    try:
        made = flow.sign_drafts(drafts=form.chosen(), **told)
    except Refused as refused:
        form.add_error("password", refused.sentence)
        return False
    count = len(made.signed)
    if count:
        said = ngettext("%(n)d signed.", "%(n)d signed, each by itself.", count)
        messages.success(request, said % {"n": count})
    for draft, sentence in made.refused:
        code = draft.episode.cycle.participant.code
        messages.error(request, f"{code}: {sentence}")
    return True


@login_required
@require_POST
def opinion(request: HttpRequest, pk: int) -> HttpResponse:
    """A second reviewer agrees with what was signed, or says in what not."""
    found = episode_for(request.user, pk)
    check(request.user, Permission.REVIEW, found.cycle.participant.site)
    signature = signature_of(found)
    form = OpinionForm(request.POST)
    if form.is_valid():
        try:
            flow.second_opinion(
                signature=signature, by=request.user, **form.cleaned_data
            )
            messages.success(request, _("Your opinion is kept beside the signature."))
            return redirect("episode", pk=pk)
        except Refused as refused:
            form.refuse(refused)
    context = opened(request.user, case_of(found)) | {"opinion_form": form}
    return render(request, "review/episode.html", context, status=REFUSED)


@login_required
@require_POST
def ask_opinion(request: HttpRequest, pk: int) -> HttpResponse:
    """Who signed asks a colleague for a second opinion; the signature stays."""
    found = episode_for(request.user, pk)
    check(request.user, Permission.REVIEW, found.cycle.participant.site)
    signature = signature_of(found)
    form = AskOpinionForm(request.POST, signature=signature)
    if form.is_valid():
        try:
            made = flow.ask_opinion(signature=signature, by=request.user, **form.told())
            said = _("%(name)s is asked for a second opinion. Your signature stands.")
            messages.success(request, said % {"name": made.to.get_full_name()})
            return redirect("episode", pk=pk)
        except Refused as refused:
            form.refuse(refused)
    context = opened(request.user, case_of(found)) | {"ask_form": form}
    return render(request, "review/episode.html", context, status=REFUSED)


def signature_of(found: Episode) -> Signature:
    """That of the decision that stands. Raises Http404 where nothing is signed."""
    last = queries.latest(found)
    if last is None or last.signature is None:
        raise Http404(_("Nothing is signed here."))
    return last.signature
