"""Who has which role where, from and to; what an administrator does about it."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import (
    require_http_methods,
    require_POST,
    require_safe,
)

from monitor import flow
from monitor.door import letting
from monitor.door.queries import factor_of, sessions_of
from monitor.notices import reach
from monitor.refusal import REFUSED, Refused
from monitor.trials import actions
from monitor.trials import people as managed
from monitor.trials.forms import (
    AccountForm,
    EndForm,
    FactorForm,
    GivenPasswordForm,
    GrantForm,
    LiftForm,
    LockForm,
)
from monitor.trials.models import User
from monitor.trials.permissions import Permission, check


@sensitive_post_parameters()
@login_required
@require_http_methods(["GET", "POST"])
def people(request: HttpRequest) -> HttpResponse:
    """Everybody with a role at the places that I administer; a new account."""
    check(request.user, Permission.MANAGE_PEOPLE, None)
    form = AccountForm(request.POST or None)
    made = sent(form, actions.create_user, by=request.user, handed_over=True)
    if made is not None:
        messages.success(request, _("The account is made. Give it a role."))
        return redirect("person", pk=made.pk)
    table = managed.table_for(request.user)
    locked = letting.locked_out([user for user, _roles in table])
    context = {"form": form, "people": table, "locked_out": set(locked)}
    status = REFUSED if form.errors else 200
    return render(request, "trials/people.html", context, status=status)


@login_required
@require_safe
def person(request: HttpRequest, pk: int) -> HttpResponse:
    """One person: roles, sessions, and what was done about the account."""
    return page(request, looked_after(request, pk))


def looked_after(request: HttpRequest, pk: int) -> User:
    check(request.user, Permission.MANAGE_PEOPLE, None)
    return managed.person_managed(request.user, pk)


def page(request: HttpRequest, user: User, **bound: forms.Form) -> HttpResponse:
    context = {
        "person": user,
        "roles": managed.roles_of(request.user, user),
        "sessions": sessions_of(user),
        "history": managed.history_of(user),
        "grant": GrantForm(managed.places(request.user)),
        "lock": LockForm(),
        "given": GivenPasswordForm(prefix="given"),
        "lifting": LiftForm(prefix="lift"),
        "taking": FactorForm(prefix="factor"),
        "factor": factor_of(user),
        "locked_until": letting.locked_out([user]).get(user.pk),
        "reach": reach.of(user),
        "myself": user.pk == request.user.pk,
    }
    refused = any(form.errors for form in bound.values())
    status = REFUSED if refused else 200
    return render(request, "trials/person.html", context | bound, status=status)


@login_required
@require_POST
def grant(request: HttpRequest, pk: int) -> HttpResponse:
    """Give the person a role, from now on or for a time."""
    user = looked_after(request, pk)
    form = GrantForm(managed.places(request.user), request.POST)
    said = _("The role is given.")
    return answered(request, user, actions.grant, said, grant=form)


@login_required
@require_POST
def end(request: HttpRequest, pk: int) -> HttpResponse:
    """End a role now, with a reason."""
    check(request.user, Permission.MANAGE_PEOPLE, None)
    row = managed.memberships_managed(request.user).filter(pk=pk).first()
    if row is None:
        raise Http404(_("There is no such role."))
    form = EndForm(request.POST)
    told = {"membership": row, "by": request.user}
    if sent(form, actions.end_membership, **told) is None:
        return page(request, row.user, ending=form)
    messages.success(request, _("The role has ended."))
    return redirect("person", pk=row.user_id)


@login_required
@require_POST
def lock(request: HttpRequest, pk: int) -> HttpResponse:
    """Lock the account and end its sessions; or open it again."""
    user = looked_after(request, pk)
    form = LockForm(request.POST)
    act = flow.lock_account if user.is_active else actions.open_account
    return answered(request, user, act, _("Done."), lock=form)


@sensitive_post_parameters()
@login_required
@require_POST
def give_password(request: HttpRequest, pk: int) -> HttpResponse:
    """A password to hand over to who has lost theirs."""
    user = looked_after(request, pk)
    form = GivenPasswordForm(request.POST, prefix="given")
    said = _("Hand the password over. It is changed at sign-in.")
    return answered(request, user, letting.give_password, said, given=form)


@login_required
@require_POST
def lift(request: HttpRequest, pk: int) -> HttpResponse:
    """Let somebody who was locked out try again at once."""
    user = looked_after(request, pk)
    form = LiftForm(request.POST, prefix="lift")
    said = _("This person may sign in again at once.")
    return answered(request, user, letting.lift_lock_out, said, lifting=form)


@login_required
@require_POST
def take_factor(request: HttpRequest, pk: int) -> HttpResponse:
    """Take away a second factor whose device is lost."""
    user = looked_after(request, pk)
    form = FactorForm(request.POST, prefix="factor")
    said = _("The second factor is gone. A new one is added next.")
    return answered(request, user, letting.take_lost_factor, said, taking=form)


def answered(
    request: HttpRequest,
    user: User,
    act: Callable[..., Any],
    said: str,
    **sent_form: forms.Form,
) -> HttpResponse:
    """The person's page after one of its forms: what was done, or what is wrong.

    `sent_form`: the form under its name on the page.
    """
    (form,) = sent_form.values()
    if sent(form, act, user=user, by=request.user) is None:
        return page(request, user, **sent_form)
    messages.success(request, said)
    return redirect("person", pk=user.pk)


def sent(form: forms.Form, act: Callable[..., Any], **told: Any) -> Any:
    """What the verb made of a form that was sent and is whole; None when refused."""
    if not form.is_bound or not form.is_valid():
        return None
    try:
        return act(**told, **form.cleaned_data)
    except Refused as refused:
        known = refused.field in form.fields
        form.add_error(refused.field if known else None, refused.sentence)
        return None
