"""The queue, and the review of one episode."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from monitor import flow
from monitor.episodes import queries as episodes
from monitor.episodes.models import Episode
from monitor.refusal import Refused
from monitor.review import choices, queries
from monitor.review.desk import desk, first_choices, subject_of
from monitor.review.forms import DecisionForm, QueueForm
from monitor.trials.permissions import Permission, check

REFUSED = 422


@require_safe
@login_required
def queue(request: HttpRequest) -> HttpResponse:
    """What waits for a decision, most urgent first."""
    check(request.user, Permission.SEE_QUEUE, None)
    form = QueueForm(request.GET)
    found = queries.queue(request.user, form.filters())
    context = {"queue": found, "query": form.query()}
    return render(request, "review/queue.html", context)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def episode(request: HttpRequest, pk: int) -> HttpResponse:
    """The evidence beside the decision; a decision is kept, signed or not."""
    found = episodes.episode_for(request.user, pk)
    if request.method == "POST":
        return decide(request, found)
    subject = subject_of(found)
    initial = first_choices(request.user, found, subject)
    form = DecisionForm(initial=initial, subject=subject)
    context = desk(request.user, found) | {"form": form}
    flow.look(episode=found, by=request.user)
    return render(request, "review/episode.html", context)


def decide(request: HttpRequest, found: Episode) -> HttpResponse:
    """On to the next episode of the queue, or back to the form with what is wrong."""
    check(request.user, Permission.REVIEW, found.cycle.participant.site)
    form = DecisionForm(request.POST, subject=subject_of(found))
    following = queries.neighbors(request.user, found).next
    if form.is_valid() and keep(request, found, form):
        if not form.signing:
            return redirect("episode", pk=found.pk)
        return redirect("episode", pk=following) if following else redirect("queue")
    context = desk(request.user, found) | {"form": form}
    return render(request, "review/episode.html", context, status=REFUSED)


def keep(request: HttpRequest, found: Episode, form: DecisionForm) -> bool:
    """Whether the decision was kept; a refusal is said beside its field."""
    given = form.record() | {"episode": found, "by": request.user}
    try:
        if form.signing:
            password = form.cleaned_data["password"]
            meaning = str(choices.MEANING)
            flow.review_and_sign(**given, password=password, meaning=meaning)
        else:
            flow.save_review(**given)
    except Refused as refused:
        form.refuse(refused.sentence, refused.field)
        return False
    said = _("Signed: %(what)s.") if form.signing else _("Draft kept: %(what)s.")
    messages.success(request, said % {"what": found.cycle.participant.code})
    return True
