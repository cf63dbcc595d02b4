"""Every threshold just below, at and just above its line, unknown, and stale.

The plays stand in `thresholds/*.toml`, written by hand from the reference.
"""

import ast
from pathlib import Path

import pytest

from monitor.clinical.thresholds import THRESHOLDS

from .thresholdfile import PARTS, SIDES, answered, elsewhere, entries, plays

EVERY = plays()
ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def said():
    return answered(EVERY)


@pytest.mark.parametrize("play", EVERY, ids=lambda play: play.name)
def test_a_threshold_at_its_line(play, said):
    assert said[play.name] == play.answer, play.rows


def test_no_threshold_is_without_a_play():
    here = {key for key, _ in entries()}
    assert here | set(elsewhere()) == set(THRESHOLDS)
    assert not here & set(elsewhere())


def test_what_cannot_be_played_says_why():
    for key, entry in entries():
        lacking = entry.get("without", {})
        assert set(entry) <= PARTS, key
        assert set(lacking) <= {*SIDES, "unknown", "stale"}, key
        assert all(lacking.values()), key
        assert ("stale" in entry) != ("stale" in lacking), key
        assert len(entry["plays"]) == len(set(SIDES) - set(lacking)), key


@pytest.mark.parametrize("key", sorted(elsewhere()))
def test_the_test_that_holds_a_line_elsewhere_is_there(key):
    entry = elsewhere()[key]
    path, name = entry["test"].split("::")
    tree = ast.parse((ROOT / path).read_text("utf-8"))
    assert name in {one.name for one in tree.body if isinstance(one, ast.FunctionDef)}
    assert entry["says"]
