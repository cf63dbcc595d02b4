"""A rate that runs: changed or stopped where the log is opened."""

from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from monitor.bedside.forms.asking import AskingForm, MomentField
from monitor.treatments.forms.amount import AmountField
from monitor.treatments.models import Treatment

Form = Treatment.Form


class RateForm(AskingForm):
    """A running rate: a new one in the same unit, or a stop."""

    #: What is asked about the rate that was typed, before it is kept.
    asked: Sequence[str] = ()

    amount = AmountField(label=gettext_lazy("New rate"), required=False)
    at = MomentField(label=gettext_lazy("At"))

    def __init__(self, site: Any, line: Treatment, data: Any = None) -> None:
        self.line = line
        super().__init__(site, data, prefix=f"rate{line.pk}")

    @property
    def stops(self) -> bool:
        return f"{self.prefix}-stop" in self.data

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if not self.stops and "amount" in cleaned and cleaned["amount"] is None:
            self.add_error("amount", _("Type the new rate, or press Stop."))
        return cleaned

    def arguments(self) -> dict[str, Any]:
        """A rate of 0 ends it."""
        told = self.cleaned_data
        return {
            "code": self.line.code,
            "form": Form.RATE,
            "amount": 0.0 if self.stops else told["amount"],
            "unit": self.line.unit,
            "at": told["at"],
            "key": told["key"],
            "as_needed": self.line.as_needed,
            "indication": self.line.indication,
            "target": self.line.target,
            "weight": self.line.weight,
        }
