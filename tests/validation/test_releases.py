"""Release notes say which patterns answer otherwise, and nothing slips past them."""

import tomllib
from dataclasses import replace
from itertools import pairwise

import pytest
from django.conf import settings

from monitor.clinical.study.protocol import Protocol
from monitor.validation import matrix, outputs
from tests.validation.cases import charts


def test_the_version_in_use_has_its_notes():
    project = tomllib.loads((settings.BASE_DIR / "pyproject.toml").read_text())
    assert matrix.releases()[0]["version"] == project["project"]["version"]


@pytest.mark.requirement("V5")
def test_each_release_names_exactly_the_patterns_that_answer_otherwise():
    notes = matrix.releases()
    for newer, older in pairwise(notes):
        found = outputs.moved(older["outputs"], newer["outputs"])
        assert newer["patterns_changed"] == found


@pytest.mark.requirement("V5")
def test_a_line_that_is_moved_is_named_by_its_patterns():
    few = {name: facts for name, facts in charts().items() if name.startswith("D01")}
    usual = Protocol.default()
    higher = replace(usual, overrides={"fever": usual.lines["fever"] + 3})
    before = outputs.digests(outputs.answers(few, usual))
    after = outputs.digests(outputs.answers(few, higher))
    assert outputs.moved(before, before) == []
    assert "fever_onset" in outputs.moved(before, after)
