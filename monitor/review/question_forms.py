"""What is asked, and what is said to it, read from a page."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from uuid import uuid4

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from monitor.bedside.forms.corrections import STRIKE_SET, VALUE, CorrectionForm
from monitor.bedside.models import Reading
from monitor.episodes.models import Episode
from monitor.episodes.wording import item_label, label_of
from monitor.refusal import Refused
from monitor.templatetags.bedside_ui import reading_words
from monitor.templatetags.times import say_time
from monitor.trials.models import Cycle

EPISODE, READING = "episode", "reading"


class Words(forms.Form):
    """A text of one's own, under the key of the page that it was typed on."""

    text = forms.CharField(
        label=gettext_lazy("Question"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": gettext_lazy("Type what you have to say.")},
    )
    key = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, data: Any = None, label: str = "", **more: Any) -> None:
        super().__init__(data, initial={"key": uuid4(), **more.pop("initial", {})})
        if label:
            self.fields["text"].label = label

    def refuse(self, refused: Refused) -> None:
        """A verb's refusal beside its field."""
        name = refused.field if refused.field in self.fields else None
        self.add_error(name, refused.sentence)


class AskForm(Words):
    """What about, and what."""

    about = forms.ChoiceField(
        label=gettext_lazy("About"),
        error_messages={
            "invalid_choice": gettext_lazy("Choose what the question is about.")
        },
    )

    def __init__(
        self,
        cycle: Cycle,
        episodes: Iterable[Episode],
        readings: Iterable[Reading],
        data: Any = None,
        chosen: str = "",
    ) -> None:
        super().__init__(data, initial={"about": chosen})
        self.fields["text"].error_messages["required"] = _("Type the question.")
        zone = cycle.participant.site.time_zone
        self.fields["about"].choices = [
            *((f"{EPISODE}:{one.pk}", episode_words(one, zone)) for one in episodes),
            *((f"{READING}:{one.pk}", value_words(one, zone)) for one in readings),
        ]

    def target(self) -> dict[str, int]:
        """{"episode": id} or {"reading": id}."""
        kind, _colon, pk = self.cleaned_data["about"].partition(":")
        return {kind: int(pk)}


class MendForm(CorrectionForm):
    """The correction of the one value asked about, beside the words of an answer.

    Who fills it in means it, but says so: it is never taken, nor left out, unasked.
    """

    correct = forms.BooleanField(label=gettext_lazy("Correction"), required=False)

    def answers(self) -> list[tuple[str, Any]]:
        return [one for one in super().answers() if one[0] != STRIKE_SET]

    @property
    def meant(self) -> bool:
        """Whether anything of it was filled in."""
        typed = any(
            self.data.get(name) for name in ("correct", "typed", "why", "words")
        )
        return typed or self.data.get("what", VALUE) != VALUE

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if not cleaned.get("correct"):
            said = _("Is the value wrong? Tick it, or empty what you typed under it.")
            self.add_error("correct", said)
        return cleaned


def episode_words(episode: Episode, zone: str) -> str:
    """`Episode 3: CRS, since 19 Nov 14:22`."""
    told = {
        "n": episode.pk,
        "what": label_of(episode.family, episode.topic),
        "at": say_time(episode.opened_at, zone, "day_time"),
    }
    return _("Episode %(n)d: %(what)s, since %(at)s") % told


def value_words(reading: Reading, zone: str) -> str:
    """`Temperature: 39.1 °C, Thu 19 Nov 14:22`."""
    at = say_time(reading.observation.observed_at, zone, "day_time")
    return f"{item_label(reading.item)}: {reading_words(reading)}, {at}"
