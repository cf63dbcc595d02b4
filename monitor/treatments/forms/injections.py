"""One site of an injection."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from monitor import localtime
from monitor.bedside.forms.asking import AskingForm, MomentField
from monitor.treatments.forms.amount import AmountField
from monitor.treatments.injected import Injection
from monitor.treatments.sites import LIKE
from monitor.trials.models import Dose

NOT_SAID = ("", gettext_lazy("not said"))


class InjectionForm(AskingForm):
    """Where one injection of a dose went, and how. `last`: the site before it."""

    side = forms.ChoiceField(
        label=gettext_lazy("Side"),
        choices=Injection.Side.choices,
        widget=forms.RadioSelect,
    )
    place = forms.ChoiceField(
        label=gettext_lazy("Where"),
        choices=Injection.Place.choices,
        widget=forms.RadioSelect,
    )
    at = MomentField(label=gettext_lazy("At"))
    volume = AmountField(label=gettext_lazy("Volume"), required=False)
    guidance = forms.ChoiceField(
        label=gettext_lazy("Guidance"),
        choices=[NOT_SAID, *Injection.Guidance.choices],
        required=False,
    )
    anesthesia = forms.ChoiceField(
        label=gettext_lazy("Anesthesia"),
        choices=[NOT_SAID, *Injection.Anesthesia.choices],
        required=False,
    )
    photo = forms.CharField(
        label=gettext_lazy("Photo, its number in the archive"),
        max_length=60,
        required=False,
        help_text=gettext_lazy("A reference only: no picture and no name."),
    )
    note = forms.CharField(label=gettext_lazy("Note"), max_length=400, required=False)

    def __init__(
        self, site: Any, dose: Dose, last: Injection | None, data: Any = None
    ) -> None:
        initial = {name: getattr(last, name) for name in LIKE} if last else {}
        if last and last.volume is not None:
            initial["volume"] = f"{last.volume:g}"
        if dose.given_at:
            initial["at"] = localtime.say(dose.given_at, site.time_zone)
        super().__init__(site, data, initial=initial)

    def arguments(self) -> dict[str, Any]:
        return dict(self.cleaned_data)
