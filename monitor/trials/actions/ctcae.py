"""NCI's own wording of CTCAE, loaded by an operator, version by version."""

from django.db import transaction
from django.utils.translation import gettext as _

from monitor import clock
from monitor.audit.actions import change, record
from monitor.clinical.ctcae.nci import Table
from monitor.refusal import Refused
from monitor.trials.models import CtcaeEntry, CtcaeTable, User


@transaction.atomic
def load_ctcae(*, table: Table, by: User, reason: str) -> tuple[CtcaeTable, bool]:
    """The table is what the screens show from now on; False beside it if it was so.

    Only the program's owner (a superuser) loads it, for it stands in every trial.
    Grades do not change: they come from the program's own limits. Raises Refused.
    """
    if not by.is_superuser:
        raise Refused(_("Only the owner of the program loads the table."))
    if not reason.strip():
        raise Refused(_("Say why, such as: first installation."), "reason")
    last = CtcaeTable.objects.filter(version=table.version).order_by("pk").last()
    if last is not None and last.digest == table.digest:
        return last, False
    made = CtcaeTable.objects.create(
        version=table.version,
        digest=table.digest,
        loaded_at=clock.now(),
        loaded_by=by,
        reason=reason.strip(),
    )
    CtcaeEntry.objects.bulk_create(
        CtcaeEntry(
            table=made,
            term=one.term,
            soc=one.soc,
            code=one.code,
            grades=list(one.grades),
            definition=one.definition,
            note=one.note,
        )
        for one in table.entries
    )
    record(
        action="ctcae.loaded",
        by=by,
        of=made,
        changes=[
            change("version", None, made.version),
            change("digest", last.digest if last else None, made.digest),
            change("terms", None, len(table.entries)),
        ],
        reason=made.reason,
    )
    return made, True
