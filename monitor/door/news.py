"""What others did about a person's account and roles: told at the next page."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.contrib import messages
from django.http import HttpRequest
from django.utils.translation import gettext as _

from monitor import clock
from monitor.audit.sentences import Line
from monitor.trials import people
from monitor.trials.models import Membership, User
from monitor.trials.permissions import TABLE, Permission

ROLES, TOLD = "door.roles", "door.told"


def keep(request: HttpRequest, memberships: Iterable[Membership]) -> None:
    """From here on is new what came later."""
    request.session[ROLES] = [row.pk for row in memberships]
    request.session[TOLD] = clock.now().isoformat()


def tell(request: HttpRequest, user: User, since: datetime | None) -> None:
    """At sign-in: everything since the last time."""
    for line in people.news_for(user, since):
        messages.info(request, line_words(line))
    tell_lock_outs(request, user, since)


def tell_at_once(request: HttpRequest, memberships: list[Membership]) -> None:
    """On any page: that the person's roles are others than on the page before.

    A role also begins and ends by its date, which nobody does anything about: so what
    the roles are now is always said. An administrator is told of accounts that were
    locked out.
    """
    known, told = request.session.get(ROLES), request.session.get(TOLD)
    if known is None or told is None:
        keep(request, memberships)
        return
    since = datetime.fromisoformat(told)
    changed = known != [row.pk for row in memberships]
    if changed:
        for line in people.news_for(request.user, since):
            messages.info(request, line_words(line))
        messages.warning(request, roles_words(memberships))
    administers = any(
        Permission.MANAGE_PEOPLE in TABLE[row.role] for row in memberships
    )
    alarmed = administers and tell_lock_outs(request, request.user, since)
    if changed or alarmed:
        keep(request, memberships)


def tell_lock_outs(request: HttpRequest, user: User, since: datetime | None) -> bool:
    found = people.locked_out(user, since)
    for line in found:
        messages.warning(request, f"{line.sentence} {line.when}.")
    return bool(found)


def line_words(line: Line) -> str:
    told = "; ".join(str(one) for one in line.changes)
    said = f"{line.sentence} {line.when}. {told}"
    return f"{said} ({line.reason})" if line.reason else said


def roles_words(memberships: Iterable[Membership]) -> str:
    said = [f"{row.get_role_display()}, {row.site or row.trial}" for row in memberships]
    if not said:
        return _("Your roles have changed. You have none now: ask an administrator.")
    return _("Your roles have changed. Now: %(roles)s.") % {"roles": "; ".join(said)}
