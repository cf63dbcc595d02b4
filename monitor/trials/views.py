"""The door, who may do what, what the program knows, and whether it is well."""

from typing import Any

from django.contrib.auth.decorators import login_not_required, login_required
from django.contrib.auth.views import LoginView, LogoutView
from django.db import DatabaseError, transaction
from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from monitor.clinical.thresholds import SOURCES, knowledge_version
from monitor.notices.queries import heartbeat
from monitor.trials import knowledge, queries
from monitor.trials.actions import refuse_sign_in, sign_in, sign_out
from monitor.trials.forms import SignInForm
from monitor.trials.tables import permission_rows, role_labels

# The door is audited here, where a person comes and goes, and not by Django's sign-in
# signals: those also speak when a test or a command opens a session for somebody.


class SignIn(LoginView):
    """Name and password. The name that was typed is kept."""

    template_name = "trials/sign_in.html"
    authentication_form = SignInForm
    redirect_authenticated_user = True

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        del context["site"]  # Django's word for a host; ours has wards and a clock.
        return context

    @transaction.atomic
    def form_valid(self, form: SignInForm) -> HttpResponse:
        sign_in(by=form.get_user())
        return super().form_valid(form)

    def form_invalid(self, form: SignInForm) -> HttpResponse:
        username = form.data.get("username", "")
        refuse_sign_in(username=username, locked=form.locked)
        return super().form_invalid(form)


class SignOut(LogoutView):
    """By POST alone: a link elsewhere must not sign anybody out."""

    http_method_names = ["post", "options"]

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if request.user.is_authenticated:
            sign_out(by=request.user)
        return super().post(request, *args, **kwargs)


def locked_out(
    request: HttpRequest, response: HttpResponse, credentials: Any
) -> HttpResponse:
    """django-axes asks for an answer: the page itself, which says so already."""
    response.status_code = 429
    return response


@require_safe
@login_required
def permissions(request: HttpRequest) -> HttpResponse:
    """Who may do what, for people."""
    context = {
        "roles": role_labels(),
        "rows": permission_rows(),
        "mine": queries.memberships_for(request.user),
    }
    return render(request, "trials/permissions.html", context)


@require_safe
@login_required
def known(request: HttpRequest) -> HttpResponse:
    """Every threshold with source and trust, items, treatments."""
    protocols = queries.protocols_in_force(request.user)
    context = {
        "themes": knowledge.themes(protocols),
        "items": knowledge.items(),
        "treatments": knowledge.treatments(),
        "sources": SOURCES.values(),
        "protocols": protocols,
        "version": knowledge_version(),
    }
    return render(request, "trials/knowledge.html", context)


@require_safe
@never_cache
@login_not_required
def healthz(request: HttpRequest) -> JsonResponse:
    """200 while the database answers and the sweep runs, else 503."""
    try:
        pulse = heartbeat()
    except DatabaseError:
        return JsonResponse({"database": "unreachable", "sweep": None}, status=503)
    state = {"database": "ok", "sweep": pulse.at, "late": pulse.late}
    return JsonResponse(state, status=503 if pulse.late else 200)
