"""What every small form of this room shares: a key, a time, sentences beside fields."""

from datetime import datetime
from typing import Any
from uuid import uuid4

from django import forms
from django.utils.translation import gettext as _

from monitor import clock, localtime
from monitor.refusal import Refused

#: Where the verbs' names of arguments differ from the page's.
RENAMED = {"given_at": "at", "observed_at": "at", "since": "at"}


class MomentField(forms.CharField):
    """`19 Nov 14:22` at the site: read by the form, which knows the zone."""

    def __init__(self, **options: object) -> None:
        super().__init__(max_length=40, **options)  # type: ignore[arg-type]


class AskingForm(forms.Form):
    """A form of a site. What the verb refuses is placed beside the field it names."""

    key = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, site: object, data: object = None, **options: object) -> None:
        self.zone = site.time_zone  # type: ignore[attr-defined]
        self.now = clock.now()
        initial = {"key": uuid4(), "at": localtime.say(self.now, self.zone)}
        initial |= options.pop("initial", {})  # type: ignore[arg-type]
        super().__init__(data, initial=initial, **options)  # type: ignore[arg-type]

    def moment(self, name: str, after: datetime | None = None) -> datetime | None:
        """The moment typed; `after`: one that is to come after it, where it may be."""
        typed = self.cleaned_data.get(name) or ""
        if not typed.strip():
            return None
        try:
            return localtime.read(typed, self.zone, self.now, name, after=after)
        except Refused as refused:
            raise forms.ValidationError(refused.sentence) from refused

    def past(self, name: str) -> datetime | None:
        """The moment, which must not lie in the future."""
        moment = self.moment(name)
        if moment is not None and moment > self.now:
            here = localtime.say(self.now, self.zone)
            said = _("This lies in the future: it is %(now)s. Type the time again.")
            raise forms.ValidationError(said % {"now": here})
        return moment

    def clean_at(self) -> datetime | None:
        return self.past("at")

    def clean_until(self) -> datetime | None:
        return self.moment("until")

    def arguments(self) -> dict[str, Any]:
        """What its verb is called with, once it is valid."""
        raise NotImplementedError

    def refuse(self, refused: Refused) -> None:
        field = RENAMED.get(refused.field, refused.field)
        self.add_error(field if field in self.fields else None, refused.sentence)
