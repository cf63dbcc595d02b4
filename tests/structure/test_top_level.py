"""The top level holds what the house says and nothing else."""

from pathlib import Path

from tests.structure.sources import ROOT

NAMES = {
    "LICENSE",
    "README.md",
    "manage.py",
    "monitor",
    "pyproject.toml",
    "requirements.lock",
    "static",
    "templates",
    "tests",
}
MADE_BY_TOOLS = {"uv.lock", "__pycache__"}  # Ignored by git.


def strays(root: Path) -> set[str]:
    names = {path.name for path in root.iterdir() if not path.name.startswith(".")}
    return names - NAMES - MADE_BY_TOOLS


def test_nothing_strays_at_the_top_level():
    assert strays(ROOT) == set()


def test_everything_stands_where_it_is_looked_for():
    assert {name for name in NAMES if not (ROOT / name).exists()} == set()


def test_a_planted_stray_is_found(tmp_path):
    (tmp_path / "utils.py").touch()
    assert strays(tmp_path) == {"utils.py"}
