"""Requirement -> tests -> result: none without a test, none that is unknown."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from monitor.validation import matrix
from tests.structure.sources import modules

REPORT = """<testsuites><testsuite>
<testcase classname="tests.a.test_b" name="test_c[1]">
<properties><property name="requirement" value="R1"/></properties></testcase>
<testcase classname="tests.a.test_b" name="test_d">{body}
<properties><property name="requirement" value="S1"/></properties></testcase>
<testcase classname="tests.a.test_b" name="test_e"/></testsuite></testsuites>"""


def marked(sources: dict[str, str]) -> Iterator[str]:
    """Every id that a test names."""
    for source in sources.values():
        for node in ast.walk(ast.parse(source)):
            if isinstance(node, ast.Call) and ast.unparse(node.func).endswith(
                f".mark.{matrix.MARK}"
            ):
                yield from (ast.literal_eval(one) for one in node.args)


def gaps(sources: dict[str, str], known: list[matrix.Requirement]) -> list[str]:
    """Requirements that no test names and that do not say what they lack."""
    named = set(marked(sources))
    return [one.id for one in known if one.id not in named and not one.lacks]


@pytest.mark.requirement("V1")
def test_every_requirement_has_a_test_or_says_what_it_lacks():
    assert gaps(modules("tests"), matrix.requirements()) == []


def test_a_planted_requirement_without_a_test_is_found():
    planted = matrix.Requirement("X9", "It can fly.")
    assert gaps(modules("tests"), [*matrix.requirements(), planted]) == ["X9"]


def test_no_test_names_a_requirement_that_is_unknown():
    known = {one.id for one in matrix.requirements()}
    assert set(marked(modules("tests"))) - known == set()


def test_each_requirement_stands_once():
    ids = [one.id for one in matrix.requirements()]
    assert len(ids) == len(set(ids))


@pytest.fixture
def report(tmp_path) -> Path:
    path = tmp_path / "report.xml"
    path.write_text(REPORT.format(body=""))
    return path


@pytest.mark.requirement("V1")
def test_the_page_says_requirement_tests_result_and_version(report, tmp_path):
    page = tmp_path / "page.html"
    call_command("traceability", report, output=page)
    text = page.read_text()
    assert "a.test_b.test_c <b>1 passed</b>" in text
    assert "✓ passed" in text
    assert "<dt>Version</dt><dd>0.1.0</dd>" in text
    assert "test_e" not in text


def test_a_test_that_failed_fails_the_command(report, tmp_path):
    report.write_text(REPORT.format(body="<failure/>"))
    with pytest.raises(CommandError, match="Not met: S1"):
        call_command("traceability", report, output=tmp_path / "page.html")


def test_a_file_that_is_no_report_ends_with_2(tmp_path):
    other = tmp_path / "other.xml"
    other.write_text("no report")
    with pytest.raises(CommandError) as refused:
        call_command("traceability", other)
    assert refused.value.returncode == 2
