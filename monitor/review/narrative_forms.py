"""A version of a narrative, read from a page."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as lazy

from monitor.review.actions.narratives import LONGEST
from monitor.review.narrative import Sentence
from monitor.review.narratives import Narrative
from monitor.review.question_forms import Words


class NarrativeForm(Words):
    """The text, why it is put so, and the version that the writer had before them."""

    text = forms.CharField(
        label=lazy("Narrative"),
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 12}),
        error_messages={"required": lazy("Type the narrative.")},
    )
    reason = forms.CharField(
        label=lazy("Why it is put so"),
        max_length=500,
        error_messages={"required": lazy("Say why.")},
    )
    seen = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(
        self,
        written: Sequence[Narrative],
        sentences: Sequence[Sentence],
        data: Any = None,
    ) -> None:
        last = written[0] if written else None
        drafted = " ".join(one.text for one in sentences)
        initial = {
            "text": last.text if last else drafted,
            "seen": last.pk if last else None,
        }
        super().__init__(data, initial=initial)

    def arguments(self) -> dict[str, Any]:
        return dict(self.cleaned_data)
