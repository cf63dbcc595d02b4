"""A session that nobody uses ends; what a person owes the door is asked for first."""

import logging
from collections.abc import Callable
from datetime import datetime, timedelta

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.db import OperationalError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import is_valid_path
from django.utils.translation import gettext as _

from monitor import clock
from monitor.door import actions, news
from monitor.door.models import SignedIn
from monitor.patience import impatient
from monitor.trials.queries import memberships_for

logger = logging.getLogger(__name__)
GetResponse = Callable[[HttpRequest], HttpResponse]

SEEN = "door.seen"
MUST_ADD = "door.must_add_factor"
MUST_CHANGE = "door.must_change_password"
#: A request that a page makes by itself, while nobody may be looking.
UNATTENDED = "X-Unattended"
NO_SUCH_METHOD = 405
NOTE_EVERY = timedelta(minutes=1)
#: What a session owes before anything else opens, in this order, and where.
OWED = {MUST_CHANGE: "/account/password/", MUST_ADD: "/account/second-factor/"}
ALWAYS = ("/logout/", "/static/", "/healthz")
QUIET = (*ALWAYS, *OWED.values())


class IdleMiddleware:
    """Ends a session after IDLE_MINUTES without work. What a page asks is no work."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response
        self.limit = timedelta(minutes=settings.IDLE_MINUTES)

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if self.limit and request.user.is_authenticated:
            self.look(request, clock.now())
        return self.get_response(request)

    def look(self, request: HttpRequest, now: datetime) -> None:
        kept = request.session.get(SEEN)
        last = datetime.fromisoformat(kept) if kept else now
        if now - last >= self.limit:
            key = request.session.session_key
            actions.sign_out(
                by=request.user, session_key=key, end=SignedIn.End.TIMED_OUT
            )
            logout(request)
            return
        at_work = UNATTENDED not in request.headers
        if kept is None or (at_work and now - last >= NOTE_EVERY):
            self.note(request, now)

    def note(self, request: HttpRequest, now: datetime) -> None:
        """That somebody is at work; a database that is busy must not cost the page."""
        try:
            with impatient():
                actions.seen(session_key=request.session.session_key or "", at=now)
        except OperationalError:
            logger.warning("That somebody is at work could not be noted.")
        else:
            request.session[SEEN] = now.isoformat()


class PartRequestMiddleware:
    """Answers 401, not the door, to a part of a page whose person is signed out.

    Else the page to sign in would stand where the part stood.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        sent_away = response.status_code == 302 and not request.user.is_authenticated
        if sent_away and request.htmx:
            return HttpResponse(status=401)
        return response


class OwedMiddleware:
    """Leads whoever owes a password of their own or a second factor there first."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        to = self.owed(request)
        if to and not request.path.startswith((to, *ALWAYS)):
            return redirect(to)
        return self.get_response(request)

    def owed(self, request: HttpRequest) -> str:
        if not request.user.is_authenticated:
            return ""
        return next((to for key, to in OWED.items() if request.session.get(key)), "")


class FormsOnlyMiddleware:
    """Leads a browser from an address that only takes a form to the page it stands on.

    Whoever was signed out before a form arrived comes back to its address by GET. That
    nothing was done is said there; a program that asks is answered 405 as ever.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        reads = "text/html" in request.headers.get("Accept", "")
        refused = request.method == "GET" and response.status_code == NO_SUCH_METHOD
        if not (refused and reads and request.user.is_authenticated):
            return response
        messages.warning(request, _("Nothing was sent. Do it again from this page."))
        return redirect(above(request.path))


def above(path: str) -> str:
    """The nearest address above one that a page answers; the board at last."""
    while path := path.rstrip("/").rpartition("/")[0]:
        if is_valid_path(f"{path}/"):
            return f"{path}/"
    return "/"


class NewsMiddleware:
    """Tells who opens a page that the roles behind it have changed.

    The roles are read once for a page: its frame takes them from the request.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        whole_page = request.method == "GET" and not request.htmx
        attended = UNATTENDED not in request.headers
        quiet = request.path.startswith(QUIET)
        if request.user.is_authenticated and whole_page and attended and not quiet:
            request.memberships = list(memberships_for(request.user))
            news.tell_at_once(request, request.memberships)
        return self.get_response(request)
