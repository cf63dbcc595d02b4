"""Writing an event's narrative: append-only, with a reason each time."""

from __future__ import annotations

from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from monitor import clock
from monitor.audit import actions as audit
from monitor.audit.superseding import refuse_without
from monitor.episodes.models import Episode
from monitor.refusal import Refused
from monitor.review import narrative
from monitor.review.dossier.source import source_of
from monitor.review.narratives import Narrative, versions_of
from monitor.trials.models import User
from monitor.trials.permissions import Permission, check

LONGEST = 8000


@transaction.atomic
def write_narrative(
    *,
    episode: Episode,
    text: str,
    by: User,
    reason: str,
    key: UUID,
    seen: int | None = None,
) -> Narrative:
    """A version of the narrative, kept with what the record said when it was written.

    `seen`: the version that the writer had before them, None for the draft. Raises
    Refused, with the field, when somebody has written another since.
    """
    site = episode.cycle.participant.site
    check(by, Permission.REVIEW, site)
    Episode.objects.select_for_update().get(pk=episode.pk)
    every = versions_of(episode)
    if found := next((one for one in every if one.key == key), None):
        return found
    last = every[0] if every else None
    refuse_without(reason)
    check_text(text, last, seen)
    made = Narrative.objects.create(
        episode=episode,
        text=plain(text),
        basis=narrative.basis(narrative.draft(source_of(episode, by))),
        key=key,
        supersedes=last,
        reason=reason.strip(),
        recorded_at=clock.now(),
        recorded_by=by,
    )
    audit.record(
        action="narrative.written",
        by=by,
        of=made,
        site=site,
        participant=episode.cycle.participant.code,
        changes=audit.changes_of(made, "text", old=last),
        reason=made.reason,
    )
    return made


def plain(text: str) -> str:
    """As it is kept: a form sends its line ends as two characters."""
    return text.replace("\r\n", "\n").strip()


def check_text(text: str, last: Narrative | None, seen: int | None) -> None:
    """Raises Refused for what cannot be kept as the next version."""
    said = plain(text)
    if not said:
        raise Refused(_("Type the narrative."), "text")
    if len(said) > LONGEST:
        told = {"n": LONGEST}
        raise Refused(_("Shorten it to %(n)d characters at most.") % told, "text")
    if (last.pk if last else None) != seen:
        said = _(
            "Somebody has written another version since. Open the page again; "
            "copy what you typed."
        )
        raise Refused(said, "text")
    if last is not None and last.text == said:
        raise Refused(_("Nothing is different. Change the text, or leave it."), "text")
