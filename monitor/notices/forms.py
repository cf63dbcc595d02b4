"""What a person types to put a notice off, and to keep the rota."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from monitor import clock, localtime
from monitor.bedside.forms.asking import AskingForm, MomentField
from monitor.clinical.care.wardday import shift_of
from monitor.notices.rota import DutyRow
from monitor.refusal import Refused
from monitor.trials.models import Site, User


class SnoozeForm(forms.Form):
    """The verb says what is too long, and what is missing."""

    minutes = forms.IntegerField(
        label=_("Minutes"),
        min_value=1,
        widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
    )
    reason = forms.CharField(label=_("Why it can wait"), max_length=200)


class EmailForm(forms.Form):
    """The verb says what is no address. Empty: no mail."""

    email = forms.CharField(
        label=_("E-mail address"),
        required=False,
        max_length=254,
        help_text=_("Empty: no notice is mailed."),
        widget=forms.TextInput(attrs={"inputmode": "email"}),
    )


class DutyForm(AskingForm):
    """A duty of the site with somebody who may have it, chosen as one."""

    who = forms.ChoiceField(
        label=_("Duty, and who"),
        error_messages={"required": _("Choose a duty and who has it.")},
    )
    # The question that the person read and said yes to, in its own words.
    agreed = forms.CharField(label=_("Please confirm"), required=False)
    question = ""

    def __init__(
        self,
        site: Site,
        duties: Iterable[DutyRow],
        data: Any = None,
        initial: dict[str, str] | None = None,
    ) -> None:
        super().__init__(site, data, initial=initial or {})
        every = [row for row in duties if row.able]
        self.chosen = {
            f"{row.duty}:{one.pk}": (row.duty, one) for row in every for one in row.able
        }
        self.fields["who"].choices = [
            (
                capfirst(row.label),
                [(f"{row.duty}:{one.pk}", who_as(row, one)) for one in row.able],
            )
            for row in every
        ]

    def clean_starts_at(self) -> datetime | None:
        """Without a day it is today's, which may have begun."""
        here = self.now.astimezone(ZoneInfo(self.zone))
        midnight = here.replace(hour=0, minute=0, second=0, microsecond=0)
        return self.moment("starts_at", after=midnight - timedelta(seconds=1))

    def clean_ends_at(self) -> datetime | None:
        """Without a day it is the first after the beginning that is to come."""
        start = self.cleaned_data.get("starts_at") or self.now
        return self.moment("ends_at", after=max(start, self.now))

    def arguments(self) -> dict[str, Any]:
        told = {name: self.cleaned_data[name] for name in self.fields if name != "key"}
        duty, user = self.chosen[told.pop("who")]
        return told | {"duty": duty, "user": user}

    def refuse(self, refused: Refused) -> None:
        """A question is asked beside a box to tick; all else stands at its field."""
        if refused.field == "agreed":
            self.question = refused.sentence
        super().refuse(refused)


def who_as(row: DutyRow, person: User) -> str:
    """`Backup: K. Ito, MD`: a list that is closed shows the duty, too."""
    return f"{capfirst(row.label)}: {person.get_full_name()}"


class HandOverForm(DutyForm):
    """From now on another person has it, until the end of the shift."""

    prefix = "hand_over"
    ends_at = MomentField(label=_("Until"))
    reason = forms.CharField(label=_("Why"), max_length=200)

    def __init__(self, site: Site, duties: Iterable[DutyRow], data: Any = None) -> None:
        ends = localtime.say(running_shift(site)[1], site.time_zone)
        super().__init__(site, duties, data, {"ends_at": ends})

    def arguments(self) -> dict[str, Any]:
        told = super().arguments()
        return {"to": told.pop("user"), "until": told.pop("ends_at"), **told}


class OverrideForm(DutyForm):
    """For a time to come another person has it, whatever the plan says."""

    prefix = "override"
    starts_at = MomentField(label=_("From"))
    ends_at = MomentField(label=_("Until"))
    reason = forms.CharField(label=_("Why"), max_length=200)


class ShiftForm(DutyForm):
    """A shift of the plan, this week and in those that follow."""

    prefix = "plan"
    starts_at = MomentField(label=_("From"))
    ends_at = MomentField(label=_("Until"))
    weeks = forms.IntegerField(
        label=_("Weeks"),
        min_value=1,
        initial=1,
        help_text=_("The same in so many weeks, this one counted."),
        widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
    )

    def __init__(self, site: Site, duties: Iterable[DutyRow], data: Any = None) -> None:
        start, end = running_shift(site)
        following = {"starts_at": end, "ends_at": end + (end - start)}
        said = {
            name: localtime.say(at, site.time_zone) for name, at in following.items()
        }
        super().__init__(site, duties, data, said)


def running_shift(site: Site) -> tuple[datetime, datetime]:
    """From when to when the shift of the ward lasts that runs now."""
    zone = ZoneInfo(site.time_zone)
    shift = shift_of(clock.now(), zone, site.day_start, site.shift_hours)
    return shift.start, shift.end


DUTY_FORMS: tuple[type[DutyForm], ...] = (HandOverForm, OverrideForm, ShiftForm)
