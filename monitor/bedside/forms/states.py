"""Where the participant is, what is usual for them, and the laboratory's limits."""

import re
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from monitor.bedside.forms.asking import AskingForm, MomentField
from monitor.clinical.items import catalogue

PLACES = [
    ("INPATIENT", gettext_lazy("In the ward")),
    ("IN_CLINIC", gettext_lazy("In the clinic")),
    ("AT_HOME", gettext_lazy("At home")),
    ("AWAY", gettext_lazy("Away")),
    ("FOLLOW_UP", gettext_lazy("In follow-up")),
]
SUPPORT = ("baseline", "low_flow", "high_flow", "positive_pressure", "tracheostomy")
USUAL = [
    ("BASELINE_OXYGEN", gettext_lazy("Usual oxygen, before this trial")),
    ("USUAL_SBP", gettext_lazy("Usual systolic pressure")),
    ("SPO2_TARGET", gettext_lazy("SpO₂ target")),
    ("CENTRAL_LINE", gettext_lazy("Central line")),
    ("TRACHEOSTOMY", gettext_lazy("Tracheostomy")),
]
# A hyphen or a dash, spaces and a percent sign or none.
TARGET = re.compile(r"(?P<low>\d{2,3})\s*%?\s*[-–—]\s*(?P<high>\d{2,3})\s*%?")
CULTURES = [
    ("pending", gettext_lazy("Taken, result awaited")),
    ("negative", gettext_lazy("Negative so far")),
    ("final_negative", gettext_lazy("Negative, final")),
    ("positive", gettext_lazy("Positive")),
]


class PlaceForm(AskingForm):
    """Presence is a state with a start; the next one ends it."""

    prefix = "place"
    code = forms.ChoiceField(
        label=gettext_lazy("Where"), choices=PLACES, widget=forms.RadioSelect
    )
    at = MomentField(label=gettext_lazy("Since"))
    # The place about which the page has asked, and which is meant all the same.
    sure = forms.CharField(required=False, max_length=16, widget=forms.HiddenInput)

    @property
    def is_sure(self) -> bool:
        return self.cleaned_data["sure"] == self.cleaned_data["code"]

    def arguments(self) -> dict[str, Any]:
        told = {**self.cleaned_data, "value": ""}
        del told["sure"]
        return told


class UsualForm(AskingForm):
    """What is usual for this person, so that it is not taken for a finding."""

    prefix = "usual"
    code = forms.ChoiceField(label=gettext_lazy("What"), choices=USUAL)
    device = forms.ChoiceField(
        label=gettext_lazy("Device, for usual oxygen"), required=False
    )
    value = forms.CharField(
        label=gettext_lazy("Value"),
        max_length=40,
        required=False,
        help_text=gettext_lazy(
            "Oxygen: L/min or %. Pressure: mmHg. SpO₂ target: 88-92. Line: its kind."
        ),
    )
    at = MomentField(label=gettext_lazy("Since"))

    def __init__(self, site: Any, data: Any = None, **options: Any) -> None:
        super().__init__(site, data, **options)
        devices = catalogue.item("OXYGEN_DEVICE").options
        usual = [(one.code, one.label) for one in devices if one.group in SUPPORT]
        self.fields["device"].choices = [("", "–"), *usual]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        oxygen = cleaned.get("code") == "BASELINE_OXYGEN"
        if oxygen and not cleaned.get("device"):
            self.add_error("device", _("Choose the device that is usual."))
        if not oxygen and not cleaned.get("value"):
            self.add_error("value", _("Type the value."))
        elif cleaned.get("code") == "SPO2_TARGET":
            self.read_target(cleaned)
        return cleaned

    def read_target(self, cleaned: dict[str, Any]) -> None:
        """`88-92` however the range was typed: NEWS2 takes its scale from it."""
        found = TARGET.fullmatch(cleaned.get("value", "").strip())
        if found is None:
            self.add_error("value", _("Type the range with two numbers, as 88-92."))
        else:
            cleaned["value"] = f"{found['low']}-{found['high']}"

    def arguments(self) -> dict[str, Any]:
        told = dict(self.cleaned_data)
        device, value = told.pop("device"), told["value"].strip()
        if told["code"] == "BASELINE_OXYGEN":
            value = f"{device} {value}".strip()
        unit = "mm[Hg]" if told["code"] == "USUAL_SBP" else ""
        return {**told, "value": value, "unit": unit}


class CultureForm(AskingForm):
    """A blood culture: awaited, negative, or positive with what grew, in its words."""

    prefix = "culture"
    result = forms.ChoiceField(label=gettext_lazy("Result"), choices=CULTURES)
    grew = forms.CharField(
        label=gettext_lazy("What grew"),
        max_length=100,
        required=False,
        help_text=gettext_lazy("As the laboratory says it: E. coli in 2 bottles."),
    )
    at = MomentField(label=gettext_lazy("Known since"))

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        positive = cleaned.get("result") == "positive"
        if positive and not cleaned.get("grew"):
            self.add_error("grew", _("Type what grew, or that it is not known yet."))
        return cleaned

    def arguments(self) -> dict[str, Any]:
        told = dict(self.cleaned_data)
        result, grew = told.pop("result"), told.pop("grew").strip()
        value = f"{result} {grew}".strip() if result == "positive" else result
        return {**told, "code": "CULTURE", "value": value}
