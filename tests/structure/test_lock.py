"""The lock and the constraints say the same, and neither says where from."""

import re
import tomllib
from itertools import pairwise

import pytest
from django.conf import settings

from monitor.management.commands import lock

LOCK = settings.BASE_DIR / "requirements.lock"
PROJECT = settings.BASE_DIR / "pyproject.toml"
ADDRESS = re.compile(r"://|\s@\s|--(extra-)?index-url|--find-links|\blocalhost\b")


def constraints(project: str) -> list[str]:
    return tomllib.loads(project)["tool"]["uv"]["constraint-dependencies"]


def names(requirements: list[str]) -> set[str]:
    return {re.split(r"[\[<>=; ]", text)[0].lower() for text in requirements}


def declared(project: str) -> set[str]:
    read = tomllib.loads(project)
    groups = read["dependency-groups"].values()
    return names(read["project"]["dependencies"] + [d for g in groups for d in g])


def test_lock_and_constraints_pin_the_same():
    assert lock.pins(LOCK.read_text()) == constraints(PROJECT.read_text())


def test_every_declared_dependency_is_pinned():
    assert declared(PROJECT.read_text()) <= names(lock.pins(LOCK.read_text()))


def test_every_group_is_installed_for_the_tests():
    read = tomllib.loads(PROJECT.read_text())
    assert set(read["dependency-groups"]) == set(lock.groups(PROJECT))


def test_every_pin_has_a_hash():
    packages = re.split(r"^(?=[a-z0-9])", LOCK.read_text(), flags=re.MULTILINE)[1:]
    assert [p.split("\n")[0] for p in packages if "--hash=sha256:" not in p] == []


@pytest.mark.parametrize("path", [LOCK, PROJECT], ids=lambda path: path.name)
def test_no_address_is_written(path):
    assert not ADDRESS.search(path.read_text())


@pytest.mark.parametrize(
    "planted",
    [
        "--index-url https://packages.example/simple",
        "django @ file:///srv/django.whl",
        "--find-links /srv/wheels",
    ],
)
def test_a_planted_address_is_found(planted):
    assert ADDRESS.search(LOCK.read_text() + planted)


def test_a_planted_disagreement_is_found():
    planted = LOCK.read_text().replace("django==", "django==9", 1)
    assert lock.pins(planted) != constraints(PROJECT.read_text())


def test_every_dependency_has_its_reason_above_it():
    assert unexplained(PROJECT.read_text()) == []


def test_a_planted_dependency_without_reason_is_found():
    planted = PROJECT.read_text().replace(
        "dependencies = [\n", 'dependencies = [\n  "left-pad>=1",\n', 1
    )
    assert unexplained(planted) == ["left-pad>=1"]


def unexplained(project: str) -> list[str]:
    """Dependencies whose line does not follow a comment."""
    known = declared(project)
    lines = [line.strip() for line in project.partition("[tool.uv]")[0].splitlines()]
    return [
        line.strip('",')
        for before, line in pairwise(lines)
        if line.startswith('"')
        and names([line.strip('",')]) <= known
        and not before.startswith("# ")
    ]
