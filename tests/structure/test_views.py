"""A view asks a room's queries; it reaches for no manager and writes nothing itself."""

import ast

import pytest

from tests.structure.sources import Modules, modules

MANAGERS = {"objects", "_default_manager", "_base_manager"}
WRITES = {"save", "delete", "bulk_create", "bulk_update", "update_or_create"}


def views() -> Modules:
    return {n: s for n, s in modules().items() if "views" in n.split(".")}


def reaches(sources: Modules, names: set[str]) -> list[str]:
    return [
        f"{name}:{node.lineno} .{node.attr}"
        for name, source in sources.items()
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.Attribute) and node.attr in names
    ]


def test_no_view_uses_a_manager():
    assert reaches(views(), MANAGERS) == []


def test_no_view_writes():
    assert reaches(views(), WRITES) == []


def test_no_form_writes():
    forms = {n: s for n, s in modules().items() if n.endswith(".forms")}
    assert reaches(forms, WRITES) == []


@pytest.mark.parametrize(
    "planted",
    ["Episode.objects.get(pk=1)", "rows = Episode._default_manager", "row.save()"],
)
def test_a_planted_manager_or_write_is_found(planted):
    assert reaches({"monitor.review.views": planted}, MANAGERS | WRITES)
