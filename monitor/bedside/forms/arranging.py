"""What is agreed about coming sets: a contact, a set not taken, a pause, a nurse."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from monitor import clock, localtime
from monitor.bedside.forms.asking import AskingForm, MomentField
from monitor.bedside.models import Arrangement
from monitor.clinical.care.wardday import shift_of
from monitor.trials.models import Site, User

Kind = Arrangement.Kind


def reasons(kind: Kind) -> list[tuple[str, Any]]:
    return [(why.value, why.label) for why in Arrangement.REASONS[kind]]


class ComingForm(AskingForm):
    """A form about a time to come, `until`, at most `latest`."""

    until = MomentField(label=gettext_lazy("Until"))
    note = forms.CharField(label=gettext_lazy("Note"), max_length=200, required=False)

    def __init__(
        self, site: Site, data: Any = None, latest: datetime | None = None
    ) -> None:
        super().__init__(site, data)
        self.latest = localtime.say(latest, site.time_zone) if latest else ""


class ContactForm(ComingForm):
    prefix = "contact"
    why = forms.ChoiceField(
        label=gettext_lazy("How"), choices=reasons(Kind.CONTACT), initial="telephone"
    )

    def __init__(self, site: Site, data: Any = None, **options: Any) -> None:
        super().__init__(site, data, **options)
        self.fields["until"].label = gettext_lazy("When")

    def arguments(self) -> dict[str, Any]:
        told = dict(self.cleaned_data)
        return {"how": told.pop("why"), "at": told.pop("until"), **told}


class NotTakenForm(ComingForm):
    prefix = "not_taken"
    why = forms.ChoiceField(
        label=gettext_lazy("Why not"), choices=reasons(Kind.NOT_TAKEN)
    )

    def __init__(self, site: Site, data: Any = None, **options: Any) -> None:
        super().__init__(site, data, **options)
        self.fields["until"].label = gettext_lazy("Ask again at")
        self.fields["until"].initial = self.latest

    def arguments(self) -> dict[str, Any]:
        told = dict(self.cleaned_data)
        return {"again": told.pop("until"), **told}


class PauseForm(ComingForm):
    """Nobody is watched meanwhile, so how long it takes is said and not offered."""

    prefix = "pause"
    why = forms.ChoiceField(label=gettext_lazy("Why"), choices=reasons(Kind.PAUSE))

    def __init__(self, site: Site, data: Any = None, **options: Any) -> None:
        super().__init__(site, data, **options)
        said = _("It ends by itself, at the latest %(time)s.")
        self.fields["until"].help_text = said % {"time": self.latest}

    def arguments(self) -> dict[str, Any]:
        return dict(self.cleaned_data)


class NurseForm(AskingForm):
    """Who is responsible, until the end of the shift unless another time is typed."""

    prefix = "nurse"
    nurse = forms.ChoiceField(label=gettext_lazy("Nurse"))
    until = MomentField(label=gettext_lazy("Until"))

    def __init__(
        self, site: Site, people: Iterable[User], user: User, data: Any = None
    ) -> None:
        ends = shift_end(site, clock.now())
        initial = {"until": localtime.say(ends, site.time_zone), "nurse": user.pk}
        super().__init__(site, data, initial=initial)
        self.people = {str(one.pk): one for one in people}
        self.fields["nurse"].choices = [
            (pk, one.get_full_name()) for pk, one in self.people.items()
        ]

    def arguments(self) -> dict[str, Any]:
        told = self.cleaned_data
        return {**told, "nurse": self.people[told["nurse"]]}


class LeaveForm(AskingForm):
    prefix = "leave"
    at = MomentField(label=gettext_lazy("Since"))
    reason = forms.CharField(
        label=gettext_lazy("Why"),
        max_length=200,
        help_text=gettext_lazy("Finished, consent withdrawn, other."),
    )

    def arguments(self) -> dict[str, Any]:
        return {"at": self.cleaned_data["at"], "reason": self.cleaned_data["reason"]}


def shift_end(site: Site, now: datetime) -> datetime:
    """When the shift that runs now ends at a site."""
    zone = ZoneInfo(site.time_zone)
    return shift_of(now, zone, site.day_start, site.shift_hours).end
