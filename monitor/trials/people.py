"""Whom an administrator looks after: accounts, their roles, and what became of them."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import Http404
from django.utils.translation import gettext as _

from monitor import clock
from monitor.audit import queries as audit
from monitor.audit.sentences import Line
from monitor.trials.models import Membership, Site, Trial, User
from monitor.trials.permissions import Permission, held_by, roles_with
from monitor.trials.queries import allowed_at, sites_where

HISTORY = 50
LOCKED = "door.locked"


@dataclass(frozen=True)
class RoleRow:
    """A role of somebody. `state` is in force, to come or ended."""

    membership: Membership
    state: str
    state_words: str

    @property
    def can_end(self) -> bool:
        return self.state != "ended"


def memberships_managed(by: User) -> QuerySet[Membership]:
    """Every role, past and to come, at the places whose people `by` manages."""
    at_site = allowed_at(by, Permission.MANAGE_PEOPLE, "trial", "site")
    rows = Membership.objects.filter(at_site).select_related("user", "trial", "site")
    return rows.order_by("user__printed_name", "user__username", "pk")


def people_managed(by: User) -> QuerySet[User]:
    """Accounts with a role at such a place, and those that are nobody anywhere yet."""
    somewhere = Membership.objects.filter(user=OuterRef("pk"))
    mine = memberships_managed(by).filter(user=OuterRef("pk"))
    people = User.objects.filter(Exists(mine) | ~Exists(somewhere))
    return people.order_by("printed_name", "username")


def person_managed(by: User, pk: int) -> User:
    """Raises Http404 for somebody whom `by` does not look after."""
    found = people_managed(by).filter(pk=pk).first()
    if found is None:
        raise Http404(_("There is no such person."))
    return found


def roles_of(by: User, user: User) -> list[RoleRow]:
    """The person's roles at the places of `by`, those in force first."""
    rows = [row_of(one) for one in memberships_managed(by).filter(user=user)]
    return sorted(rows, key=lambda row: row.state == "ended")


def table_for(by: User) -> list[tuple[User, list[RoleRow]]]:
    """Everybody with their roles: two queries, however many."""
    found: dict[int, list[RoleRow]] = {}
    for one in memberships_managed(by):
        found.setdefault(one.user_id, []).append(row_of(one))
    return [(user, found.get(user.pk, [])) for user in people_managed(by)]


def row_of(membership: Membership) -> RoleRow:
    now, words = (
        clock.now(),
        {
            "ended": _("ended"),
            "to come": _("to come"),
            "in force": _("in force"),
        },
    )
    state = "in force"
    if membership.starts_at > now:
        state = "to come"
    if membership.ends_at is not None and membership.ends_at <= now:
        state = "ended"
    return RoleRow(membership, state, words[state])


def places(by: User) -> list[Trial | Site]:
    """Where `by` may give roles: whole trials first, then sites."""
    held = held_by(by).filter(role__in=roles_with(Permission.MANAGE_PEOPLE))
    whole = [row.trial for row in held.select_related("trial") if row.site_id is None]
    sites = sites_where(by, Permission.MANAGE_PEOPLE).select_related("trial")
    return [*whole, *sites.order_by("trial__code", "code")]


def history_of(user: User) -> list[Line]:
    """What was done about the account and its roles, newest first."""
    of_itself = Q(action__startswith="door.", actor=user.get_username())
    return audit.lines_about(about(user, user.memberships.all()) | of_itself, HISTORY)


def about(user: User, memberships: QuerySet[Membership]) -> Q:
    """The account, and these roles."""
    roles = [str(pk) for pk in memberships.values_list("pk", flat=True)]
    return Q(object_type="User", object_id=str(user.pk)) | Q(
        object_type="Membership", object_id__in=roles
    )


def news_for(user: User, since: datetime | None) -> list[Line]:
    """What others did about the person's account and roles since then, newest first.

    To an administrator also what other administrators did where both administer. To
    who comes for the first time nothing is new.
    """
    if since is None:
        return []
    roles = about(user, user.memberships.all()) | about(user, memberships_managed(user))
    mine = Q(actor=user.get_username()) | Q(action__startswith="door.")
    return audit.lines_about(roles & Q(at__gt=since) & ~mine, HISTORY)


def locked_out(user: User, since: datetime | None) -> list[Line]:
    """To an administrator: accounts that were locked after too many failures since

    then, each once with its last time. Names that no account has stand together.
    """
    if since is None or not may_manage(user):
        return []
    ids = [str(pk) for pk in people_managed(user).values_list("pk", flat=True)]
    own = Q(object_id__in=ids) | Q(object_id="")
    failed = Q(object_type="User", action=LOCKED, at__gt=since)
    lines = audit.lines_about(failed & own, HISTORY)
    return list({line.event.object_id: line for line in reversed(lines)}.values())


def may_manage(user: User) -> bool:
    return held_by(user).filter(role__in=roles_with(Permission.MANAGE_PEOPLE)).exists()
