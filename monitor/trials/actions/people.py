"""Accounts and roles: who was let in, as what, by whom and until when."""

from copy import copy
from datetime import datetime

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from monitor import clock
from monitor.audit.actions import changes_of, record
from monitor.refusal import Refused
from monitor.trials.keeping import kept
from monitor.trials.models import Membership, Role, Site, Trial, User
from monitor.trials.permissions import Permission, check

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
    *, username: str, printed_name: str, password: str, by: User, email: str = ""
) -> User:
    """A personal account, which is nobody anywhere until a role is granted to it.

    The printed name is what signs. Raises Refused for a name in use or a weak password.
    """
    if not by.is_superuser:
        check(by, Permission.MANAGE_PEOPLE, None)
    user = new_account(username, printed_name, password, email)
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
    Refused for a site of another trial, or a time that ends before it begins.
    """
    check(by, Permission.MANAGE_PEOPLE, site or trial)
    if site is not None and site.trial_id != trial.pk:
        raise Refused(_("This site belongs to another trial."), "site")
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
    kept(membership, "ends_at")
    audit_role("membership.ended", membership, by=by, old=before, reason=reason)
    return membership


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
