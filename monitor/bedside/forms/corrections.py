"""A correction of one value: what it should have been, and why."""

from datetime import datetime
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from monitor.bedside import entry, queries, reasons
from monitor.bedside.entry import NewReading
from monitor.bedside.fields import cards_of, spoken_units
from monitor.bedside.models import Reading
from monitor.clinical.items import catalogue
from monitor.refusal import Refused
from monitor.trials.wording import Wording

VALUE, STRIKE_OUT, STRIKE_SET = "value", "void", "void_set"
STRIKES = (STRIKE_OUT, STRIKE_SET)


class CorrectionForm(forms.Form):
    """One reading: its right value, why it was not done, or that it never was.

    `new` is then the reading that takes its place; nothing, when it is struck out.
    """

    what = forms.ChoiceField(label=gettext_lazy("What is right"))
    typed = forms.CharField(label=gettext_lazy("Value"), max_length=64, required=False)
    unit = forms.ChoiceField(label=gettext_lazy("Unit"), required=False)
    keep = forms.CharField(required=False, max_length=64)
    why = forms.ChoiceField(
        label=gettext_lazy("Why"), choices=[("", ""), *reasons.CORRECTIONS.items()]
    )
    words = forms.CharField(
        label=gettext_lazy("In your words"), max_length=400, required=False
    )

    def __init__(
        self,
        reading: Reading,
        data: Any = None,
        grace_until: datetime | None = None,
        wording: Wording | None = None,
    ) -> None:
        """`grace_until`: so long its author needs no reason for mending a slip.

        `wording`: the words of a symptom's grades.
        """
        self.wording = wording or Wording()
        self.reading = reading
        self.grace_until = grace_until
        self.item = catalogue.item(reading.item)
        self.question = ""
        self.new: NewReading | None = None
        unit = reading.typed_unit or reading.unit
        super().__init__(data, initial={"what": VALUE, "unit": unit})
        self.fields["what"].choices = self.answers()
        self.fields["unit"].choices = spoken_units(self.item)
        self.fields["why"].required = False
        if choices := self.choices():
            self.fields["typed"] = forms.ChoiceField(
                label=_("Value"), choices=[("", ""), *choices], required=False
            )

    def answers(self) -> list[tuple[str, Any]]:
        lab = self.item.group == "labs"
        tried = [(reasons.UNRECORDABLE, _("Tried, unrecordable"))]
        return [
            (VALUE, _("This value:")),
            *(tried if self.item.unrecordable else ()),
            *(
                (code, _("Not done: %s") % words)
                for code, words in reasons.offered(lab)
            ),
            (STRIKE_OUT, _("Nothing: it was entered in error")),
            (STRIKE_SET, _("Nothing of this set: all of it was entered in error")),
        ]

    def choices(self) -> list[tuple[str, str]]:
        """The answers of a coded item, or the grades of a symptom."""
        if self.item.kind == "coded":
            return [(one.code, one.label) for one in self.item.options]
        cards = cards_of(self.item, self.wording)
        return [(n, f"{title}: {text}") for n, title, text in cards]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("what") == VALUE and not cleaned.get("typed"):
            self.add_error("typed", _("Type the value as it should have been."))
        elif cleaned.get("what") not in (None, *STRIKES):
            self._read(cleaned)
        if self.needs_reason(cleaned) and not cleaned.get("why"):
            self.add_error("why", _("Choose why."))
        if cleaned.get("why") == "other" and not cleaned.get("words"):
            self.add_error("words", _("Say why in your own words."))
        return cleaned

    def needs_reason(self, cleaned: dict[str, Any]) -> bool:
        """What is struck out says why, however soon."""
        return self.grace_until is None or cleaned.get("what") in STRIKES

    def _read(self, cleaned: dict[str, Any]) -> None:
        """As at the first entry: refused, or asked about once, or taken."""
        try:
            self.new = self._new(cleaned)
        except Refused as refused:
            return self.refuse(refused)
        if self.new.check_reason and not self.confirmed:
            self.question = self.new.check_reason
            self.add_error("typed", self.question)

    def _new(self, cleaned: dict[str, Any]) -> NewReading:
        code, what = self.item.code, cleaned["what"]
        if what == reasons.UNRECORDABLE:
            return entry.unrecordable(code)
        if what != VALUE:
            return entry.not_done(code, what)
        observation = self.reading.observation
        before = queries.previous_values(observation.cycle, observation.observed_at)
        return entry.read_reading(
            code,
            cleaned["typed"],
            cleaned.get("unit") or None,
            before.get(code),
            at=observation.observed_at,
            until=self.reading.until,
            confirmed=self.confirmed,
        )

    @property
    def is_whole_set(self) -> bool:
        """The set belongs to another participant, or to nobody."""
        return self.cleaned_data["what"] == STRIKE_SET

    @property
    def reason(self) -> str:
        why, said = self.cleaned_data["why"], self.cleaned_data["words"].strip()
        if why in ("", "other"):
            return said
        listed = str(reasons.CORRECTIONS[why])
        return f"{listed}: {said}" if said else listed

    @property
    def confirmed(self) -> bool:
        """The person said yes to the question about this very value."""
        return bool(self.data.get("keep")) and self.data["keep"] == self.data.get(
            "typed"
        )

    def refuse(self, refused: Refused) -> None:
        known = refused.field in self.fields
        beside = "typed" if refused.field == self.item.code else None
        self.add_error(refused.field if known else beside, refused.sentence)
