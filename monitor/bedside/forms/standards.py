"""A laboratory's limits and a site's units, item by item."""

from collections.abc import Iterator, Mapping
from typing import Any
from uuid import NAMESPACE_OID, UUID, uuid5

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from monitor.bedside.fields import ONE_UNIT, spoken_units
from monitor.bedside.forms.asking import AskingForm, MomentField
from monitor.bedside.panels import EXAMINATION, LABORATORY, VITAL_SIGNS
from monitor.clinical.items import catalogue

OWN = "own"
OLDEST = 120  # Years: what is typed above it is a slip.
WHOSE = [
    ("", gettext_lazy("Everybody, at this laboratory")),
    ("F", gettext_lazy("Women, at this laboratory")),
    ("M", gettext_lazy("Men, at this laboratory")),
    (OWN, gettext_lazy("This participant alone")),
]


class RangesForm(AskingForm):
    """The laboratory's limits, item by item; what is left blank is not touched."""

    laboratory = forms.CharField(
        label=gettext_lazy("Laboratory"), max_length=80, required=False
    )
    whose = forms.ChoiceField(label=gettext_lazy("For"), choices=WHOSE, required=False)
    age_from = forms.IntegerField(
        label=gettext_lazy("From age"), min_value=0, max_value=OLDEST, required=False
    )
    age_to = forms.IntegerField(
        label=gettext_lazy("To age"), min_value=0, max_value=OLDEST, required=False
    )
    at = MomentField(label=gettext_lazy("In force since"))

    def __init__(
        self,
        site: Any,
        units: Mapping[str, str],
        data: Any = None,
        laboratory: str = "",
    ) -> None:
        """`units`: item -> the site's unit, which its new range begins with."""
        super().__init__(site, data, initial={"laboratory": laboratory})
        for code in LABORATORY.names:
            item = catalogue.item(code)
            self.fields[code] = forms.CharField(
                label=item.label, max_length=40, required=False
            )
            choices = spoken_units(item)
            chosen = units.get(code, "")
            self.fields[f"{code}_unit"] = forms.ChoiceField(
                choices=choices,
                required=False,
                initial=chosen if chosen in dict(choices) else item.unit,
            )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if not self.is_own and not cleaned.get("laboratory", "").strip():
            self.add_error("laboratory", _("Say which laboratory these limits are of."))
        if self.is_own and not (
            cleaned.get("age_from") is cleaned.get("age_to") is None
        ):
            said = _(
                "Leave the ages blank: these limits are of this participant alone."
            )
            self.add_error("age_from", said)
        return cleaned

    @property
    def is_own(self) -> bool:
        """Of this participant alone, whichever laboratory it was."""
        return self.cleaned_data.get("whose") == OWN

    def rows(self) -> Iterator[tuple[Any, Any]]:
        """(range, unit) for the page."""
        for code in LABORATORY.names:
            yield self[code], self[f"{code}_unit"]

    def arguments(self) -> Iterator[dict[str, Any]]:
        """One set of arguments for each range that was typed."""
        told = self.cleaned_data
        whose = {} if self.is_own else self.holders(told)
        for code in LABORATORY.names:
            if typed := told[code].strip():
                yield {
                    "item": code,
                    "typed": typed,
                    "unit": told[f"{code}_unit"],
                    "since": told["at"],
                    "key": self.key_for(code),
                    **whose,
                }

    def holders(self, told: Mapping[str, Any]) -> dict[str, Any]:
        """Whose limits they are: a laboratory's, for a sex, for ages."""
        ages = {name: told[name] for name in ("age_from", "age_to")}
        return {"laboratory": told["laboratory"], "sex": told["whose"], **ages}

    def key_for(self, code: str) -> UUID:
        """Of the one key of the page, a key for each row: sent twice, kept once."""
        return uuid5(NAMESPACE_OID, f"{self.cleaned_data['key']} {code}")


def switchable() -> Iterator[tuple[catalogue.Item, tuple[tuple[str, str], ...]]]:
    """(item, its units) of every field whose unit can be switched."""
    for panel in (VITAL_SIGNS, EXAMINATION, LABORATORY):
        for code in panel.names:
            item = catalogue.ITEMS.get(code)
            units = spoken_units(item) if item and code not in ONE_UNIT else ()
            if item and len(units) > 1:
                yield item, units


class UnitsForm(AskingForm):
    """With which unit each field begins at a site; what is not changed is not kept."""

    def __init__(
        self, site: Any, standing: Mapping[str, str], data: Any = None
    ) -> None:
        super().__init__(site, data)
        self.standing = standing
        for item, units in switchable():
            self.fields[item.code] = forms.ChoiceField(
                label=item.label,
                choices=units,
                initial=standing.get(item.code, item.unit),
            )

    def rows(self) -> Iterator[Any]:
        for item, _units in switchable():
            yield self[item.code]

    def arguments(self) -> Iterator[dict[str, Any]]:
        told = self.cleaned_data
        for item, _units in switchable():
            if told[item.code] != self.standing.get(item.code, item.unit):
                key = uuid5(NAMESPACE_OID, f"{told['key']} {item.code}")
                yield {"item": item.code, "unit": told[item.code], "key": key}
