"""Requirement -> tests -> result: read from a run of the tests, written as one page.

A test names what it shows with `@pytest.mark.requirement("R1", ...)`; the harness puts
the ids into the report that `pytest --junitxml` writes.
"""

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

# The report is written by our own run of the tests and never comes from outside.
from xml.etree import ElementTree  # nosec B405

HERE = Path(__file__).parent
MARK = "requirement"


@dataclass(frozen=True)
class Requirement:
    """`lacks`: what of it is not built, in a sentence; "" when nothing is missing."""

    id: str
    says: str
    lacks: str = ""


@dataclass(frozen=True)
class Outcome:
    """One test on one database. `result`: passed, failed or skipped."""

    test: str
    result: str
    ids: tuple[str, ...]


@dataclass(frozen=True)
class Row:
    requirement: Requirement
    outcomes: tuple[Outcome, ...]

    @property
    def result(self) -> str:
        """failed, no test, partly (something is not built), not run, or passed."""
        results = {one.result for one in self.outcomes}
        if "failed" in results:
            return "failed"
        if not results:
            return "no test"
        if self.requirement.lacks:
            return "partly"
        return "passed" if "passed" in results else "not run"


def requirements() -> list[Requirement]:
    """What the program is held to, in the order of the file."""
    text = (HERE / "requirements.toml").read_text("utf-8")
    return [Requirement(**one) for one in tomllib.loads(text)["requirement"]]


def releases() -> list[Mapping[str, Any]]:
    """The notes of each release, newest first."""
    text = (HERE / "releases.toml").read_text("utf-8")
    return list(tomllib.loads(text)["release"])


def outcomes_in(report: Path) -> list[Outcome]:
    """The marked tests of one JUnit report. Raises OSError or ValueError."""
    try:
        tree = ElementTree.parse(report)  # nosec B314
    except ElementTree.ParseError as error:
        raise ValueError(f"{report} is no report of tests: {error}") from error
    return [one for case in tree.iter("testcase") if (one := outcome(case)).ids]


def outcome(case: ElementTree.Element) -> Outcome:
    ids = [
        one.get("value", "")
        for one in case.iterfind("properties/property")
        if one.get("name") == MARK
    ]
    result = "passed"
    if case.find("skipped") is not None:
        result = "skipped"
    if case.find("failure") is not None or case.find("error") is not None:
        result = "failed"
    where = case.get("classname", "").removeprefix("tests.")
    return Outcome(f"{where}.{case.get('name', '')}", result, tuple(ids))


def rows(outcomes: Iterable[Outcome]) -> list[Row]:
    """A row for every requirement, with the tests that name it."""
    known = list(outcomes)
    return [
        Row(one, tuple(each for each in known if one.id in each.ids))
        for one in requirements()
    ]
