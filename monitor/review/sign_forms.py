"""Signing several drafts at once, and a second reviewer's word."""

from collections.abc import Iterable
from typing import Any
from uuid import uuid4

from django import forms
from django.utils.translation import gettext_lazy as _

from monitor.refusal import Refused
from monitor.review import referrals, seconds
from monitor.review.models import Review, Signature
from monitor.trials.models import User

PASSWORD = {"required": _("Type your password again to sign.")}


class DraftsForm(forms.Form):
    """Which drafts, and the password once."""

    drafts = forms.MultipleChoiceField(
        error_messages={"required": _("Choose what you sign.")}
    )
    password = forms.CharField(strip=False, error_messages=PASSWORD)

    def __init__(self, data: Any = None, *, drafts: Iterable[Review]) -> None:
        super().__init__(data)
        self.known = {str(one.pk): one for one in drafts}
        field = self.fields["drafts"]
        assert isinstance(field, forms.MultipleChoiceField)
        field.choices = [(pk, pk) for pk in self.known]

    def chosen(self) -> list[Review]:
        return [self.known[pk] for pk in self.cleaned_data["drafts"]]


class OpinionForm(forms.Form):
    """Whether one agrees with what was signed, and if not, in what."""

    agrees = forms.TypedChoiceField(
        choices=[("1", _("I agree")), ("", _("I disagree"))],
        coerce=bool,
        empty_value=False,
        required=False,
    )
    text = forms.CharField(
        label=_("In what you disagree"), max_length=500, required=False, strip=True
    )
    password = forms.CharField(
        label=_("Password, again"), strip=False, error_messages=PASSWORD
    )

    def clean(self) -> dict[str, Any]:
        if "agrees" not in self.data:
            self.add_error("agrees", _("Choose whether you agree."))
        return super().clean() or self.cleaned_data

    def refuse(self, refused: Refused) -> None:
        name = refused.field if refused.field in self.fields else None
        self.add_error(name, refused.sentence)


class AskOpinionForm(forms.Form):
    """The colleague, what is asked, and a key that makes a repetition harmless."""

    colleague = forms.ModelChoiceField(
        queryset=User.objects.none(),
        label=_("Ask"),
        empty_label=_("Choose"),
        error_messages={"required": seconds.CHOOSE, "invalid_choice": seconds.CHOOSE},
    )
    asked_text = forms.CharField(
        label=_("What you ask"),
        max_length=300,
        error_messages={"required": seconds.SAY},
    )
    key = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, data: Any = None, *, signature: Signature) -> None:
        super().__init__(data, initial={"key": uuid4()})
        field = self.fields["colleague"]
        assert isinstance(field, forms.ModelChoiceField)
        # The same press twice is the same request: the verb knows who was asked.
        field.queryset = (
            seconds.colleagues(signature)
            if data is None
            else referrals.reviewers(signature.review.episode, signature.signed_by)
        )
        field.label_from_instance = lambda user: user.get_full_name()

    @property
    def anybody(self) -> bool:
        """Whether there is a colleague who could be asked."""
        field = self.fields["colleague"]
        assert isinstance(field, forms.ModelChoiceField)
        return bool(field.queryset)

    def told(self) -> dict[str, Any]:
        given = self.cleaned_data
        return {
            "to": given["colleague"],
            "text": given["asked_text"],
            "key": given["key"],
        }

    def refuse(self, refused: Refused) -> None:
        name = refused.field if refused.field in self.fields else None
        self.add_error(name, refused.sentence)
