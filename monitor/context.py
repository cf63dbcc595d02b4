"""What the frame of every page shows: where one is, who one is, what waits.

Nothing is asked of the database before a template uses it, and nothing at all for
a person who is not signed in.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import is_valid_path
from django.utils.functional import SimpleLazyObject, cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from monitor import clock
from monitor.notices import queries as notices
from monitor.review import asked
from monitor.review import queries as reviews
from monitor.trials import blinding, identifying
from monitor.trials.models import Membership
from monitor.trials.permissions import TABLE, Permission
from monitor.trials.queries import memberships_for, zone_for

QUEUE = "/queue/"
QUESTIONS = "/questions/"
PEOPLE = "/people/"
CHANGES = "/audit/reviews/"
PAGES = (
    ("/", gettext_lazy("Board")),
    ("/due/", gettext_lazy("Due list")),
    (QUEUE, gettext_lazy("Queue")),
    (QUESTIONS, gettext_lazy("Questions")),
    ("/handover/", gettext_lazy("Handover")),
)
#: What is looked up now and then: behind "More".
MORE = (
    ("/rota/", gettext_lazy("On call")),
    ("/burden/", gettext_lazy("Alarm burden")),
    ("/adverse-events/", gettext_lazy("Adverse events")),
    ("/knowledge/", gettext_lazy("Knowledge")),
    ("/permissions/", gettext_lazy("Permissions")),
    (PEOPLE, gettext_lazy("People")),
    (CHANGES, gettext_lazy("Reviews of changes")),
)
#: Pages that only some people have.
NEEDS = {
    QUEUE: Permission.SEE_QUEUE,
    PEOPLE: Permission.MANAGE_PEOPLE,
    CHANGES: Permission.REVIEW_TRAIL,
}


@dataclass(frozen=True)
class Page:
    """One entry of the navigation."""

    url: str
    label: str
    count: int
    current: bool


class Chrome:
    """The frame round one request's page. Each part is asked for once, when used."""

    def __init__(self, request: HttpRequest) -> None:
        self.request = request
        self.user = getattr(request, "user", None)

    @cached_property
    def signed_in(self) -> bool:
        return bool(self.user and self.user.is_authenticated)

    @property
    def idle_minutes(self) -> int:
        """Minutes without work after which the session ends; 0 is never."""
        return settings.IDLE_MINUTES

    @property
    def identifying(self) -> dict[str, Any]:
        """What a free text must not hold, for the script that looks for it."""
        return identifying.for_the_browser()

    @cached_property
    def memberships(self) -> list[Membership]:
        """The person's memberships in force, with trial and site."""
        if not self.signed_in:
            return []
        known = getattr(self.request, "memberships", None)
        return list(memberships_for(self.user)) if known is None else known

    @cached_property
    def site(self) -> Any:
        """The one site of the person, or nothing where there are several."""
        sites = {row.site for row in self.memberships if row.site}
        return sites.pop() if len(sites) == 1 else None

    @cached_property
    def zone(self) -> str:
        """The zone of a page that is about no single site."""
        return zone_for(self.memberships)

    @cached_property
    def trial_line(self) -> str:
        trials = {row.trial for row in self.memberships}
        if len(trials) != 1:
            return _("%(n)d trials") % {"n": len(trials)} if trials else ""
        trial = trials.pop()
        return f"{trial.code} · {trial.title}"

    @cached_property
    def person(self) -> str:
        if not self.signed_in:
            return ""
        roles = sorted({str(row.get_role_display()) for row in self.memberships})
        return " · ".join([self.user.get_full_name(), ", ".join(roles)]).strip(" ·")

    @cached_property
    def nav(self) -> list[Page]:
        return self._pages(PAGES)

    @cached_property
    def more(self) -> list[Page]:
        return self._pages(MORE)

    def _pages(self, pages: Iterable[tuple[str, Any]]) -> list[Page]:
        if not self.signed_in:
            return []
        return [
            self._page(url, label)
            for url, label in pages
            if is_valid_path(url) and (url not in NEEDS or self.may(NEEDS[url]))
        ]

    @cached_property
    def sees_queue(self) -> bool:
        return self.may(Permission.SEE_QUEUE)

    @cached_property
    def decides(self) -> bool:
        """Whether what waits in the queue is the person's own to decide."""
        return self.may(Permission.REVIEW)

    def may(self, permission: Permission) -> bool:
        """Whether a role of the person carries it anywhere."""
        return any(permission in TABLE[row.role] for row in self.memberships)

    def _page(self, url: str, label: str) -> Page:
        here = self.request.path
        current = here == url or (url != "/" and here.startswith(url))
        counts = {QUEUE: "waiting", QUESTIONS: "unsettled"}
        count = getattr(self, counts[url]) if url in counts else 0
        return Page(url, str(label), count, current)

    @cached_property
    def waiting(self) -> int:
        """How many episodes of the person's queue are not done."""
        if not self.sees_queue:
            return 0
        known = getattr(self.request, "waiting", None)
        return reviews.waiting(self.user) if known is None else known

    @cached_property
    def unsettled(self) -> int:
        """How many questions are open or answered at the person's sites."""
        return asked.waiting(self.user)

    @cached_property
    def unread(self) -> int:
        """How many notices to the person nobody has acknowledged."""
        return notices.unread(self.user) if self.signed_in else 0

    @property
    def without_levels(self) -> bool:
        """Whether the page was made without dose levels; see LevelsSeenMiddleware."""
        return blinding.are_left_out()

    @property
    def notices_url(self) -> str:
        return "/notices/" if is_valid_path("/notices/") else "/#notices"


def chrome(request: HttpRequest) -> dict[str, Any]:
    """The context processor: `chrome`, and `now` for every time that is said."""
    return {
        "chrome": SimpleLazyObject(lambda: Chrome(request)),
        "now": SimpleLazyObject(clock.now),
    }
