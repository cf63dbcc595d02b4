"""That a text was sent which looks as if it told who somebody is (P2)."""

from collections.abc import Mapping, Sequence

from django.db import transaction

from monitor.audit.actions import change, record
from monitor.trials.models import Participant, User


@transaction.atomic
def remark_texts(*, by: User, code: str, alike: Mapping[str, Sequence[str]]) -> None:
    """The trail says which field looked like what, and never what stood in it.

    `alike`: see `trials.identifying.alike_in`; `code`: the participant's, if any.
    """
    found = Participant.objects.filter(code=code).select_related("site__trial").first()
    record(
        action="text.remarked",
        by=by,
        of=found or Participant,
        site=found.site if found else None,
        participant=found.code if found else "",
        changes=[
            change(field, None, ", ".join(words)) for field, words in alike.items()
        ],
    )
