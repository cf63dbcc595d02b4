"""The chain of the audit trail: what it finds, and what it takes for whole."""

import json
from datetime import UTC, datetime, timedelta, timezone

import pytest

from monitor.audit import chain


def chained(count: int) -> list[dict]:
    rows, previous = [], chain.START
    for number in range(1, count + 1):
        row = {
            "sequence": number,
            "at": datetime(2026, 11, 19, 14, 22, number, tzinfo=UTC),
            "time_zone": "America/New_York",
            "actor": "reyes",
            "actor_name": "A. Reyes, RN",
            "action": "observation.recorded",
            "object_type": "Observation",
            "object_id": str(number),
            "site": "NARA-2 02",
            "participant": "02-014",
            "changes": [{"field": "TEMP", "old": None, "new": "39.1 Cel"}],
            "reason": "",
        }
        digest = chain.digest(row, previous)
        rows.append(row | {"previous": previous, "digest": digest})
        previous = digest
    return rows


def head_of(rows: list[dict]) -> chain.Head:
    return chain.Head(rows[-1]["sequence"], rows[-1]["digest"])


def test_an_empty_trail_is_whole():
    assert chain.verify([]) is None
    assert chain.verify([], chain.Head()) is None


def test_an_untouched_trail_is_whole():
    rows = chained(3)
    assert chain.verify(rows, head_of(rows)) is None


def test_rows_are_read_one_at_a_time():
    assert chain.verify(iter(chained(3))) is None


@pytest.mark.parametrize("field", chain.FIELDS[1:])
def test_a_change_of_any_field_is_found_at_its_row(field):
    rows = chained(3)
    rows[1][field] = "2026-11-19T00:00:00.000000+00:00" if field == "at" else "other"
    broken = chain.verify(rows)
    assert broken == chain.Broken(2, "its content does not match its digest")


def test_a_row_taken_from_the_middle_is_missed():
    rows = chained(3)
    del rows[1]
    broken = chain.verify(rows)
    assert broken == chain.Broken(2, "the row found in its place is number 3")


def test_a_row_written_anew_with_its_own_digest_breaks_the_next_one():
    rows = chained(3)
    rows[1]["reason"] = "forged"
    rows[1]["digest"] = chain.digest(rows[1], rows[0]["digest"])
    broken = chain.verify(rows)
    assert broken == chain.Broken(3, "it does not follow from the row before it")


@pytest.mark.requirement("I7.2")
def test_rows_cut_from_the_end_are_missed_by_the_head():
    rows = chained(3)
    broken = chain.verify(rows[:2], head_of(rows))
    assert broken == chain.Broken(3, "the chain ends at 2, 3 were written")


def test_a_last_row_that_is_not_the_head_is_found():
    rows = chained(3)
    rows[2]["reason"] = "forged"
    rows[2]["digest"] = chain.digest(rows[2], rows[1]["digest"])
    broken = chain.verify(rows, head_of(chained(3)))
    assert broken == chain.Broken(3, "it is not the last row that was written")


def test_a_row_without_a_field_is_named():
    rows = chained(1)
    del rows[0]["reason"]
    assert chain.verify(rows) == chain.Broken(1, "it has no reason")


def test_the_digest_does_not_depend_on_the_zone_in_which_a_time_is_held():
    row = chained(1)[0]
    boston = row["at"].astimezone(timezone(timedelta(hours=-5)))
    assert chain.digest(row | {"at": boston}, chain.START) == row["digest"]


def test_a_row_that_went_through_json_has_the_same_digest():
    row = chained(1)[0] | {"reason": "gerötet, 10 µg"}
    written = json.loads(json.dumps(row | {"at": chain.moment(row["at"])}))
    assert chain.digest(written, chain.START) == chain.digest(row, chain.START)
