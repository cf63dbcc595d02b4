"""The knowledge page shows every number, how far it can be relied on, and overrides."""

import html
import re
import tomllib
from collections import Counter

import pytest
from django.test import Client

from monitor.clinical.ctcae import TERMS, VERSIONS
from monitor.clinical.thresholds import KNOWLEDGE, SOURCES, THRESHOLDS
from monitor.templatetags.knowledge_ui import plain_number
from monitor.trials import ctcae_limits, knowledge, knowledge_files
from monitor.trials.models import ProtocolVersion
from monitor.trials.wording import Wording
from tests.trials.test_ctcae_table import load, table

__all__ = ["table"]


def test_every_threshold_stands_in_one_theme():
    keys = [
        line.threshold.key for theme in knowledge.themes([]) for line in theme.lines
    ]
    assert sorted(keys) == sorted(THRESHOLDS)


def test_what_a_protocol_sets_stands_beside_the_default(cast):
    document = {"thresholds": {"sbp_low": {"value": 85, "unit": "mm[Hg]", "why": "HD"}}}
    version = ProtocolVersion(trial=cast.trial, number="2.0", document=document)
    set_ = knowledge.overrides_of([version])["sbp_low"][0]
    assert (set_.value, set_.trial, set_.why) == (85, "NARA-2", "HD")


def test_the_page_shows_numbers_items_treatments_and_sources(cast):
    client = Client()
    client.force_login(cast.reyes)
    text = client.get("/knowledge/").content.decode()
    assert all(f'id="threshold-{key}"' in text for key in THRESHOLDS)
    assert all(f'id="source-{key}"' in text for key in SOURCES)
    for said in ("configurable default", "verified", "Paracetamol", 'id="item-TEMP"'):
        assert said in text


def test_nobody_reads_it_without_signing_in(client, db):
    assert client.get("/knowledge/").status_code == 302


def read(client, path):
    text = client.get(path).content.decode()
    return html.unescape(" ".join(re.sub(r"<[^>]*>", " ", text).split()))


@pytest.fixture
def nurse(client, cast):
    client.force_login(cast.reyes)
    return client


def test_what_is_sought_is_found_in_open_sections_and_nothing_else(nurse):
    text = nurse.get("/knowledge/?q=ferritin").content.decode()
    assert 'id="item-FERRITIN"' in text
    assert 'id="item-TEMP"' not in text
    folds = re.findall(r'<details class="panel fold"[^>]*>', text)
    assert folds
    assert all(one.endswith(" open>") for one in folds)


def test_what_is_not_found_is_said(nurse):
    assert "Nothing here holds “zebra”." in read(nurse, "/knowledge/?q=zebra")
    said = read(nurse, "/knowledge/ctcae/?q=zebra&version=v6")
    assert "No term of CTCAE v6.0 holds “zebra”." in said


@pytest.mark.parametrize("version", VERSIONS)
def test_every_term_of_a_version_stands_in_one_family(version):
    words = Wording(version)
    rows = [row for one in ctcae_limits.families(words, []) for row in one.rows]
    own = [key for key, term in TERMS.items() if version in term.versions]
    assert sorted(row.term.key for row in rows) == sorted(own)


def test_a_limit_is_said_with_direction_unit_source_and_trust(nurse):
    said = read(nurse, "/knowledge/ctcae/?q=hypoalbuminemia&version=v5")
    assert "2 ≥ 20 g/L and < 30 g/L below 30 g/L, 20 or more" in said
    assert "4 a person grades it life-threatening, urgent help needed" in said
    assert "verified CTCAE v5.0" in said


def test_the_versions_differ_where_they_differ(nurse):
    five = read(nurse, "/knowledge/ctcae/?q=alanine&version=v5")
    six = read(nurse, "/knowledge/ctcae/?q=alanine&version=v6")
    assert "4 > 20 × baseline baseline over normal" in five
    assert "4 > 4 × baseline baseline over normal" in six


def test_the_version_that_a_protocol_fixes_is_named_and_shown_first(nurse, cast):
    said = read(nurse, "/knowledge/ctcae/")
    assert "NARA-2 protocol 1.0: CTCAE v5.0" in said


def test_a_line_that_a_protocol_sets_on_the_item_stands_beside_the_term(cast):
    document = {"thresholds": {"albumin_low": {"value": 32, "unit": "g/L", "why": "W"}}}
    version = ProtocolVersion(trial=cast.trial, number="2.0", document=document)
    (family,) = ctcae_limits.families(Wording("v5"), [version], "hypoalbuminemia")
    (key, set_) = family.rows[0].overrides[0]
    assert (key, set_.value, set_.version) == ("albumin_low", 32, "2.0")


def test_the_words_of_the_publication_stand_beside_our_own(nurse, cast, table):
    load(table(), reason="First installation.")
    said = read(nurse, "/knowledge/ctcae/?q=hypoalbuminemia&version=v5")
    assert "As NCI prints it hypoalbuminemia grade 1, as printed" in said
    assert "In our words" in said


def numbers_of(value) -> list[float]:
    """Every number that stands anywhere in a knowledge file, also one in a text."""
    if isinstance(value, dict):
        return [one for part in value.values() for one in numbers_of(part)]
    if isinstance(value, list):
        return [one for part in value for one in numbers_of(part)]
    if isinstance(value, str) and re.fullmatch(r"-?\d+(\.\d+)?(/\d+)?", value):
        return [value]
    return [] if isinstance(value, bool | str) else [value]


@pytest.mark.parametrize(
    "path",
    [
        path
        for path in sorted(KNOWLEDGE.glob("*.toml"))
        if not path.name.startswith(("ctcae_", "sources"))
    ],
    ids=lambda path: path.name,
)
def test_every_number_of_a_knowledge_file_stands_on_the_page(page, path):
    """Each as it is printed, as often as the file holds it."""
    held = numbers_of(tomllib.loads(path.read_text("utf-8")))
    lacking = Counter(f"{n:g}" if isinstance(n, float) else str(n) for n in held)
    lacking -= Counter(re.findall(r"-?\d+(?:\.\d+)?(?:e[+-]\d+)?(?:/\d+)?", page))
    assert not lacking


@pytest.fixture(scope="module")
def page() -> str:
    """What the page is made of, file by file and theme by theme, as text."""
    said = [
        f" {value} "
        for file in knowledge_files.files()
        for one in file.entries
        for _name, value in one.parts
    ]
    said += [
        f" {plain_number(line.threshold.value)} {plain_number(line.threshold.least)} "
        f"{plain_number(line.threshold.most)} "
        for theme in knowledge.themes([])
        for line in theme.lines
    ]
    return "".join(said)


def test_the_page_prints_the_files_with_source_reason_and_trust(cast):
    client = Client()
    client.force_login(cast.okafor)
    text = client.get("/knowledge/").content.decode()
    for words in (
        "Oxygen by device: class and estimated FiO₂",
        "Scores beside the patterns: points",
        "Who is told, and after how many minutes",
        "5 L/min → 35 %; 6 L/min → 40 %; 7 L/min → 45 %; 8 L/min → 50 %",
        "base 20 %, per liter 4 %",
    ):
        assert words in text, words
    found = client.get("/knowledge/?q=simple_mask").content.decode()
    assert "simple_mask" in found
    assert "Who is told, and after how many minutes" not in found


def test_the_suggested_grades_of_a_leak_are_shown_as_our_reading(nurse):
    """Reference 2.0: CTCAE names no number for a capillary leak."""
    said = read(nurse, "/knowledge/")
    assert "Capillary leak: findings and suggested grades" in said
    entries = entries_of("leak")
    assert [dict(one.parts)["grade"] for one in entries] == list("12223333333444")
    assert {(one.source, one.trust) for one in entries} == {
        ("configurable default", "project")
    }
    assert "positive pressure by mask or tube, read as ventilation" in said


def entries_of(file: str) -> list[knowledge_files.Entry]:
    return next(one.entries for one in knowledge_files.files() if one.key == file)


@pytest.mark.parametrize(
    ("question", "source", "trust", "decides"),
    [
        ("STOOL_BLOOD", "Proleukin label", "verified", "Occult blood in the stool"),
        ("STEROID", "configurable default", "project", "Steroid taken"),
    ],
)
def test_a_question_before_a_dose_names_what_it_decides_and_its_source(
    question, source, trust, decides
):
    (one,) = (one for one in entries_of("questions") if one.place == question)
    assert (one.source, one.trust) == (source, trust)
    assert ("decides", decides) in one.parts


def test_no_question_before_a_dose_is_without_a_source():
    lost = [one.place for one in entries_of("questions") if not one.source]
    assert lost == []


def parts_of(file: str, place: str) -> dict[str, str]:
    """What the page says of one table of a knowledge file."""
    found = next(one for one in knowledge_files.files() if one.key == file)
    return dict(next(one for one in found.entries if one.place == place).parts)


@pytest.mark.parametrize(
    ("file", "place", "part", "said"),
    [
        ("holds", "heart_rate_s14", "any", "HR ≥ 120 /min"),
        ("holds", "heart_rate_sustained", "any", "fast heart rate, read twice"),
        ("amounts", "", "Paracetamol", "1500 mg, 1.5 g, 20 mg/kg"),
        ("treatments", "classes · nsaid", "masks", "T, 8 h"),
        ("items", "OXYSAT", "confirm", "low 50 %"),
        ("items", "TEMP", "jump", "1 h, by 2 °C"),
        ("escalation", "policies · critical", "act within", "10 min"),
        ("questions", "ECG_ISCHEMIA", "hours", "4 h"),
        ("guidance", "option", "patterns", "Fever onset"),
    ],
)
def test_a_number_is_said_with_its_unit_and_a_code_by_its_label(
    file, place, part, said
):
    assert parts_of(file, place)[part] == said


def test_a_pattern_that_several_organs_share_is_called_after_none_of_them():
    guidance = next(one for one in knowledge_files.files() if one.key == "guidance")
    told = [dict(one.parts) for one in guidance.entries]
    named = {one["topic"]: one["patterns"] for one in told if "patterns" in one}
    organs = ("Liver", "Gut", "Kidney", "Skin and eye", "Thyroid and muscle")
    assert [named[organ] for organ in organs] == ["Organ injury"] * 5


def test_an_item_says_what_is_refused_what_is_held_and_what_is_asked_about():
    """The three tiers of R12 are three columns, each with the unit."""
    lines = {line.item.code: line for line in knowledge.items()}
    temperature, albumin = lines["TEMP"], lines["ALB"]
    assert (temperature.refused, temperature.held) == ("20 – 45 °C", "30 – 43 °C")
    assert (albumin.held, albumin.asked) == ("", "15 – 55 g/L")


def test_the_page_says_all_that_a_trials_protocol_sets(cast):
    document = {
        "pre_dose": {"gates": {"CREAT": {"hours": 16, "why": "twice a day"}}},
        "expected": {"on": True, "fever": {"from_hours": 1, "below": 40.0}},
    }
    version = ProtocolVersion(trial=cast.trial, number="2.0", document=document)
    creatinine = next(
        one for one in knowledge.items("CREAT", [version]) if one.item.code == "CREAT"
    )
    assert [(one.said, one.why) for one in creatinine.gates] == [
        ("16 h", "twice a day")
    ]
    file = knowledge_files.of_protocols([version])[0]
    assert file.title == "Protocol of NARA-2, version 2.0"
    said = {one.place: dict(one.parts) for one in file.entries}
    assert said["protocol · expected"] == {
        "on": "yes",
        "fever": "from 1 h, below 40 °C",
    }


@pytest.mark.parametrize(
    ("key", "trust"),
    [("fever", "verified"), ("hr_high", "unverified"), ("map_low", "project")],
)
def test_a_number_says_how_far_its_source_was_checked(key, trust):
    """One that a protocol may set is still from a source that nobody checked."""
    assert knowledge.trust_of(THRESHOLDS[key]) == trust
