"""The planned day of surgery, or that none is planned."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from monitor.bedside.facts import NO_SURGERY, SURGERY
from monitor.bedside.forms.asking import AskingForm


class SurgeryForm(AskingForm):
    """A later entry moves the day; what was planned before stays on file."""

    day = forms.DateField(
        label=gettext_lazy("Planned day of surgery"),
        input_formats=["%Y-%m-%d", "%d %b %Y"],
        required=False,
        help_text=gettext_lazy("As 2026-12-14 or 14 Dec 2026."),
        error_messages={
            "invalid": gettext_lazy("Type the day as 2026-12-14 or 14 Dec 2026.")
        },
    )

    @property
    def is_off(self) -> bool:
        return "none" in self.data

    def clean_day(self) -> Any:
        day = self.cleaned_data["day"]
        if day is None and not self.is_off:
            raise forms.ValidationError(self.fields["day"].error_messages["invalid"])
        return day

    def arguments(self) -> dict[str, Any]:
        day = self.cleaned_data["day"]
        value = NO_SURGERY if self.is_off else day.isoformat()
        key = self.cleaned_data["key"]
        return {"code": SURGERY, "value": value, "at": self.now, "key": key}
