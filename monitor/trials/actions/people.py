"""Accounts and roles: who was let in, as what, by whom and until when."""

from copy import copy
from datetime import datetime

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from monitor import clock
from monitor.audit.actions import change, changes_of, record
from monitor.refusal import Refused
from monitor.trials.granting import check_grant
from monitor.trials.keeping import kept
from monitor.trials.models import Membership, Role, Site, Trial, User
from monitor.trials.permissions import Permission, check, may, refusal

SPAN = ("starts_at", "ends_at")


@transaction.atomic
def create_owner(*, username: str, printed_name: str, password: str) -> User:
    """The first account of an empty program. Raises Refused when there is any other."""
    if User.objects.exists():
        raise Refused(_("There are accounts already. Ask an administrator for one."))
    owner = new_account(username, printed_name, password, "")
    owner.is_superuser = True
    owner.save()
    audit_account(owner, by=owner)
    return owner


@transaction.atomic
def create_user(
    *,
    username: str,
    printed_name: str,
    password: str,
    by: User,
    email: str = "",
    handed_over: bool = False,
) -> User:
    """A personal account, which is nobody anywhere until a role is granted to it.

    The printed name is what signs. A password that is `handed_over` must be changed
    before anything opens. Raises Refused for a name in use or a weak password.
    """
    if not by.is_superuser:
        check(by, Permission.MANAGE_PEOPLE, None)
    user = new_account(username, printed_name, password, email)
    if handed_over:
        user.password_given_at = clock.now()
        user.save(update_fields=["password_given_at"])
    audit_account(user, by=by)
    return user


def new_account(username: str, printed_name: str, password: str, email: str) -> User:
    user = User(username=username, printed_name=printed_name, email=email)
    try:
        validate_password(password, user)
    except ValidationError as error:
        raise Refused(" ".join(error.messages), "password") from error
    user.set_password(password)
    return kept(user)


def audit_account(user: User, *, by: User) -> None:
    changes = changes_of(user, "username", "printed_name", "email")
    record(action="user.created", by=by, of=user, changes=changes)


@transaction.atomic
def grant(
    *,
    user: User,
    trial: Trial,
    role: str,
    by: User,
    site: Site | None = None,
    starts_at: datetime | None = None,
    ends_at: datetime | None = None,
) -> Membership:
    """A role at a site, or (without one) in the whole trial.

    A role that was ended, or is to end, is given anew from `starts_at` (now). Raises
    Refused for a site of another trial, a time that ends before it begins, or a role
    that `by` may not give to this person (`trials.granting`).
    """
    check(by, Permission.MANAGE_PEOPLE, site or trial)
    if site is not None and site.trial_id != trial.pk:
        raise Refused(_("This site belongs to another trial."), "site")
    if role not in Role.values:
        raise Refused(_("Choose a role."), "role")
    check_grant(by=by, user=user, role=Role(role), trial=trial, site=site)
    return give(user, trial, site, Role(role), by, starts_at or clock.now(), ends_at)


def appoint(*, user: User, trial: Trial, by: User) -> Membership:
    """The first administrator of a new trial, in which nobody could grant anything."""
    return give(user, trial, None, Role.ADMINISTRATOR, by, clock.now(), None)


def give(
    user: User,
    trial: Trial,
    site: Site | None,
    role: Role,
    by: User,
    starts_at: datetime,
    ends_at: datetime | None,
) -> Membership:
    held = {"user": user, "trial": trial, "site": site, "role": role}
    before = Membership.objects.select_for_update().filter(**held).first()
    membership = copy(before) if before else Membership(**held)
    membership.starts_at, membership.ends_at = starts_at, ends_at
    kept(membership)
    audit_role("membership.granted", membership, by=by, old=before)
    return membership


@transaction.atomic
def end_membership(
    *,
    membership: Membership,
    by: User,
    reason: str,
    ends_at: datetime | None = None,
) -> Membership:
    """From now (or `ends_at`) on the person sees and does nothing by this role."""
    check(by, Permission.MANAGE_PEOPLE, membership.site or membership.trial)
    if not reason.strip():
        raise Refused(_("Say why this role ends."), "reason")
    before = Membership.objects.select_for_update().get(pk=membership.pk)
    membership.ends_at = ends_at or clock.now()
    if membership.ends_at <= before.starts_at:
        raise Refused(_("This role has not begun by then. End it at a later time."))
    kept(membership, "ends_at")
    audit_role("membership.ended", membership, by=by, old=before, reason=reason)
    return membership


@transaction.atomic
def lock_account(*, user: User, by: User, reason: str) -> User:
    """From now on the account opens nothing; its roles and its past stay.

    Raises Refused for one's own account or one that is locked.
    """
    check_looks_after(by, user)
    if by.pk == user.pk:
        raise Refused(_("Nobody locks their own account. Ask another administrator."))
    return turn(user, False, "user.locked", by, reason)


@transaction.atomic
def open_account(*, user: User, by: User, reason: str) -> User:
    """The account opens again, also after a long time without use. With a reason."""
    check_looks_after(by, user)
    return turn(user, True, "user.opened", by, reason)


def check_looks_after(by: User, user: User) -> None:
    """Raises PermissionDenied unless `by` manages people where this one works."""
    places = [row.site or row.trial for row in user.memberships.all()]
    if not places:
        check(by, Permission.MANAGE_PEOPLE, None)
    elif not any(may(by, Permission.MANAGE_PEOPLE, place) for place in places):
        raise PermissionDenied(refusal(Permission.MANAGE_PEOPLE, places[0]))


def turn(user: User, active: bool, action: str, by: User, reason: str) -> User:
    if not reason.strip():
        raise Refused(_("Give the reason."), "reason")
    row = User.objects.select_for_update().get(pk=user.pk)
    if row.is_active == active and not active:
        raise Refused(_("This account is locked already."))
    told = [change("is_active", row.is_active, active)]
    row.is_active = active
    row.opened_at = clock.now() if active else row.opened_at
    row.save(update_fields=["is_active", "opened_at"])
    record(action=action, by=by, of=row, changes=told, reason=reason.strip())
    return row


def audit_role(
    action: str,
    membership: Membership,
    *,
    by: User,
    old: Membership | None,
    reason: str = "",
) -> None:
    who = changes_of(membership, "user", "trial", "role")
    record(
        action=action,
        by=by,
        of=membership,
        site=membership.site,
        changes=[*who, *changes_of(membership, *SPAN, old=old)],
        reason=reason,
    )
