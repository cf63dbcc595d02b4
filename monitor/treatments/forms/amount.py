"""What the forms of the log share: how an amount is typed, and a refusal placed."""

from typing import Any

from django import forms

from monitor.bedside.forms.asking import AskingForm
from monitor.refusal import Refused
from monitor.treatments.amounts import read_amount


class AmountField(forms.CharField):
    """`7,5` or `7.5`: a number of the person's, with a point or a comma."""

    def __init__(self, **options: Any) -> None:
        super().__init__(max_length=24, **options)
        self.widget.attrs["inputmode"] = "decimal"

    def clean(self, value: Any) -> float | None:
        text = super().clean(value).strip()
        if not text:
            return None
        try:
            return read_amount(text)
        except Refused as refused:
            raise forms.ValidationError(refused.sentence) from refused


def refuse_all(form: AskingForm, refused: Refused) -> bool:
    """Place the sentence and say that nothing was kept."""
    form.refuse(refused)
    return False
