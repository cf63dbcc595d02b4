"""The queue, the review of one episode, and the questions to the bedside."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import (
    require_http_methods,
    require_POST,
    require_safe,
)

from monitor import flow
from monitor.bedside import queries as bedside
from monitor.bedside.models import Reading
from monitor.episodes import queries as episodes
from monitor.episodes.assessing import protocol_of
from monitor.episodes.models import Episode
from monitor.episodes.page import about
from monitor.episodes.wording import numbered
from monitor.refusal import REFUSED, Refused, status_of
from monitor.review import asked, choices, queries
from monitor.review.actions.questions import NEEDS
from monitor.review.desk import case_of, desk, opened, subject_of
from monitor.review.forms import DecisionForm, QueueForm
from monitor.review.models import Question, Reply
from monitor.review.question_forms import AskForm, MendForm, Words
from monitor.trials.models import Cycle
from monitor.trials.permissions import Permission, check
from monitor.trials.queries import cycle_for
from monitor.trials.wording import wording_of


@require_safe
@login_required
def queue(request: HttpRequest) -> HttpResponse:
    """What waits for a decision, most urgent first."""
    check(request.user, Permission.SEE_QUEUE, None)
    form = QueueForm(request.GET)
    found = queries.queue(request.user, form.filters())
    # The page's frame says the same number, and need not count again.
    request.waiting = found.waiting
    drafts = len(queries.drafts_of(request.user))
    context = {"queue": found, "query": form.query(), "drafts": drafts}
    return render(request, "review/queue.html", context)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def episode(request: HttpRequest, pk: int) -> HttpResponse:
    """The evidence beside the decision; a decision is kept, signed or not."""
    found = episodes.episode_for(request.user, pk)
    if request.method == "POST":
        return decide(request, found)
    context = opened(request.user, case_of(found))
    flow.look(episode=found, by=request.user)
    # The page's frame says the same number, and need not count again.
    request.waiting = context["neighbors"].total
    return render(request, "review/episode.html", context)


@login_required
@require_POST
def over(request: HttpRequest, pk: int) -> HttpResponse:
    """A person says that the episode is over. It closes unless a finding stands."""
    found = episodes.episode_for(request.user, pk)
    flow.say_over(episode=found, by=request.user)
    if episodes.episode_row(found).closed:
        messages.success(request, _("Kept, and the episode is closed."))
    else:
        said = _("Kept. It stays open: what made it is still there, or not known now.")
        messages.warning(request, said)
    return redirect("episode", pk=pk)


def decide(request: HttpRequest, found: Episode) -> HttpResponse:
    """On to the next episode of the queue, or back to the form with what is wrong."""
    check(request.user, Permission.REVIEW, found.cycle.participant.site)
    form = DecisionForm(request.POST, subject=subject_of(case_of(found)))
    following = queries.neighbors(request.user, found).next
    written = keep(request, found, form) if form.is_valid() else None
    if written is not None:
        if not written or not form.signing:
            return redirect("episode", pk=found.pk)
        return redirect("episode", pk=following) if following else redirect("queue")
    # Read again: what refused it may be what has changed meanwhile.
    context = desk(request.user, case_of(found)) | {"form": form}
    return render(request, "review/episode.html", context, status=REFUSED)


def keep(request: HttpRequest, found: Episode, form: DecisionForm) -> bool | None:
    """Whether something was written, or None: a refusal is said beside its field."""
    given = form.record() | {"episode": found, "by": request.user}
    try:
        if form.signing:
            password = form.cleaned_data["password"]
            meaning = str(choices.MEANING)
            stood = flow.review_and_sign(
                **given, password=password, meaning=meaning
            ).stood
        else:
            made = flow.save_review(**given)
            stood = made.pk == form.cleaned_data["last_review"]
    except Refused as refused:
        form.refuse(refused.sentence, refused.field)
        return None
    said_of(request, found, form.signing, stood)
    return not stood


def said_of(request: HttpRequest, found: Episode, signing: bool, stood: bool) -> None:
    """What became of the decision."""
    told = {"what": found.cycle.participant.code}
    if stood:
        said = _(
            "%(what)s: nothing differs from what is kept. That stands, and nothing "
            "more was written."
        )
        messages.info(request, said % told)
        return
    told["event"] = numbered(found)
    signed, kept = (
        _("Signed: %(what)s, %(event)s."),
        _("Draft kept: %(what)s, %(event)s."),
    )
    messages.success(request, (signed if signing else kept) % told)


# Questions


@require_safe
@login_required
def questions(request: HttpRequest) -> HttpResponse:
    """What is not settled at the person's sites, and what was settled last."""
    context = {
        "open": asked.unsettled_rows(request.user),
        "settled": asked.settled_rows(request.user),
    }
    return render(request, "review/questions.html", context)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def ask(request: HttpRequest, code: str) -> HttpResponse:
    """A question about a participant's episode or value; `?about=` chooses which."""
    cycle = cycle_for(request.user, code)
    check(request.user, Permission.ASK, cycle.participant.site)
    form = ask_form(request, cycle)
    if form.is_bound and form.is_valid():
        made = kept_question(request, cycle, form)
        if made is not None:
            messages.success(request, _("Asked. The bedside sees it now."))
            return redirect("question", pk=made.pk)
    context = about(request, cycle) | {"form": form}
    return render(request, "review/ask.html", context, status=status_of(form))


def ask_form(request: HttpRequest, cycle: Cycle) -> AskForm:
    """Offers the cycle's episodes and newest values, and the value that was chosen."""
    readings = list(asked.recent_values(cycle))
    chosen = request.GET.get("about", "")
    kind, _colon, pk = chosen.partition(":")
    if kind == "reading" and pk.isdecimal():
        known = {one.pk for one in readings}
        named = bedside.reading_for(request.user, int(pk))
        own = named.observation.cycle_id == cycle.pk
        readings += [named] if own and named.pk not in known else []
    found = asked.episodes_of(cycle)
    return AskForm(cycle, found, readings, request.POST or None, chosen)


def kept_question(request: HttpRequest, cycle: Cycle, form: AskForm) -> Question | None:
    given = form.cleaned_data
    told = {"cycle": cycle, "by": request.user, "text": given["text"]}
    target = form.target()
    if "episode" in target:
        told["episode"] = episodes.episode_for(request.user, target["episode"])
    else:
        told["reading"] = bedside.reading_for(request.user, target["reading"])
    try:
        return flow.ask(**told, key=given["key"])
    except Refused as refused:
        form.refuse(refused)
        return None


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def question(request: HttpRequest, pk: int) -> HttpResponse:
    """One question with its replies; the answer, with a correction if need be."""
    found = asked.question_for(request.user, pk)
    standing = asked.standing(found.reading) if found.reading else None
    posted = request.POST or None
    said = Words(posted, _("What you have to say"))
    mend = mend_form(found, standing, posted)
    meant = mend if mend is not None and mend.is_bound else None
    if said.is_bound and said_to(request, found, said, meant):
        return redirect("question", pk=found.pk)
    row = asked.rows_of(asked.within_reach(request.user).filter(pk=pk))[0]
    context = about(request, found.cycle) | {
        "row": row,
        "said": said,
        "mend": mend,
        "meant": meant,
        "standing": standing,
        "asked_again": Reply.Kind.REOPEN,
        "can": {kind for kind in Reply.Kind if asked.MOVES[row.state, kind]},
    }
    return render(request, "review/question.html", context, status=status_of(said))


def mend_form(
    found: Question, standing: Reading | None, posted: Any
) -> MendForm | None:
    """The correction beside the answer: bound where something of it was filled in."""
    if standing is None or standing.voided:
        return None
    words = wording_of(protocol_of(found.cycle).ctcae)
    filled = MendForm(standing, posted, wording=words)
    return filled if filled.meant else MendForm(standing, wording=words)


def said_to(
    request: HttpRequest, found: Question, said: Words, mend: MendForm | None
) -> bool:
    """Whether the reply was kept; what is wrong is said beside its field."""
    closing = "close" in request.POST
    kind = Reply.Kind.ANSWER
    if closing or "again" in request.POST:
        kind = Reply.Kind.CLOSE if closing else Reply.Kind.REOPEN
    # Before anything is said about the form: it is not theirs to fill in.
    check(request.user, NEEDS[kind], found.cycle.participant.site)
    said.fields["text"].required = not closing
    valid = said.is_valid()
    if mend is not None and kind != Reply.Kind.ANSWER:
        mend.add_error(None, _("A correction goes with Answer. Choose that."))
    if not valid or (mend is not None and not mend.is_valid()):
        return False
    given = {"question": found, "by": request.user, "text": said.cleaned_data["text"]}
    given["key"] = said.cleaned_data["key"]
    try:
        if closing:
            flow.close_question(**given)
        elif "again" in request.POST:
            flow.ask_again(**given)
        elif mend is not None:
            told = {"reading": mend.reading, "new": mend.new, "reason": mend.reason}
            flow.answer(**given, **told)
        else:
            flow.answer(**given)
    except Refused as refused:
        (mend or said).refuse(refused)
        return False
    return True
