"""Of each value that two people saved differently: which one counts, and why."""

from collections.abc import Iterator
from typing import Any
from uuid import uuid4

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from monitor.bedside import reasons
from monitor.bedside.models import Reading
from monitor.bedside.slots import Pair, Twins
from monitor.refusal import Refused

BOTH, FIRST, SECOND = "both", "first", "second"


class SettlingForm(forms.Form):
    """A choice for each difference. Both values stand until a person says otherwise."""

    key = forms.UUIDField(widget=forms.HiddenInput)
    why = forms.ChoiceField(
        label=gettext_lazy("Why"), choices=[("", ""), *reasons.SETTLEMENTS.items()]
    )
    words = forms.CharField(
        label=gettext_lazy("In your words"), max_length=400, required=False
    )

    def __init__(self, twins: Twins, data: Any = None) -> None:
        super().__init__(data, initial={"key": uuid4()})
        self.twins = twins
        self.fields["why"].error_messages["required"] = _("Choose why.")
        names = [one.recorded_by.get_full_name() for one in (twins.first, twins.second)]
        for pair in twins.differences:
            self.fields[pair.item] = forms.ChoiceField(
                label=pair.label,
                initial=BOTH,
                choices=[
                    (BOTH, _("Both")),
                    (FIRST, _("Only %(name)s") % {"name": names[0]}),
                    (SECOND, _("Only %(name)s") % {"name": names[1]}),
                ],
                error_messages={"required": _("Choose which value counts.")},
            )

    def rows(self) -> Iterator[tuple[Pair, Any]]:
        """(pair, its choice) for the page; what does not differ has none."""
        for pair in self.twins.pairs:
            yield pair, self[pair.item] if pair.differs else None

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        why, words = cleaned.get("why"), cleaned.get("words", "").strip()
        if why == "other" and not words:
            self.add_error("words", _("Say why in your own words."))
        if why == BOTH and self.strike:
            self.add_error("why", _("A value is left out: choose why it is wrong."))
        if why and why not in (BOTH, "other") and not self.strike:
            self.add_error("why", _("Both values stand: say that both are right."))
        return cleaned

    @property
    def strike(self) -> list[Reading]:
        """What does not count."""
        left = {FIRST: "second", SECOND: "first"}
        chosen = ((p, self.cleaned_data.get(p.item)) for p in self.twins.differences)
        return [
            getattr(pair, left[choice]) for pair, choice in chosen if choice in left
        ]

    @property
    def reason(self) -> str:
        why, words = self.cleaned_data["why"], self.cleaned_data["words"].strip()
        if why == "other":
            return words
        listed = str(reasons.SETTLEMENTS[why])
        return f"{listed}: {words}" if words else listed

    def refuse(self, refused: Refused) -> None:
        field = refused.field if refused.field in self.fields else None
        self.add_error(field, refused.sentence)
