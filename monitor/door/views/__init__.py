"""The door: coming in, proving it, going out, and one's own account."""

import logging
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import login, update_session_auth_hash
from django.contrib.auth.decorators import login_not_required, login_required
from django.contrib.auth.views import LoginView, LogoutView
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from monitor.door import (
    actions,
    clocks,
    hospital,
    news,
    pending,
    queries,
    sealed,
    slowing,
)
from monitor.door.forms import CodeForm, NewPasswordForm, SignInForm
from monitor.door.middleware import MUST_ADD, MUST_CHANGE, SEEN
from monitor.notices import reach
from monitor.refusal import REFUSED, Refused
from monitor.trials.models import User
from monitor.trials.queries import memberships_for

logger = logging.getLogger(__name__)
TOO_MANY = 429

# The door is audited here, where a person comes and goes, and not by Django's sign-in
# signals: those also speak when a test or a command opens a session for somebody.


# Django's own form view takes a PUT as a POST; nothing of ours sends one.
@method_decorator(require_http_methods(["GET", "HEAD", "POST"]), name="dispatch")
class SignIn(LoginView):
    """Name and password. The name that was typed is kept."""

    template_name = "door/sign_in.html"
    authentication_form = SignInForm
    redirect_authenticated_user = True

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        context["hospital"] = hospital.is_offered()
        del context["site"]  # Django's word for a host; ours has wards and a clock.
        return context

    def form_valid(self, form: SignInForm) -> HttpResponse:
        user = form.get_user()
        if queries.factor_of(user) is not None:
            pending.put(self.request, user, self.get_success_url())
            return redirect("door-code")
        return come_in(self.request, user, self.get_success_url())

    def form_invalid(self, form: SignInForm) -> HttpResponse:
        if form.slowed:
            logger.warning("Many names failed from one address: sign-in waits there.")
            response = super().form_invalid(form)
            response.status_code = TOO_MANY
            response.headers["Retry-After"] = str(form.slowed)
            return response
        username = form.data.get("username", "")
        actions.refuse_sign_in(username=username, locked=form.locked)
        return super().form_invalid(form)


def come_in(request: HttpRequest, user: User, to: str) -> HttpResponse:
    """Open the session, and say which device it is on."""
    login(request, user, backend=settings.AUTHENTICATION_BACKENDS[-1])
    if not request.session.session_key:
        request.session.create()
    request.session.pop(SEEN, None)
    news.tell(request, user, queries.last_came(user))
    news.keep(request, memberships_for(user))
    actions.sign_in(
        by=user,
        session_key=request.session.session_key or "",
        device=request.headers.get("User-Agent", ""),
        address=request.META.get("REMOTE_ADDR") or None,
    )
    if clocks.needs_one(user) and queries.factor_of(user) is None:
        request.session[MUST_ADD] = True
    if user.password_given_at is not None:
        request.session[MUST_CHANGE] = True
    response = redirect(to)
    slowing.keep_who_came_in(request, response, user)
    return response


@sensitive_post_parameters()
@never_cache
@login_not_required
@require_http_methods(["GET", "POST"])
def code(request: HttpRequest) -> HttpResponse:
    """The second step of signing in: the code that the device shows now."""
    waiting = pending.get(request)
    if waiting is None:
        return redirect("login")
    form = CodeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            actions.pass_factor(user=waiting.user, code=form.cleaned_data["code"])
        except Refused as refused:
            form.add_error("code", refused.sentence)
        else:
            pending.drop(request)
            return come_in(request, waiting.user, waiting.to)
    status = REFUSED if form.errors else 200
    return render(request, "door/code.html", {"form": form}, status=status)


class SignOut(LogoutView):
    """By POST alone: a link elsewhere must not sign anybody out."""

    http_method_names = ["post", "options"]

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if request.user.is_authenticated:
            actions.sign_out(by=request.user, session_key=request.session.session_key)
        return super().post(request, *args, **kwargs)


def locked_out(
    request: HttpRequest, response: HttpResponse, credentials: Any
) -> HttpResponse:
    """django-axes asks for an answer: the page itself, which says so already."""
    response.status_code = TOO_MANY
    return response


# One's own account


@never_cache
@login_required
@require_http_methods(["GET"])
def account(request: HttpRequest) -> HttpResponse:
    """Where I am signed in, my password, my second factor."""
    factor = queries.factor_of(request.user)
    context = {
        "sessions": queries.sessions_of(request.user),
        "this": request.session.session_key,
        "factor": factor,
        "codes_left": queries.codes_left(factor) if factor else 0,
        "needs_one": clocks.needs_one(request.user),
        "idle": settings.IDLE_MINUTES,
        "reach": reach.of(request.user),
        "hospital": hospital.is_offered(),
        "linked": queries.link_of(request.user),
    }
    return render(request, "door/account.html", context)


@login_required
@require_POST
def end_session(request: HttpRequest, pk: int) -> HttpResponse:
    """End one of my sessions."""
    row = queries.sessions_of(request.user).filter(pk=pk).first()
    if row is None:
        raise Http404
    actions.end_session(row=row, by=request.user)
    messages.success(request, _("That session has ended."))
    return redirect("account")


@login_required
@require_POST
def end_others(request: HttpRequest) -> HttpResponse:
    """End all my sessions but this one."""
    count = actions.end_others(by=request.user, but=request.session.session_key)
    messages.success(request, _("%(n)d other sessions have ended.") % {"n": count})
    return redirect("account")


@login_required
@require_POST
def stay(request: HttpRequest) -> HttpResponse:
    """The person is at work on a page that asked nothing of the server for a while."""
    return HttpResponse(status=204)


@sensitive_post_parameters()
@never_cache
@login_required
@require_http_methods(["GET", "POST"])
def password(request: HttpRequest) -> HttpResponse:
    """A new password, after the old one."""
    form = NewPasswordForm(request.user, request.POST or None)
    if request.method == "POST" and form.is_valid():
        told = form.cleaned_data
        try:
            actions.prove(
                by=request.user, password=told["old_password"], field="old_password"
            )
            actions.change_password(
                by=request.user,
                password=told["new_password1"],
                session_key=request.session.session_key,
            )
        except Refused as refused:
            form.add_error(refused.field or None, refused.sentence)
        else:
            update_session_auth_hash(request, request.user)
            request.session.pop(MUST_CHANGE, None)
            messages.success(
                request, _("Your password is changed. Every other session has ended.")
            )
            return redirect("account")
    status = REFUSED if form.errors else 200
    context = {"form": form, "demanded": request.session.get(MUST_CHANGE, False)}
    return render(request, "door/password.html", context, status=status)


@sensitive_post_parameters()
@never_cache
@login_required
@require_http_methods(["GET", "POST"])
def second_factor(request: HttpRequest) -> HttpResponse:
    """Add a second factor: the device reads the picture and shows a code."""
    if queries.factor_of(request.user) is not None:
        return redirect("account")
    form = CodeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            told = form.cleaned_data["code"]
            codes = actions.confirm_factor(by=request.user, code=told)
        except Refused as refused:
            form.add_error("code", refused.sentence)
        else:
            request.session.pop(MUST_ADD, None)
            return render(request, "door/recovery.html", {"codes": codes})
    secret = sealed.opened(actions.begin_factor(by=request.user).secret)
    context = {
        "form": form,
        "secret": " ".join(secret[at : at + 4] for at in range(0, len(secret), 4)),
        "picture": clocks.picture_of(clocks.address_of(secret, request.user)),
        "demanded": request.session.get(MUST_ADD, False),
    }
    status = REFUSED if form.errors else 200
    return render(request, "door/second_factor.html", context, status=status)


@sensitive_post_parameters()
@login_required
@require_POST
def change_factor(request: HttpRequest) -> HttpResponse:
    """New recovery codes, or no second factor any more; each after the password."""
    told = request.POST.get("password", "")
    try:
        if request.POST.get("do") == "renew":
            codes = actions.renew_codes(by=request.user, password=told)
            return render(request, "door/recovery.html", {"codes": codes})
        actions.remove_factor(by=request.user, password=told)
    except Refused as refused:
        messages.error(request, refused.sentence)
        return redirect("account")
    messages.success(request, _("You sign in without a second factor from now on."))
    return redirect("second-factor" if clocks.needs_one(request.user) else "account")
