"""Taking the dossier of an event out of the program: who, when, and which file."""

from __future__ import annotations

import hashlib

from django.db import transaction

from monitor import clock
from monitor.audit import actions as audit
from monitor.episodes.models import Episode
from monitor.review import dossier
from monitor.review.dossier import Printed
from monitor.trials.models import User
from monitor.trials.permissions import Permission, check

EXPORTED = "dossier.exported"


@transaction.atomic
def export_dossier(*, episode: Episode, by: User) -> Printed:
    """The PDF of the episode as `by` may know it. The trail keeps its SHA-256.

    Raises PermissionDenied: it holds an extract of the audit trail.
    """
    site = episode.cycle.participant.site
    check(by, Permission.EXPORT, site)
    check(by, Permission.SEE_AUDIT, site)
    made = dossier.make(episode, by, clock.now())
    audit.record(
        action=EXPORTED,
        by=by,
        of=episode,
        site=site,
        participant=episode.cycle.participant.code,
        changes=[
            audit.change("file", None, made.name),
            audit.change("digest", None, digest_of(made)),
            audit.change("signed", None, "yes" if made.signed else "no"),
        ],
    )
    return made


def digest_of(made: Printed) -> str:
    """SHA-256 of the file, as any tool computes it."""
    return hashlib.sha256(made.content).hexdigest()
