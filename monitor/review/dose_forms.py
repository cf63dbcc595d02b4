"""What is answered before a dose, and what is decided on it, read from a page."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from uuid import uuid4

from django import forms
from django.utils.translation import gettext_lazy

from monitor.clinical.criteria.library import Question
from monitor.refusal import Refused
from monitor.review.models import DoseDecision


class AnswersForm(forms.Form):
    """The questions that only a person can answer; what is left out stays unknown."""

    key = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, asked: Iterable[Question], data: Any = None) -> None:
        super().__init__(data, initial={"key": uuid4()})
        self.codes = [one.code for one in asked]
        for one in asked:
            self.fields[one.code] = forms.ChoiceField(
                label=one.asks,
                choices=list(one.answers.items()),
                required=False,
                widget=forms.RadioSelect,
            )

    def questions(self) -> list[forms.BoundField]:
        return [self[code] for code in self.codes]

    def answers(self) -> dict[str, str]:
        """Question -> answer, of those that were answered."""
        told = self.cleaned_data
        return {code: told[code] for code in self.codes if told.get(code)}

    def refuse(self, refused: Refused) -> None:
        self.add_error(None, refused.sentence)


class DoseDecisionForm(forms.Form):
    """A decision with its reason and the password, on the check that was seen."""

    choice = forms.ChoiceField(
        label=gettext_lazy("Decision"),
        choices=DoseDecision.Choice.choices,
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Choose what is decided.")},
    )
    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        max_length=500,
        required=False,
        help_text=gettext_lazy(
            "Asked for, unless a dose is given and nothing speaks against it."
        ),
    )
    password = forms.CharField(
        label=gettext_lazy("Password, again"),
        widget=forms.PasswordInput,
        strip=False,
        error_messages={"required": gettext_lazy("Type your password.")},
    )
    key = forms.UUIDField(widget=forms.HiddenInput)
    seen = forms.CharField(max_length=64, widget=forms.HiddenInput)

    def __init__(self, seen: str, data: Any = None) -> None:
        super().__init__(data, initial={"key": uuid4(), "seen": seen})

    def refuse(self, refused: Refused) -> None:
        """A verb's refusal beside its field."""
        name = refused.field if refused.field in self.fields else None
        self.add_error(name, refused.sentence)
