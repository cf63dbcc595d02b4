"""Participants and cycles that a chart file names: found, or enrolled by the verbs."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from monitor.refusal import Refused
from monitor.trials import actions as trials
from monitor.trials.models import (
    Cohort,
    Cycle,
    Participant,
    ProtocolVersion,
    Site,
    User,
)

Row = dict[str, Any]


def participant_of(
    code: str, rows: Sequence[Row], site: Site, cohort: Cohort, by: User
) -> Participant:
    """The participant with this code, enrolled if unknown. Raises Refused elsewhere."""
    found = Participant.objects.filter(code=code).select_related("site").first()
    if found is None:
        said = [row["value"] for row in rows if row["code"] == "SEX"]
        return trials.enroll(
            code=code,
            site=site,
            cohort=cohort,
            sex=said[0] if said and said[0] in Participant.Sex.values else "U",
            enrolled_at=min(row["at"] for row in rows),
            by=by,
        )
    if found.site_id != site.pk:
        raise Refused(f"{code} is enrolled at another site.")
    return found


def cycle_of(
    participant: Participant,
    number: str,
    rows: Sequence[Row],
    protocol: ProtocolVersion,
    by: User,
) -> Cycle:
    """The participant's cycle, opened if unknown. Raises Refused for no number."""
    if not number.isdigit():
        raise Refused(f"The cycle is a number, not {number}.")
    found = participant.cycles.filter(number=int(number)).first()
    return found or trials.open_cycle(
        participant=participant,
        number=int(number),
        protocol=protocol,
        opened_at=min(row["at"] for row in rows),
        by=by,
    )
