"""What became of a planned dose."""

from datetime import datetime
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from monitor import localtime
from monitor.bedside.forms.asking import AskingForm, MomentField
from monitor.treatments.forms.amount import AmountField
from monitor.trials.models import Dose


class DoseForm(AskingForm):
    """What became of a planned dose; of one on record, what is put right.

    `seen` is the dose as this person may see it: without its amount to who is blinded.
    `injected`: where it went is logged site by site, on a page of its own.
    """

    STATUS = [
        (Dose.Status.GIVEN, gettext_lazy("Given as planned")),
        (Dose.Status.REDUCED, gettext_lazy("Given, reduced")),
        (Dose.Status.HELD, gettext_lazy("Held")),
        (Dose.Status.OMITTED, gettext_lazy("Omitted")),
    ]
    status = forms.ChoiceField(
        label=gettext_lazy("What became of it"),
        choices=STATUS,
        widget=forms.RadioSelect,
    )
    at = MomentField(label=gettext_lazy("Given at"), required=False)
    until = MomentField(label=gettext_lazy("End of infusion"), required=False)
    amount = AmountField(label=gettext_lazy("Amount, if reduced"), required=False)
    body_site = forms.CharField(
        label=gettext_lazy("Site of injection"), max_length=80, required=False
    )
    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        max_length=500,
        required=False,
        help_text=gettext_lazy("Asked for everything but a dose given as planned."),
    )

    def __init__(
        self,
        site: Any,
        dose: Dose,
        seen: Dose,
        data: Any = None,
        injected: bool = False,
    ) -> None:
        self.dose = dose
        self.correcting = dose.status != Dose.Status.PLANNED
        initial = self.on_record(seen, site.time_zone) if self.correcting else {}
        super().__init__(site, data, initial=initial)
        if injected:
            del self.fields["body_site"]
        if self.correcting:
            reason = self.fields["reason"]
            reason.label = _("Why it is corrected")
            reason.help_text = _("Stands beside the record, with what it said before.")

    @staticmethod
    def on_record(seen: Dose, zone: str) -> dict[str, Any]:
        def said(at: datetime | None) -> str:
            return localtime.say(at, zone) if at else ""

        reduced = seen.status == Dose.Status.REDUCED and seen.amount is not None
        return {
            "status": seen.status,
            "at": said(seen.given_at),
            "until": said(seen.until),
            "amount": f"{seen.amount:g}" if reduced else "",
            "body_site": seen.body_site,
        }

    def arguments(self) -> dict[str, Any]:
        told = dict(self.cleaned_data)
        told.pop("key")
        given = told["status"] in Dose.GIVEN_STATES
        reduced = told["status"] == Dose.Status.REDUCED
        return {
            "status": told["status"],
            "given_at": told["at"] if given else None,
            "until": told["until"] if given else None,
            "amount": told["amount"] if reduced else None,
            "unit": self.dose.unit if reduced else "",
            "body_site": told.get("body_site", "") if given else "",
            "reason": told["reason"],
        }
