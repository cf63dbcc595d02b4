"""A slip in a file of the knowledge stops the program, and the sentence says where.

Into each file in turn: a key that nothing reads, a source taken away, a unit that no
list names.
"""

import re
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from monitor.clinical import thresholds
from monitor.clinical.care import amounts, cautions, guidance
from monitor.clinical.criteria import library
from monitor.clinical.ctcae import loading as ctcae
from monitor.clinical.ctcae import naming
from monitor.clinical.grading import crs, icans, leak, scales
from monitor.clinical.items import devices, loading
from monitor.clinical.items.loading import KNOWLEDGE, KnowledgeError
from monitor.clinical.scores import counted, labfile, news2
from monitor.clinical.study import escalation
from monitor.clinical.thresholds import BadKnowledge

READERS = (
    *(escalation, guidance, devices, thresholds, labfile, scales, library),
    *(counted, news2, amounts, cautions),
)
FOUND = frozenset({one.name for one in crs.ARMS} | {crs.PRESSOR_WITH_VASOPRESSIN})
ICANS = {one.name for one in icans.ARMS}
LEAK = {*leak.OWN, *leak.OF_A_RELEASE}
Read = Callable[[Path], Any]


def scores(folder: Path) -> None:
    news2.definition.__wrapped__()
    counted.counts.__wrapped__()
    counted.numbers.__wrapped__()


# Who reads which files.
READ: dict[str, Read] = {
    "amounts": lambda folder: amounts.read(),
    "cautions": lambda folder: cautions.read(),
    "ctcae": lambda folder: ctcae.terms(folder),
    "event": lambda folder: (naming.told_terms(folder), naming.told_proposals(folder)),
    "escalation": lambda folder: (escalation.read_policies(), escalation.read_quiet()),
    "guidance": lambda folder: guidance.read_rules(),
    "holds": lambda folder: library.criteria(library.QUESTIONS),
    "icans": lambda folder: scales.load_steps("icans.toml", ICANS),
    "items": loading.items,
    "leak": lambda folder: scales.load_steps("leak.toml", LEAK),
    "oxygen": lambda folder: devices.read_devices(),
    "questions": lambda folder: library.questions(),
    "scales": lambda folder: scales.load(FOUND),
    "scores": scores,
    "sources": lambda folder: thresholds.read_sources(),
    "thresholds": lambda folder: thresholds.read_thresholds(),
    "treatments": lambda folder: loading.treatments(folder / "treatments.toml"),
    "unit": lambda folder: labfile.read_spellings(),
}
FILES = sorted(path.name for path in KNOWLEDGE.glob("*.toml"))
# A list of units alone, and the words of a question, have no source.
UNSOURCED = ("units.toml", "unit_spellings.toml", "questions.toml", "sources.toml")
ONE_TABLE = ("icans.toml", "leak.toml")
PAIRS = ("units.toml", "unit_spellings.toml")
# Of a syndrome's criteria all numbers stand in other files.
WITH_UNITS = [
    name
    for name in FILES
    if re.match("ctcae|items|scores|thresholds|treatments|unit_spellings", name)
    and name != "ctcae_syndromes.toml"
]


def reader(name: str) -> Read:
    return READ[name.removesuffix(".toml").split("_")[0]]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The knowledge as it is, in a folder of its own that every reader reads."""
    made = tmp_path / "knowledge"
    shutil.copytree(KNOWLEDGE, made)
    for module in READERS:
        monkeypatch.setattr(module, "KNOWLEDGE", made)
    monkeypatch.setattr(escalation, "knowledge", escalation.knowledge.__wrapped__)
    return made


def refused(folder: Path, name: str, pattern: str, planted: str) -> str:
    """What is said when the first place that reads like this is changed."""
    path = folder / name
    text, count = re.subn(
        pattern, planted, path.read_text("utf-8"), count=1, flags=re.M
    )
    assert count == 1, name
    path.write_text(text, encoding="utf-8")
    with pytest.raises((BadKnowledge, KnowledgeError)) as said:
        reader(name)(folder)
    return str(said.value)


@pytest.mark.parametrize("name", sorted(set(FILES) - {"units.toml"}))
def test_the_knowledge_as_it_is_is_read(folder: Path, name: str) -> None:
    assert reader(name)(folder) is None or reader(name)(folder)


@pytest.mark.parametrize("name", sorted(set(FILES) - set(PAIRS)))
def test_a_key_that_nothing_reads_is_refused(folder: Path, name: str) -> None:
    """Before the first key of the first entry."""
    first = r"^(steps = \[|\[+(?!defaults|classes|duties)[\w.]+\]+\n(?=\w))"
    planted = "odd_key = 1\n\\1" if name in ONE_TABLE else "\\1odd_key = 1\n"
    said = refused(folder, name, first, planted)
    assert "odd_key" in said


@pytest.mark.parametrize("name", sorted(set(FILES) - set(UNSOURCED)))
def test_what_has_no_source_is_refused(folder: Path, name: str) -> None:
    said = refused(folder, name, r"\bsource = \"[^\"]+\",? ?\n?", "")
    assert "source" in said


@pytest.mark.parametrize("name", WITH_UNITS)
def test_a_unit_that_no_list_names_is_refused(folder: Path, name: str) -> None:
    unit = r"(^unit = |^units = \[|\bunit = |= )\"[^\"]+\""
    if name.startswith("ctcae"):
        unit = r"((?:over|under|from|upto|above|below) = \"[\d.]+ )[^\"]+\""
        assert "furlong" in refused(folder, name, unit, r'\1furlong"')
        return
    if name != "unit_spellings.toml":
        unit = r"(^units? = \[?|\bunit = )\"[^\"]+\""
    assert refused(folder, name, unit, r'\1"furlong"')
