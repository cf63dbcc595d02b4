"""The dossier of one event: gathered, put into words, set on paper.

`source` loads, `sections` and its neighbors say, `setting` and `paper` set.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from monitor.episodes.models import Episode
from monitor.review.dossier import paper, setting
from monitor.review.dossier.sections import sections
from monitor.review.dossier.shapes import Dossier
from monitor.review.dossier.source import Source, source_of
from monitor.trials.models import User
from monitor.version import VERSION


@dataclass(frozen=True)
class Printed:
    """The file; `signed`: whether a signature held when it was made."""

    name: str
    content: bytes
    signed: bool


def dossier_of(source: Source) -> Dossier:
    """Everything that is printed, in words."""
    row, code = source.row, source.participant.code
    trial = source.site.trial
    title = _("Dossier: %(code)s, %(label)s") % {"code": code, "label": row.label}
    told = {
        "trial": trial.code,
        "site": f"{source.site.code} {source.site.name}",
        "id": row.id,
        "onset": source.say(row.since),
    }
    subtitle = _("%(trial)s, site %(site)s · episode %(id)d · onset %(onset)s") % told
    made = {"at": source.say(source.now), "by": source.reader.get_full_name()}
    made |= {"version": VERSION}
    return Dossier(
        title=title,
        subtitle=subtitle,
        standing=standing(source),
        watermark="" if source.signed else _("DRAFT, not signed"),
        head=f"{trial.code} · {code} · {row.label} · {_('episode')} {row.id}",
        foot=_("Generated %(at)s by %(by)s · Monitor %(version)s") % made,
        author=f"Monitor {VERSION}",
        language=get_language() or "en",
        sections=sections(source),
    )


def standing(source: Source) -> str:
    signature = source.latest.signature if source.latest else None
    if not source.signed or signature is None:
        return _("DRAFT, not signed")
    told = {"by": signature.printed_name, "at": source.say(signature.signed_at)}
    said = _("Signed by %(by)s, %(at)s") % told
    if others := [one.printed_name for one in source.disagreeing]:
        said += _("; %(who)s disagrees") % {"who": ", ".join(others)}
    return said


def make(episode: Episode, reader: User, now: datetime | None = None) -> Printed:
    """The PDF of an episode as its reader may know it. Writes nothing."""
    source = source_of(episode, reader, now)
    dossier = dossier_of(source)
    content = paper.printed(dossier, setting.flowables(dossier))
    at = source.now.astimezone(source.zone)
    stem = f"{source.participant.code}-episode-{episode.pk}-{at:%Y%m%dT%H%M}"
    return Printed(f"dossier-{stem}.pdf", content, source.signed)
