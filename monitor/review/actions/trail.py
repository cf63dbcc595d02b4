"""Somebody has looked through the changes of a site: when, and at how many."""

from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from monitor import clock
from monitor.audit import actions as audit
from monitor.refusal import Refused
from monitor.review import trail
from monitor.review.models import TrailReview
from monitor.trials.models import Site, User
from monitor.trials.permissions import Permission, check


@transaction.atomic
def review_trail(
    *, site: Site, question: str, seen: int, note: str, by: User, key: UUID
) -> TrailReview:
    """The changes that a question finds were looked at.

    `seen` is how many the person had before them: Refused when there are more by now.
    The same `key` again adds nothing.
    """
    check(by, Permission.REVIEW_TRAIL, site)
    if (known := TrailReview.objects.filter(key=key).first()) is not None:
        return known
    if question not in trail.QUESTIONS:
        raise Refused(_("Choose what was reviewed."), "question")
    found = trail.count(site, trail.QUESTIONS[question])
    if found.total != seen:
        raise Refused(_("There are more changes by now. Look at the list again."))
    made = TrailReview.objects.create(
        site=site,
        question=question,
        found=found.total,
        note=note.strip(),
        reviewed_at=clock.now(),
        reviewed_by=by,
        printed_name=by.get_full_name(),
        key=key,
    )
    audit.record(
        action="trail.reviewed",
        by=by,
        of=made,
        site=site,
        changes=audit.changes_of(made, "question", "found", "note"),
    )
    return made
