"""What the frame of every page shows: where one is, who one is, what waits.

Nothing is asked of the database before a template uses it, and nothing at all for
a person who is not signed in.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.urls import is_valid_path
from django.utils.functional import SimpleLazyObject, cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from monitor import clock
from monitor.notices import queries as notices
from monitor.review import queries as reviews
from monitor.trials.models import Membership
from monitor.trials.permissions import TABLE, Permission
from monitor.trials.queries import memberships_for, zone_for

QUEUE = "/queue/"
PAGES = (
    ("/", gettext_lazy("Board")),
    (QUEUE, gettext_lazy("Queue")),
    ("/knowledge/", gettext_lazy("Knowledge")),
    ("/permissions/", gettext_lazy("Permissions")),
)


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

    @cached_property
    def memberships(self) -> list[Membership]:
        """The person's memberships in force, with trial and site."""
        return list(memberships_for(self.user)) if self.signed_in else []

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
        if not self.signed_in:
            return []
        return [
            self._page(url, label)
            for url, label in PAGES
            if is_valid_path(url) and (url != QUEUE or self.sees_queue)
        ]

    @cached_property
    def sees_queue(self) -> bool:
        return any(Permission.SEE_QUEUE in TABLE[row.role] for row in self.memberships)

    def _page(self, url: str, label: str) -> Page:
        here = self.request.path
        current = here == url or (url != "/" and here.startswith(url))
        count = self.waiting if url == QUEUE else 0
        return Page(url, str(label), count, current)

    @cached_property
    def waiting(self) -> int:
        """How many episodes of the person's queue are not done."""
        return reviews.waiting(self.user) if self.sees_queue else 0

    @cached_property
    def unread(self) -> int:
        """How many notices to the person nobody has acknowledged."""
        return notices.unread(self.user) if self.signed_in else 0

    @property
    def notices_url(self) -> str:
        return "/notices/" if is_valid_path("/notices/") else "/#notices"


def chrome(request: HttpRequest) -> dict[str, Any]:
    """The context processor: `chrome`, and `now` for every time that is said."""
    return {
        "chrome": SimpleLazyObject(lambda: Chrome(request)),
        "now": SimpleLazyObject(clock.now),
    }
