"""What holds for every page: texts that are sent are looked at, and looks are kept."""

from collections.abc import Callable

from django.db import OperationalError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from monitor.patience import impatient
from monitor.trials import actions, blinding
from monitor.trials.identifying import alike_in

REFUSALS, BROKEN = 400, 500
READING = ("GET", "HEAD")
#: As `door.middleware` has it: a request that a page makes by itself.
UNATTENDED = "X-Unattended"


class RemarkTextsMiddleware:
    """Puts into the trail that a text was sent which the page had warned about."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        # Who sent it: a form that signs out leaves nobody behind.
        sender = request.user
        response = self.get_response(request)
        if request.method == "POST" and response.status_code < REFUSALS:
            alike = alike_in(request.POST) if sender.is_authenticated else {}
            if alike and request.resolver_match:
                code = request.resolver_match.kwargs.get("code", "")
                actions.remark_texts(by=sender, code=str(code), alike=alike)
        return response


class LevelsSeenMiddleware:
    """Puts into the trail of whom a page showed the dose level, and to whom.

    What a page that stands open asks by itself is the same look. A look that cannot be
    kept is not given: the page comes without levels, for it may be a bedside's.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        with blinding.watched() as seen:
            response = self.get_response(request)
        if not seen or UNATTENDED in request.headers or response.status_code >= BROKEN:
            return response
        try:
            with impatient():
                actions.look_at_levels(participants=seen.values(), by=request.user)
        except OperationalError:
            return self._without_levels(request, response)
        return response

    def _without_levels(self, request: HttpRequest, made: HttpResponse) -> HttpResponse:
        """The page once more, if it was only read and there is one without levels."""
        page = made.headers.get("Content-Type", "").startswith("text/html")
        if request.method in READING and page:
            with blinding.left_out():
                response = self.get_response(request)
            if response.status_code < REFUSALS:
                return response
        return render(request, "503.html", status=503)
