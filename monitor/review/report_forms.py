"""What is said of a report that went out, and which events a list shows."""

from datetime import datetime
from typing import Any
from uuid import uuid4

from django import forms
from django.utils.translation import gettext_lazy as _

from monitor import clock, localtime
from monitor.refusal import Refused
from monitor.review.clocks import Kind


class EventsForm(forms.Form):
    """Which events. An address that cannot be read shows everything."""

    site = forms.CharField(required=False, max_length=16)
    participant = forms.CharField(required=False, max_length=32)
    by = forms.CharField(required=False, max_length=8)

    def query(self) -> dict[str, str]:
        """What is set, by name."""
        self.full_clean()
        return {key: value for key, value in self.cleaned_data.items() if value}


class ReportForm(forms.Form):
    """When it was sent, as typed at the site, to whom, and how."""

    kind = forms.ChoiceField(choices=[(one.value, one.value) for one in Kind])
    rank = forms.IntegerField(min_value=0)
    sent_at = forms.CharField(
        max_length=40,
        error_messages={"required": _("Type when it was sent.")},
    )
    note = forms.CharField(
        max_length=200,
        error_messages={"required": _("Say to whom it went, and how.")},
    )
    key = forms.UUIDField()

    def __init__(self, data: Any = None, *, zone: str) -> None:
        now = clock.now()
        initial = {"sent_at": localtime.say(now, zone), "key": uuid4()}
        super().__init__(data, initial=initial)
        self.zone = zone

    def clean_sent_at(self) -> datetime:
        try:
            typed = self.cleaned_data["sent_at"]
            return localtime.read(typed, self.zone, clock.now(), "sent_at")
        except Refused as refused:
            raise forms.ValidationError(refused.sentence) from refused

    @property
    def beside(self) -> dict[str, str]:
        """Nothing is asked of a group here."""
        return {}

    def refuse(self, refused: Refused) -> None:
        """What the verb refuses, beside its field or over them all."""
        name = refused.field if refused.field in self.fields else None
        self.add_error(name, refused.sentence)

    @property
    def elsewhere(self) -> list[str]:
        """What is wrong with what no person typed: the clock does not run any more."""
        names = ("kind", "rank", "key")
        said = [str(found[0]) for name, found in self.errors.items() if name in names]
        return said + [str(one) for one in self.non_field_errors()]
