"""Looks at what is sent as free text: one place for every form there is."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from monitor.trials import actions
from monitor.trials.identifying import alike_in

REFUSALS = 400


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
