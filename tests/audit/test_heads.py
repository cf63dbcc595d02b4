"""Heads that are noted outside the database: an older copy cannot match them."""

from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from monitor import flow
from monitor.audit import chain, heads, queries
from monitor.audit.actions import record
from monitor.audit.models import ChainHead, Event
from tests.audit.test_chain import chained, head_of
from tests.audit.test_trail import without_triggers


@pytest.fixture
def notes(tmp_path, settings):
    settings.CHAIN_HEADS = str(tmp_path / "heads.jsonl")
    return tmp_path / "heads.jsonl"


def verified(*arguments: str) -> str:
    out = StringIO()
    call_command("verify_audit", *arguments, stdout=out)
    return out.getvalue()


def test_a_whole_chain_meets_every_noted_head():
    rows = chained(3)
    assert chain.verify(rows, head_of(rows), [head_of(rows[:2]), head_of(rows)]) is None


def test_a_chain_forged_as_a_whole_does_not_meet_what_was_noted():
    rows, forged = chained(3), chained(3)
    for row in forged[1:]:
        row["actor"] = "somebody"
        row["previous"] = forged[row["sequence"] - 2]["digest"]
        row["digest"] = chain.digest(row, row["previous"])
    assert chain.verify(forged, head_of(forged)) is None
    broken = chain.verify(forged, head_of(forged), [head_of(rows[:2])])
    assert broken == chain.Broken(2, "it is not the row whose digest was noted")


@pytest.mark.requirement("I7.2")
def test_an_older_copy_ends_before_what_was_noted():
    rows = chained(3)
    older = rows[:2]
    broken = chain.verify(older, head_of(older), [head_of(rows)])
    assert broken == chain.Broken(3, "the chain ends at 2, 3 rows were noted")


def test_the_sweep_notes_the_head_once_a_day(cast, now, notes):
    flow.sweep(now)
    flow.sweep(now + timedelta(minutes=1))
    assert heads.noted(notes) == [queries.head()]
    flow.sweep(now + timedelta(days=1))
    assert len(heads.noted(notes)) == 2
    assert "whole" in verified("--heads", str(notes))


def test_without_a_place_nothing_is_noted(cast, now, tmp_path):
    flow.sweep(now)
    assert list(tmp_path.iterdir()) == []


def test_a_place_that_cannot_be_written_does_not_stop_the_sweep(
    cast, now, tmp_path, settings
):
    settings.CHAIN_HEADS = str(tmp_path)
    assert flow.sweep(now).failed == 0


def cut_off_the_last_event() -> chain.Head:
    """With its head: the chain that is left is whole."""
    last = queries.head()
    with without_triggers():
        event = Event.objects.get(sequence=last.sequence)
        Event._base_manager.filter(pk=event.pk)._raw_delete("default")
        ChainHead.objects.update(sequence=last.sequence - 1, digest=event.previous)
    return last


def test_a_tail_that_was_cut_off_with_its_head_leaves_a_row_untold(cast):
    cut_off_the_last_event()
    with pytest.raises(CommandError, match="no event tells of Dose "):
        verified()


def test_a_tail_of_no_row_that_was_cut_off_is_found_by_a_noted_head(cast, now, notes):
    record(action="door.signed_in", by=cast.reyes, of=cast.reyes)
    flow.sweep(now)
    last = cut_off_the_last_event()
    assert "whole" in verified()
    with pytest.raises(CommandError) as refused:
        verified("--heads", str(notes))
    assert str(refused.value) == (
        f"The audit trail is broken at row {last.sequence}: the chain ends at "
        f"{last.sequence - 1}, {last.sequence} rows were noted."
    )


@pytest.mark.parametrize("text", ["no json", '{"at": "2026-11-19"}'])
def test_another_file_is_no_note_of_heads(cast, tmp_path, text):
    path = tmp_path / "other"
    path.write_text(text + "\n")
    with pytest.raises(CommandError) as refused:
        verified("--heads", str(path))
    assert refused.value.returncode == 2
