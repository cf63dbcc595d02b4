"""Going to the hospital to sign in, coming back, and linking the two accounts."""

import logging

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required, login_required
from django.core.exceptions import SuspiciousOperation
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, resolve_url
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from monitor.door import actions, hospital, linking, pending, queries
from monitor.door.backend import PersonalAccounts
from monitor.door.views import come_in
from monitor.refusal import Refused
from monitor.trials.models import User

logger = logging.getLogger(__name__)
#: In the session of who pressed the button that links: a link elsewhere does nothing.
LINKING = "door.linking"


@never_cache
@login_not_required
@require_safe
def go(request: HttpRequest) -> HttpResponse:
    """To the hospital's page."""
    if not hospital.is_offered() or request.user.is_authenticated:
        return redirect("login")
    request.session.pop(LINKING, None)
    return hospital.leave_for(request)


@never_cache
@login_not_required
@require_safe
def back(request: HttpRequest) -> HttpResponse:
    """From the hospital: comes in, or is linked."""
    if not hospital.is_offered():
        return redirect("login")
    subject = asked(request)
    if request.user.is_authenticated:
        return linked(request, subject)
    user = linking.linked_user(issuer(), subject) if subject else None
    if user is None or not PersonalAccounts().user_can_authenticate(user):
        actions.refuse_sign_in(username=user.username if user else "", locked=False)
        said = _(
            "The hospital's account opens none here. Sign in with your password, and "
            "link it on the page of your account."
        )
        messages.error(request, said)
        return redirect("login")
    to = request.session.pop("oidc_login_next", None) or resolve_url("board")
    if queries.factor_of(user) is not None:
        pending.put(request, user, to)
        return redirect("door-code")
    return come_in(request, user, to)


def asked(request: HttpRequest) -> str:
    """Whom the hospital names; "" where it names nobody, whatever the reason."""
    try:
        return hospital.subject_of(request)
    except (SuspiciousOperation, OSError, ValueError, KeyError) as fault:
        # Its words may hold what the provider sent: the kind of it is enough.
        logger.warning("The hospital's sign-in failed: %s.", type(fault).__name__)
        return ""


def issuer() -> str:
    return str(getattr(hospital.settings, hospital.ISSUER))


def linked(request: HttpRequest, subject: str) -> HttpResponse:
    user: User = request.user
    if not request.session.pop(LINKING, False) or not subject:
        messages.error(request, _("Nothing was linked."))
        return redirect("account")
    try:
        linking.link_hospital(by=user, issuer=issuer(), subject=subject)
    except Refused as refused:
        messages.error(request, refused.sentence)
    else:
        messages.success(request, _("The hospital's account opens yours from now on."))
    return redirect("account")


@login_required
@require_POST
def link(request: HttpRequest) -> HttpResponse:
    """The person wants to link, knows the password, and goes to the hospital."""
    if not hospital.is_offered():
        messages.error(request, _("No hospital is set."))
        return redirect("account")
    try:
        actions.prove(by=request.user, password=request.POST.get("password", ""))
    except Refused as refused:
        messages.error(request, refused.sentence)
        return redirect("account")
    request.session[LINKING] = True
    request.method = "GET"
    return hospital.leave_for(request)


@login_required
@require_POST
def unlink(request: HttpRequest) -> HttpResponse:
    try:
        linking.unlink_hospital(by=request.user)
    except Refused as refused:
        messages.error(request, refused.sentence)
    else:
        messages.success(request, _("The hospital opens your account no more."))
    return redirect("account")
