"""A laboratory value that the trial hides, as it was typed."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from monitor.bedside.fields import spoken_units
from monitor.bedside.forms.asking import AskingForm, MomentField
from monitor.clinical.items import catalogue


class HiddenForm(AskingForm):
    """What was measured (an item in a unit), when, and the value."""

    what = forms.ChoiceField(label=_("Item and unit"))
    typed = forms.CharField(
        label=_("Value"),
        max_length=40,
        error_messages={"required": _("Type the value.")},
    )
    at = MomentField(label=_("Collected at"), required=False)
    confirmed = forms.BooleanField(
        label=_("The value is right, although it is rare"), required=False
    )

    def __init__(self, site: Any, items: Iterable[str], data: Any = None) -> None:
        super().__init__(site, data)
        choices = [
            (f"{item.code} {unit}", f"{item.label}, {words}")
            for item in map(catalogue.item, sorted(items))
            for unit, words in spoken_units(item) or [(item.unit, item.unit_label)]
        ]
        self.fields["what"].choices = choices  # type: ignore[attr-defined]

    def arguments(self) -> dict[str, Any]:
        told = self.cleaned_data
        item, _space, unit = told["what"].partition(" ")
        return {
            "item": item,
            "unit": unit,
            "typed": told["typed"],
            "observed_at": told["at"] or self.now,
            "confirmed": told["confirmed"],
            "key": told["key"],
        }
