"""An event's story as a person has put it: each version, with who, when and why."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from monitor.audit.models import Record
from monitor.episodes.models import Episode


class Narrative(Record):
    """One version of the text; a new one supersedes it.

    `basis`: the sentences that the record gave when it was written, each with the rows
    that it rests on. A record that gives others has changed since.
    """

    episode = models.ForeignKey(Episode, models.PROTECT, related_name="narratives")
    text = models.TextField(_("narrative"), max_length=8000)
    basis = models.JSONField()
    key = models.UUIDField(_("idempotency key"), unique=True)

    class Meta(Record.Meta):
        constraints = [
            *Record.Meta.constraints,
            models.CheckConstraint(
                condition=~Q(text=""), name="narrative_says_something"
            ),
            models.CheckConstraint(
                condition=~Q(reason=""), name="narrative_has_reason"
            ),
            models.UniqueConstraint(
                fields=["episode"],
                condition=Q(supersedes__isnull=True),
                name="one_first_narrative_per_episode",
            ),
        ]

    def __str__(self):
        return f"{self.episode_id} {self.recorded_at:%Y-%m-%d %H:%M}"


def versions_of(episode: Episode) -> list[Narrative]:
    """Every version, the newest first."""
    rows = Narrative.objects.filter(episode=episode).select_related("recorded_by")
    return list(rows.order_by("-pk"))
