"""What a reviewer decides, read from the page; the rules stand in `consistency`."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django import forms
from django.forms.boundfield import BoundField
from django.utils.translation import gettext_lazy as _

from monitor import clock, localtime
from monitor.clinical.ctcae.naming import NOTHING, Proposal, spelled
from monitor.refusal import Refused
from monitor.review import choices, complete, consistency
from monitor.review.consistency import Decision, Standing
from monitor.review.models import Review
from monitor.review.naming import CONFIRMED
from monitor.review.shapes import QueueFilters

#: Fields of the form that are fields of a decision.
PLAIN = (
    "grade",
    "reason",
    "serious",
    "outcome",
    "note",
    "split_at",
    "rechallenge",
    "ctcae_grade",
    "ctcae_term",
    "expected",
    "died_at",
    "aware_at",
    "work_up",
)
#: Part of the verdict on the dose limit -> its field.
LIMIT = {
    "verdict": "dlt",
    "criterion": "dlt_criterion",
    "exception": "dlt_exception",
}
GRADES = [(str(grade), str(grade)) for grade in range(1, 6)]


@dataclass(frozen=True)
class Subject:
    """What is decided on: whom to ask about, and what the record says of it.

    `proposal`: the CTCAE terms that its topic suggests.
    """

    agents: Mapping[str, str]
    suspects: Mapping[str, str]
    standing: Standing
    scale: str = "astct"
    zone: str = "UTC"
    wholes: Sequence[tuple[int, str]] = ()
    proposal: Proposal = NOTHING


class QueueForm(forms.Form):
    """Filters of the queue. An address that cannot be read shows everything."""

    site = forms.CharField(required=False, max_length=16)
    cohort = forms.CharField(required=False, max_length=40)
    family = forms.ChoiceField(choices=list(choices.FAMILIES.items()), required=False)
    mine = forms.BooleanField(required=False)

    def query(self) -> dict[str, str | bool]:
        """The filters that are set, by name."""
        self.full_clean()
        return {key: value for key, value in self.cleaned_data.items() if value}

    def filters(self) -> QueueFilters:
        return QueueFilters(**self.query())


class DecisionForm(forms.Form):
    """Decision, attribution per suspect, seriousness, action per agent, outcome."""

    step = forms.IntegerField(required=False, widget=forms.HiddenInput)
    last_review = forms.IntegerField(required=False, widget=forms.HiddenInput)
    shown = forms.CharField(required=False, widget=forms.HiddenInput, max_length=64)
    verdict = forms.ChoiceField(
        choices=Review.Verdict.choices,
        error_messages={"required": _("Choose a decision.")},
    )
    grade = forms.TypedChoiceField(
        choices=GRADES, coerce=int, empty_value=None, required=False
    )
    reason = forms.CharField(max_length=500, required=False, strip=True)
    note = forms.CharField(max_length=2000, required=False, strip=True)
    ctcae_grade = forms.TypedChoiceField(
        choices=GRADES, coerce=int, empty_value=None, required=False
    )
    ctcae_term = forms.CharField(max_length=200, required=False, strip=True)
    expected = forms.ChoiceField(choices=list(choices.EXPECTED.items()), required=False)
    work_up = forms.ChoiceField(
        choices=[("", _("Choose")), *choices.WORK_UP.items()], required=False
    )
    part_of_id = forms.TypedChoiceField(coerce=int, empty_value=None, required=False)
    split_at = forms.CharField(max_length=40, required=False, strip=True)
    rechallenge = forms.ChoiceField(
        choices=[("", _("Choose")), *choices.RECHALLENGE.items()], required=False
    )
    dlt = forms.ChoiceField(
        choices=[("", _("Choose")), *choices.DLT.items()], required=False
    )
    dlt_criterion = forms.CharField(max_length=120, required=False, strip=True)
    dlt_exception = forms.CharField(max_length=120, required=False, strip=True)
    died_at = forms.CharField(max_length=40, required=False, strip=True)
    aware_at = forms.CharField(max_length=40, required=False, strip=True)
    serious = forms.MultipleChoiceField(
        choices=list(choices.SERIOUS.items()), required=False
    )
    serious_first = forms.MultipleChoiceField(
        choices=list(choices.SERIOUS.items()), required=False
    )
    outcome = forms.ChoiceField(
        choices=[("", _("Choose")), *choices.OUTCOMES.items()], required=False
    )
    password = forms.CharField(
        required=False, strip=False, widget=forms.PasswordInput(render_value=False)
    )

    def __init__(self, *args: Any, subject: Subject, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.subject = subject
        self.fields["part_of_id"].choices = [("", _("Choose")), *subject.wholes]
        for code in subject.suspects:
            self.fields[f"attribution_{code}"] = forms.ChoiceField(
                choices=list(choices.CAUSALITY.items()), required=False
            )
            self.fields[f"note_{code}"] = forms.CharField(
                max_length=300, required=False, strip=True
            )
        for code in subject.agents:
            self.fields[f"action_{code}"] = forms.ChoiceField(
                choices=[("", _("Choose")), *choices.ACTIONS.items()], required=False
            )

    @property
    def signing(self) -> bool:
        """Whether the reviewer signs; a draft is kept without a password."""
        return "draft" not in self.data

    def clean_ctcae_term(self) -> str:
        return spelled(self.cleaned_data["ctcae_term"], self.subject.standing.terms)

    def clean_died_at(self) -> datetime | None:
        return self._moment("died_at")

    def clean_split_at(self) -> datetime | None:
        return self._moment("split_at")

    def clean_aware_at(self) -> datetime | None:
        return self._moment("aware_at")

    def _moment(self, name: str) -> datetime | None:
        """The time as it was typed at the site."""
        typed = self.cleaned_data[name]
        if not typed:
            return None
        now = clock.now()
        if typed.casefold() == _("now"):
            return now
        try:
            return localtime.read(typed, self.subject.zone, now, name)
        except Refused as refused:
            raise forms.ValidationError(refused.sentence) from refused

    def clean(self) -> dict[str, Any]:
        decision, standing = self.decision(), self.subject.standing
        found = consistency.problems(decision, standing)
        if self.signing:
            found = complete.lacking(decision, standing) | found
        for name, sentence in found.items():
            if name not in self.errors:
                self.add_error(name if name in self.fields else None, sentence)
                self.beside.setdefault(name, sentence)
        if self.signing and not self.cleaned_data.get("password"):
            self.add_error("password", _("Type your password again to sign."))
        return self.cleaned_data

    def record(self) -> dict[str, Any]:
        """The decision as the verb takes it, with what the page showed."""
        return {
            **vars(self.decision()),
            "scale": self.subject.scale,
            "step": self.cleaned_data.get("step"),
            "last_review": self.cleaned_data.get("last_review"),
            "shown": self.cleaned_data.get("shown") or None,
        }

    @property
    def beside(self) -> dict[str, str]:
        """Sentences about a group of fields, by the group's name."""
        return self.__dict__.setdefault("_beside", {})

    def refuse(self, sentence: str, name: str) -> None:
        """Show a verb's refusal beside its field."""
        self.add_error(name if name in self.fields else None, sentence)
        if name not in self.fields:
            self.beside.setdefault(name, sentence)

    def decision(self) -> Decision:
        """What was chosen, in the words of the record."""
        given = self.cleaned_data
        told = {name: given.get(name) for name in PLAIN}
        told["verdict"] = given.get("verdict", "")
        told["attribution"] = self._group("attribution_")
        told["action"] = self._group("action_")
        told["suspect_notes"] = self._group("note_")
        # What stands in the list is not sent with another decision.
        if told["verdict"] == Review.Verdict.PART_OF:
            told["part_of_id"] = given.get("part_of_id")
        if told["verdict"] != Review.Verdict.REGRADE:
            told["ctcae_grade"] = None
        told |= self._serious_of_each(told)
        own = self.subject.standing.own_term
        if told["verdict"] not in CONFIRMED:  # The page hides both then.
            told["grade"], told["ctcae_term"] = None, ""
        elif told["ctcae_term"] == own:
            told["ctcae_term"] = ""
        if not told["serious"]:
            told["expected"] = ""
        dlt = {part: given.get(name, "") for part, name in LIMIT.items()}
        told["dlt"] = {part: said for part, said in dlt.items() if said}
        return Decision.of(**told)

    def _serious_of_each(self, told: Mapping[str, Any]) -> dict[str, Any]:
        """What is ticked above is of the second of two events, and of one alone."""
        first, second = self.cleaned_data.get("serious_first") or [], told["serious"]
        if not told["split_at"]:
            parts = {choices.FIRST: first} if first else {}
            return {"serious_parts": parts}
        either = [code for code in choices.SERIOUS if code in {*first, *(second or ())}]
        parts = {choices.FIRST: first, choices.SECOND: second or []}
        return {"serious": either, "serious_parts": parts if either else {}}

    def _group(self, prefix: str) -> dict[str, str]:
        return {
            name.removeprefix(prefix): value
            for name, value in self.cleaned_data.items()
            if name.startswith(prefix) and value
        }

    def suspects(self) -> Iterator[tuple[str, BoundField, BoundField]]:
        """Each suspect's label with its row of choices and its note."""
        for code, label in self.subject.suspects.items():
            yield label, self[f"attribution_{code}"], self[f"note_{code}"]

    def actions(self) -> Iterator[tuple[str, BoundField]]:
        """Each study agent's label with what was done with it."""
        for code, label in self.subject.agents.items():
            yield label, self[f"action_{code}"]
