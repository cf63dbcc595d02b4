"""By what notices reach a person, and the address to which they are mailed."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from monitor.notices import actions, reach
from monitor.notices.forms import EmailForm
from monitor.refusal import REFUSED, Refused
from monitor.trials.models import User
from monitor.trials.people import person_managed
from monitor.trials.permissions import Permission, check


@login_required
@require_http_methods(["GET", "POST"])
def mine(request: HttpRequest) -> HttpResponse:
    """My own address."""
    return _page(request, request.user, "reach")


@login_required
@require_http_methods(["GET", "POST"])
def theirs(request: HttpRequest, pk: int) -> HttpResponse:
    """The address of a person whom I look after."""
    check(request.user, Permission.MANAGE_PEOPLE, None)
    return _page(request, person_managed(request.user, pk), "person-reach", pk)


def _page(request: HttpRequest, user: User, name: str, *where: int) -> HttpResponse:
    form = EmailForm(request.POST or None, initial={"email": user.email})
    if request.method == "POST" and form.is_valid() and _kept(request.user, user, form):
        messages.success(request, _("Saved."))
        return redirect(name, *where)
    context = {
        "person": user,
        "mine": user.pk == request.user.pk,
        "reach": reach.of(user),
        "form": form,
    }
    status = REFUSED if form.errors else 200
    return render(request, "notices/reach.html", context, status=status)


def _kept(by: User, user: User, form: EmailForm) -> bool:
    """Kept, or said beside the field why not."""
    try:
        actions.set_email(user=user, by=by, email=form.cleaned_data["email"])
    except Refused as refused:
        form.add_error(refused.field, refused.sentence)
        return False
    return True
