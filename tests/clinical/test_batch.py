"""A long chart in batches, in one process or two: the same words in the same order."""

import gc
import json
import pickle
from io import StringIO

import pytest
from django.core.management import call_command

from monitor.clinical import assess as core
from monitor.clinical import batch
from monitor.clinical.assess import assess
from monitor.clinical.facts.chartfile import write_chart
from monitor.clinical.study.protocol import Protocol
from tests.benchmarks.charts import facts
from tests.benchmarks.core import demo_protocol


@pytest.fixture(scope="module")
def chart():
    return facts(6, 1.0, seed=5)


@pytest.fixture
def small(monkeypatch, chart):
    """Batches of about two participants."""
    monkeypatch.setattr(core, "BATCH_ROWS", chart.height // 3)


def said(chart, directory, processes):
    parts = list(batch.in_batches(chart, demo_protocol(), None, directory, processes))
    return parts, "".join(part.file.read_text(encoding="utf-8") for part in parts)


@pytest.mark.parametrize("protocol", [Protocol.default(), demo_protocol()])
def test_a_protocol_reaches_another_process_as_it_is(protocol):
    lines = protocol.lines
    sent = pickle.loads(pickle.dumps(protocol))
    assert sent == protocol
    assert sent.lines == lines
    assert hash(sent.lines) == hash(lines)


def test_two_processes_say_what_one_says(small, chart, tmp_path):
    (tmp_path / "one").mkdir()
    (tmp_path / "two").mkdir()
    one, alone = said(chart, tmp_path / "one", 1)
    two, shared = said(chart, tmp_path / "two", 2)
    assert len(one) == len(two) > 2
    assert alone == shared
    counted = [(part.participants, part.instants, part.episodes) for part in one]
    assert counted == [
        (part.participants, part.instants, part.episodes) for part in two
    ]


def test_the_batches_say_what_the_whole_says(small, chart, tmp_path):
    parts, text = said(chart, tmp_path, 1)
    whole = assess(chart, demo_protocol())
    shown = [
        {key: value for key, value in line.items() if key != "fold"}
        for line in whole.lines
    ]
    assert [json.loads(line) for line in text.splitlines()] == shown
    assert sum(part.participants for part in parts) == whole.summary["participants"]
    assert sum(part.instants for part in parts) == whole.summary["instants"]
    assert sum(part.episodes for part in parts) == whole.summary["episodes"]


def test_a_search_that_was_off_stays_off_and_one_that_was_on_comes_back():
    assert gc.isenabled()
    with pytest.raises(ZeroDivisionError), batch.undisturbed():
        1 / int(gc.isenabled())
    assert gc.isenabled()
    assert gc.get_freeze_count() == 0
    gc.disable()
    try:
        with batch.undisturbed():
            pass
        assert not gc.isenabled()
    finally:
        gc.enable()


def test_the_command_prints_the_batches_one_after_the_other(small, chart, tmp_path):
    file, out = tmp_path / "chart.csv", StringIO()
    file.write_text(write_chart(chart, "UTC"), encoding="utf-8")
    call_command("assess", str(file), processes=1, stdout=out)
    *found, last = [json.loads(line) for line in out.getvalue().splitlines()]
    whole = assess(chart)
    shown = [line for line in found if "query" not in line]
    assert [line["at"] for line in shown] == [line["at"] for line in whole.lines]
    assert len(found) - len(shown) == len(whole.queries)
    counted = {key: whole.summary[key] for key in whole.summary if key != "seconds"}
    assert {key: last["summary"][key] for key in counted} == counted
