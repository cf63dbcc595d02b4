"""What is typed to look behind a neutral label, and about people and their roles."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from monitor.trials.identities import Person
from monitor.trials.models import Role, Site, Trial


class UnblindForm(forms.Form):
    """Why, and the password again. `key` makes a second press harmless."""

    reason = forms.CharField(
        label=_("Reason"),
        max_length=500,
        help_text=_("What makes it necessary to know now."),
        error_messages={"required": _("Give the reason.")},
    )
    password = forms.CharField(
        label=_("Your password"),
        strip=False,
        max_length=500,
        error_messages={"required": _("Type your password.")},
        widget=forms.PasswordInput(
            attrs={"class": "form-control", "autocomplete": "current-password"}
        ),
    )
    key = forms.UUIDField(widget=forms.HiddenInput)


class ImpactForm(forms.Form):
    """What an emergency unblinding did to the trial."""

    text = forms.CharField(
        label=_("What it does to the trial"),
        max_length=500,
        error_messages={"required": _("Say what it does to the trial.")},
    )
    unblinding = forms.IntegerField(widget=forms.HiddenInput)


class IdentityForm(forms.Form):
    """Who a participant is: a name, and what finds the person in the hospital."""

    name = forms.CharField(
        label=_("Name"),
        max_length=200,
        error_messages={"required": _("Type the name.")},
    )
    birth_date = forms.CharField(
        label=_("Born"),
        max_length=40,
        required=False,
        help_text=_("As 12 Mar 1961, or the year alone where no more is known."),
    )
    record_number = forms.CharField(
        label=_("Hospital record number"), max_length=80, required=False
    )
    telephone = forms.CharField(label=_("Telephone"), max_length=80, required=False)

    def person(self) -> Person:
        return Person(**self.cleaned_data)


class ReasonForm(forms.Form):
    reason = forms.CharField(
        label=_("Reason"),
        max_length=500,
        error_messages={"required": _("Give the reason.")},
    )


class EndForm(ReasonForm):
    """Why a role ends."""


class LockForm(ReasonForm):
    """Why an account is locked, or opened again."""


class LiftForm(ReasonForm):
    """Why somebody may try to sign in again at once."""


class FactorForm(ReasonForm):
    """How a second factor was lost."""


class GivenPasswordForm(ReasonForm):
    """A password to hand over, which its owner changes at once."""

    password = forms.CharField(
        label=_("Password to hand over"), max_length=500, strip=False
    )


class AccountForm(forms.Form):
    """A new personal account. The password is handed over and changed at once."""

    printed_name = forms.CharField(
        label=_("Printed name"),
        max_length=200,
        help_text=_("As it stands under a signature."),
    )
    username = forms.CharField(label=_("Account"), max_length=150)
    email = forms.EmailField(label=_("E-mail"), required=False)
    password = forms.CharField(
        label=_("First password"),
        max_length=500,
        strip=False,
        help_text=_("To hand over. Its owner changes it before anything opens."),
    )


class GrantForm(forms.Form):
    """A role at a place. `places`: the trials and sites that may be chosen."""

    role = forms.ChoiceField(label=_("Role"), choices=Role.choices)
    place = forms.ChoiceField(label=_("Where"))
    since = forms.DateTimeField(
        label=_("From"),
        required=False,
        help_text=_("UTC, as 2027-06-01 07:00. Left empty: from now on."),
    )
    until = forms.DateTimeField(
        label=_("Until"),
        required=False,
        help_text=_("UTC, as 2027-06-30 18:00. Left empty: until it is ended."),
    )

    def __init__(self, places: Iterable[Trial | Site], *args: Any) -> None:
        super().__init__(*args)
        self.places = {place_key(one): one for one in places}
        choices = [(key, str(one)) for key, one in self.places.items()]
        self.fields["place"].choices = choices  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """As the verb takes it: role, trial, site, starts_at, ends_at."""
        told = super().clean() or {}
        if self.errors:
            return told
        place = self.places[told["place"]]
        site = place if isinstance(place, Site) else None
        trial = place.trial if isinstance(place, Site) else place
        when = {"starts_at": told["since"], "ends_at": told["until"]}
        return {"role": told["role"], "trial": trial, "site": site, **when}


def place_key(place: Trial | Site) -> str:
    return f"{type(place).__name__.lower()}-{place.pk}"
