"""One line of the log about one agent or action, new or corrected."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from monitor.bedside.forms.asking import AskingForm, MomentField
from monitor.bedside.reasons import CORRECTIONS
from monitor.clinical.items.catalogue import TreatmentKind
from monitor.treatments.checks import CALL, FLUID, STUDY_DRUG, WITH_WORDS
from monitor.treatments.forms.amount import AmountField
from monitor.treatments.models import Treatment

Form = Treatment.Form
ROUTES = [
    ("", "–"),
    ("oral", gettext_lazy("by mouth")),
    ("iv", gettext_lazy("into a vein")),
    ("sc", gettext_lazy("under the skin")),
    ("im", gettext_lazy("into a muscle")),
    ("inhaled", gettext_lazy("inhaled")),
    ("other", gettext_lazy("other")),
]
#: What a line that is nothing without its words is asked for, and told without them.
WHY = (gettext_lazy("Reason"), gettext_lazy("Write why."))
WHAT = (gettext_lazy("What"), gettext_lazy("Write what it was."))
ASKED = dict.fromkeys(("no_action", "offered_not_done", "icu_declined"), WHY)
#: A group of drugs, or of tests: which one it was goes into its note.
GROUPS = (
    "antibiotic",
    "antihistamine",
    "antiemetic",
    "antihypertensive",
    "sedative",
    "beta_blocker",
    "test_ordered",
)
WHICH = gettext_lazy("Which one, and a note")
AS_NEEDED = [("yes", gettext_lazy("As needed")), ("no", gettext_lazy("As scheduled"))]


class TreatmentForm(AskingForm):
    """One line of the log for one agent or action: only what that one can have."""

    form = forms.ChoiceField(label=gettext_lazy("How"), widget=forms.RadioSelect)
    amount = AmountField(label=gettext_lazy("Amount or rate"), required=False)
    unit = forms.ChoiceField(label=gettext_lazy("Unit"), required=False)
    weight = AmountField(
        label=gettext_lazy("Weight used, kg"),
        required=False,
        help_text=gettext_lazy("Of a dose per kg: as the pump was set."),
    )
    at = MomentField(label=gettext_lazy("At"))
    until = MomentField(label=gettext_lazy("Until"), required=False)
    route = forms.ChoiceField(
        label=gettext_lazy("Route"), choices=ROUTES, required=False
    )
    as_needed = forms.ChoiceField(
        label=gettext_lazy("Given"),
        choices=AS_NEEDED,
        widget=forms.RadioSelect,
        initial="yes",
        required=False,
    )
    episodes = forms.MultipleChoiceField(
        label=gettext_lazy("For"), required=False, widget=forms.CheckboxSelectMultiple
    )
    indication = forms.CharField(
        label=gettext_lazy("For, in words"), max_length=200, required=False
    )
    ordered_by = forms.CharField(
        label=gettext_lazy("Ordered by"), max_length=120, required=False
    )
    given_by = forms.CharField(
        label=gettext_lazy("Given by"), max_length=120, required=False
    )
    order = forms.ChoiceField(
        label=gettext_lazy("Order"),
        choices=[("", "–"), *Treatment.Order.choices],
        required=False,
    )
    countersigned_at = MomentField(
        label=gettext_lazy("Countersigned at"), required=False
    )
    called = forms.CharField(
        label=gettext_lazy("Who was called"), max_length=120, required=False
    )
    answered_at = MomentField(label=gettext_lazy("Answered at"), required=False)
    arrived_at = MomentField(label=gettext_lazy("Arrived at"), required=False)
    fluid = forms.ChoiceField(
        label=gettext_lazy("Which fluid"),
        choices=[("", "–"), *Treatment.Fluid.choices],
        required=False,
    )
    agent = forms.ChoiceField(label=gettext_lazy("Which agent"), required=False)
    target = forms.CharField(
        label=gettext_lazy("Target set"),
        max_length=80,
        required=False,
        help_text=gettext_lazy("For example SBP over 90, SpO2 over 94 %."),
    )
    source = forms.CharField(
        label=gettext_lazy("Protocol or label line"), max_length=200, required=False
    )
    read_from = forms.ChoiceField(
        label=gettext_lazy("Written down from"),
        choices=[("", "–"), *Treatment.ReadFrom.choices],
        required=False,
    )
    deviation = forms.ChoiceField(
        label=gettext_lazy("Protocol deviation"),
        choices=[("", gettext_lazy("not said")), *Treatment.Deviation.choices],
        required=False,
    )
    note = forms.CharField(label=gettext_lazy("Note"), max_length=1000, required=False)

    def __init__(
        self,
        site: Any,
        kind: TreatmentKind,
        episodes: Iterable[tuple[int, str]] = (),
        data: Any = None,
        *,
        agents: Iterable[str] = (),
        **options: Any,
    ) -> None:
        self.kind = kind
        super().__init__(site, data, **options)
        self.fields["form"].choices = [(one, Form(one).label) for one in kind.forms]
        self.fields["form"].initial = kind.forms[0]
        self.fields["unit"].choices = [(one, one) for one in kind.units]
        self.fields["episodes"].choices = [(str(pk), said) for pk, said in episodes]
        self.fields["agent"].choices = [("", "–"), *((one, one) for one in agents)]
        for name in self.left_out():
            del self.fields[name]
        if kind.code in GROUPS:
            self.fields["note"].label = WHICH
        if kind.code in WITH_WORDS:
            note = self.fields["note"]
            note.required, (note.label, asked) = True, ASKED.get(kind.code, WHAT)
            note.error_messages["required"] = asked

    def left_out(self) -> list[str]:
        """The fields that make no sense for this agent or action."""
        out = [] if self.fields["episodes"].choices else ["episodes"]
        if self.is_action:
            out += ["amount", "unit", "route", "read_from"]
        if Form.AMOUNT not in self.kind.forms:
            out.append("as_needed")
        if self.kind.code == CALL:
            out += ["order", "countersigned_at", "ordered_by", "given_by"]
        else:
            out += ["called", "answered_at", "arrived_at"]
        out += [] if self.per_kg else ["weight"]
        out += [] if self.kind.klass == FLUID else ["fluid"]
        several = len(self.fields["agent"].choices) > 1
        out += [] if self.kind.klass == STUDY_DRUG and several else ["agent"]
        return out if self.can_last else [*out, "until"]

    @property
    def is_action(self) -> bool:
        return self.kind.forms == (Form.ACTION,)

    @property
    def per_kg(self) -> bool:
        return any("/kg" in unit for unit in self.kind.units)

    @property
    def can_last(self) -> bool:
        lasting = any(one in self.kind.forms for one in (Form.RATE, Form.SCHEDULED))
        return lasting or any(mask.while_running for mask in self.kind.masks)

    @property
    def is_unfolded(self) -> bool:
        """Whether what is seldom asked holds an answer, or something was refused."""
        seldom = ("target", "source", "read_from", "deviation")
        said = (self[name].value() for name in seldom if name in self.fields)
        return bool(self.errors) or any(said)

    def clean_countersigned_at(self) -> datetime | None:
        return self.past("countersigned_at")

    def clean_answered_at(self) -> datetime | None:
        return self.past("answered_at")

    def clean_arrived_at(self) -> datetime | None:
        return self.past("arrived_at")

    def clean_as_needed(self) -> bool:
        """Said of what is given once; a regimen is scheduled, a rate is neither."""
        return self.cleaned_data["as_needed"] != "no"

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("form") == Form.ACTION or cleaned.get("amount") is None:
            cleaned["unit"] = ""
        if cleaned.get("form") == Form.SCHEDULED:
            cleaned["as_needed"] = False
        return cleaned

    def arguments(self) -> dict[str, Any]:
        return {**self.cleaned_data, "code": self.kind.code}


class LogCorrectionForm(TreatmentForm):
    """A line of the log as it should have been, with how the participant responded."""

    response = forms.ChoiceField(
        label=gettext_lazy("Response"), choices=Treatment.Response.choices
    )
    why = forms.ChoiceField(
        label=gettext_lazy("Why"),
        choices=[
            ("", ""),
            ("response", gettext_lazy("The response is known now")),
            *CORRECTIONS.items(),
        ],
    )
    words = forms.CharField(
        label=gettext_lazy("In your words"), max_length=400, required=False
    )

    @property
    def strikes_out(self) -> bool:
        return "void" in self.data

    @property
    def reason(self) -> str:
        """From the list and in the person's words; "" lets the verb refuse."""
        listed = dict(self.fields["why"].choices).get(self.cleaned_data.get("why"), "")
        said = self.cleaned_data.get("words", "").strip()
        if self.cleaned_data.get("why") == "other":
            return said
        return ": ".join(filter(None, (str(listed), said)))

    def changes(self) -> dict[str, Any]:
        left = ("key", "why", "words", "episodes")
        return {key: one for key, one in self.cleaned_data.items() if key not in left}
