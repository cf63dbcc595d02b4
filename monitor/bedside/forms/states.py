"""Where the participant is, what is usual for them, and the laboratory's limits."""

from collections.abc import Iterator
from typing import Any
from uuid import NAMESPACE_OID, UUID, uuid5

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from monitor.bedside.fields import spoken_units
from monitor.bedside.forms.asking import AskingForm, MomentField
from monitor.bedside.models import ReferenceRange
from monitor.bedside.panels import LABORATORY
from monitor.clinical import catalogue

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


class PlaceForm(AskingForm):
    """Presence is a state with a start; the next one ends it."""

    prefix = "place"
    code = forms.ChoiceField(
        label=gettext_lazy("Where"), choices=PLACES, widget=forms.RadioSelect
    )
    at = MomentField(label=gettext_lazy("Since"))

    def arguments(self) -> dict[str, Any]:
        return {**self.cleaned_data, "value": ""}


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
        return cleaned

    def arguments(self) -> dict[str, Any]:
        told = dict(self.cleaned_data)
        device, value = told.pop("device"), told["value"].strip()
        if told["code"] == "BASELINE_OXYGEN":
            value = f"{device} {value}".strip()
        unit = "mm[Hg]" if told["code"] == "USUAL_SBP" else ""
        return {**told, "value": value, "unit": unit}


class RangesForm(AskingForm):
    """The laboratory's limits, item by item; what is left blank is not touched."""

    at = MomentField(label=gettext_lazy("In force since"))

    def __init__(self, site: Any, standing: Any = (), data: Any = None) -> None:
        super().__init__(site, data)
        self.standing = {row.item: row for row in standing}
        for code in LABORATORY.names:
            item, row = catalogue.item(code), self.standing.get(code)
            self.fields[code] = forms.CharField(
                label=item.label, max_length=40, required=False
            )
            units = spoken_units(item)
            typed = row.typed_unit if row else ""
            self.fields[f"{code}_unit"] = forms.ChoiceField(
                choices=units,
                required=False,
                initial=typed if typed in dict(units) else item.unit,
            )

    def rows(self) -> Iterator[tuple[Any, Any, ReferenceRange | None]]:
        """(range, unit, what stands) for the page."""
        for code in LABORATORY.names:
            yield self[code], self[f"{code}_unit"], self.standing.get(code)

    def arguments(self) -> Iterator[dict[str, Any]]:
        """One set of arguments for each range that was typed."""
        for code in LABORATORY.names:
            if typed := self.cleaned_data[code].strip():
                yield {
                    "item": code,
                    "typed": typed,
                    "unit": self.cleaned_data[f"{code}_unit"],
                    "since": self.cleaned_data["at"],
                    "key": self.key_for(code),
                }

    def key_for(self, code: str) -> UUID:
        """Of the one key of the page, a key for each row: sent twice, kept once."""
        return uuid5(NAMESPACE_OID, f"{self.cleaned_data['key']} {code}")
