"""The adverse events for the safety database: CSV with the names of CDISC SDTM AE.

What SDTM keeps once and a trial of several agents needs per agent (AEREL, AEACN) has a
column for each agent. `by_grade` writes a row for each toxicity interval: AEGRPID ties
the rows of one event together.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from monitor.clinical.ctcae import VERSION_NAMES
from monitor.episodes.assessing import protocol_of
from monitor.review import choices
from monitor.review.adverse_rows import AdverseRow
from monitor.review.toxicity import Interval
from monitor.sheets import sheet

YES, NO = "Y", "N"
#: Of fewer people each may be known again: EMA policy 0070 takes a risk of 0.09 for
#: low enough, which is one in eleven.
ENOUGH = 11
#: How likely a cause must be to count (reference, section 7).
RELATED = {code: YES if code in choices.RELATED else NO for code in choices.CAUSALITY}


def written(rows: Sequence[AdverseRow], *, by_grade: bool = False) -> str:
    """The file: a line of names, then a line for each event or interval."""
    agents = sorted({code for row in rows for code in agents_of(row)})
    made = [one for row in rows for one in lines(row, agents, by_grade)]
    names = list(made[0]) if made else ["STUDYID", "USUBJID", "AESPID"]
    return sheet(names, ([one[name] for name in names] for one in made))


def too_few(rows: Iterable[AdverseRow]) -> int:
    """Of how many the file would tell, if they are so few that each may be known."""
    people = len({row.participant.pk for row in rows})
    return people if people < ENOUGH else 0


def agents_of(row: AdverseRow) -> Iterable[str]:
    return choices.agents_of(protocol_of(row.event.episode.cycle))


def lines(
    row: AdverseRow, agents: Iterable[str], by_grade: bool
) -> Iterator[dict[str, str]]:
    event = row.event
    if not by_grade:
        yield line(
            row, agents, Interval(event.grade or 0, event.starts_at, event.ends_at)
        )
        return
    for one in row.intervals:
        yield line(row, agents, one)


def line(row: AdverseRow, agents: Iterable[str], interval: Interval) -> dict[str, str]:
    event, review = row.event, row.review
    site = event.participant.site
    zone = ZoneInfo(site.time_zone)
    subject = f"{site.trial.code}-{event.participant.code}"
    return {
        "STUDYID": site.trial.code,
        "USUBJID": subject,
        "SITEID": site.code,
        "AESPID": f"AE{event.number}",
        "AEGRPID": f"AE{event.number}",
        "AETERM": event.term,
        "AEDECOD": event.decoded,
        "AELLTCD": event.code,
        "AETOXGR": str(interval.grade or ""),
        "AETOXVER": VERSION_NAMES[event.ctcae],
        "AESTDTC": local(interval.begins, zone),
        "AEENDTC": local(interval.ends, zone),
        "AESER": YES if row.criteria else NO,
        **{one: YES if one in row.criteria else NO for one in choices.SERIOUS},
        "AEEXPECT": row.expected.upper(),
        **{
            f"AEREL_{one.upper()}": review.attribution.get(one, "").upper()
            for one in [*agents, *choices.OTHER_SUSPECTS]
        },
        **{
            f"AERELYN_{one.upper()}": RELATED.get(review.attribution.get(one, ""), "")
            for one in agents
        },
        **{f"AEACN_{one.upper()}": review.action.get(one, "") for one in agents},
        "AEOUT": row.outcome,
        "AEVERSION": str(event.version),
        "AESTATE": row.state,
        "AESIGNBY": row.signature.printed_name,
        "AESIGNDTC": local(row.signature.signed_at, zone),
        "AESIGNMEAN": row.signature.meaning,
    }


def local(at: datetime | None, zone: ZoneInfo) -> str:
    """ISO 8601 in the site's time with its offset; "" for what has no end."""
    return at.astimezone(zone).isoformat(timespec="minutes") if at else ""
