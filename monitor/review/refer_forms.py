"""To whom an event is referred and why; and what a search for decisions asks."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from django import forms
from django.utils.translation import gettext_lazy as _

from monitor.episodes.models import Episode
from monitor.refusal import Refused
from monitor.review import referrals
from monitor.review.models import Review
from monitor.trials.models import User


class ReferForm(forms.Form):
    """The person, why, and a key that makes a repetition harmless."""

    to = forms.ModelChoiceField(
        queryset=User.objects.none(),
        label=_("Refer to"),
        empty_label=_("Choose"),
        error_messages={
            "required": _("Choose another person who reviews at this site."),
            "invalid_choice": _("Choose another person who reviews at this site."),
        },
    )
    referral_reason = forms.CharField(
        label=_("Why"),
        max_length=300,
        error_messages={"required": _("Say why you refer it.")},
    )
    key = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, data: Any = None, *, episode: Episode, reader: User) -> None:
        super().__init__(data, initial={"key": uuid4()})
        field = self.fields["to"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = referrals.reviewers(episode, reader)
        field.label_from_instance = lambda user: user.get_full_name()

    @property
    def anybody(self) -> bool:
        """Whether there is another person whom it could be referred to."""
        field = self.fields["to"]
        assert isinstance(field, forms.ModelChoiceField)
        return bool(field.queryset)

    def told(self) -> dict[str, Any]:
        given = self.cleaned_data
        return {
            "to": given["to"],
            "reason": given["referral_reason"],
            "key": given["key"],
        }

    def refuse(self, refused: Refused) -> None:
        name = refused.field if refused.field in self.fields else None
        self.add_error(name, refused.sentence)


class DecidedForm(forms.Form):
    """Words, a decision and a site. An address that cannot be read shows everything."""

    q = forms.CharField(required=False, max_length=80, strip=True)
    verdict = forms.ChoiceField(choices=Review.Verdict.choices, required=False)
    site = forms.CharField(required=False, max_length=16)

    def query(self) -> dict[str, str]:
        """What is set, by name."""
        self.full_clean()
        return {key: value for key, value in self.cleaned_data.items() if value}
