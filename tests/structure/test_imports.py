"""Imports go down: a room knows itself and the rooms before it, never those after."""

import ast
from collections.abc import Iterator
from functools import cache

import pytest

from tests.structure.sources import Modules, modules

ROOMS = (
    "clinical",
    "audit",
    "trials",
    "door",
    "bedside",
    "treatments",
    "episodes",
    "notices",
    "review",
)
# The clinical core's own: from what can be recorded to what a person reads.
CORE = (
    *("shapes", "logic", "written", "tables", "rows", "words", "thresholds"),
    *("items", "signs", "criteria", "ctcae", "study", "facts", "instants"),
    *("patterns", "grading", "answers", "due", "said", "scores", "predose", "care"),
    *("assess", "batch"),
)
FLOW = len(ROOMS)
SURFACE = FLOW + 1
SURFACES = {"views", "urls", "tasks"}
# Outside every room, and above them all.
TOP = {"urls", "wsgi", "celery", "apps", "models", "settings", "management", "demo"}


def imported(name: str, source: str, known: set[str]) -> set[str]:
    """The program's modules that a module imports, wherever in it the import stands."""
    package = name.split(".") if name in packages(known) else name.split(".")[:-1]
    found: set[str] = set()
    for node in ast.walk(ast.parse(source)):
        found |= set(targets(node, package))
    return {nearest(target, known) for target in found} - {"", name}


def packages(known: set[str]) -> set[str]:
    return {module.rpartition(".")[0] for module in known}


def targets(node: ast.AST, package: list[str]) -> Iterator[str]:
    if isinstance(node, ast.Import):
        yield from (alias.name for alias in node.names)
    if isinstance(node, ast.ImportFrom):
        start = package[: len(package) + 1 - node.level] if node.level else []
        base = ".".join([*start, *filter(None, [node.module])])
        yield from (f"{base}.{alias.name}" for alias in node.names)


def nearest(target: str, known: set[str]) -> str:
    """The module in which an imported name is found; "" for what is not ours."""
    while target and target not in known:
        target = target.rpartition(".")[0]
    return target if target != "monitor" else ""


def floor_of(name: str, graph: dict[str, set[str]]) -> int:
    """A room's place in the order; for what stands in no room, that of its imports."""

    @cache
    def floor(module: str) -> int:
        parts = module.split(".")
        if len(parts) > 2 and parts[1] in ROOMS and parts[2] in SURFACES:
            return SURFACE
        if parts[1] in ROOMS:
            return ROOMS.index(parts[1])
        if parts[1] == "flow":
            return FLOW
        if parts[1] in TOP:
            return SURFACE
        return max(map(floor, graph[module]), default=-1)

    return floor(name)


def room(name: str) -> str:
    return name.split(".")[1]


def core_floor(name: str) -> int:
    """A room's place in the core; the lowest for what the order does not name."""
    part = [*name.split("."), ""][2]
    return CORE.index(part) if part in CORE else 0


def offence(name: str, target: str, graph: dict[str, set[str]]) -> str:
    """Why a module may not import another; "" when it may."""
    here, there = floor_of(name, graph), floor_of(target, graph)
    part = [*target.split("."), ""][2]
    if room(name) == "clinical" and room(target) != "clinical":
        return "the clinical core knows nothing but itself"
    if room(name) == "clinical" and core_floor(target) > core_floor(name):
        return "imports go down within the core"
    own_page = name.split(".")[:3] == target.split(".")[:3] and part == "views"
    if part == "views" and not name.endswith(".urls") and not own_page:
        return "nothing imports a view"
    if here < SURFACE and there > here:
        return "imports go down"
    if "views" in name.split(".") and part == "actions" and room(name) != room(target):
        return "a view asks flow for what another room does"
    return ""


def offences(sources: Modules) -> list[str]:
    known = set(sources)
    graph = {name: imported(name, text, known) for name, text in sources.items()}
    return [
        f"{name} imports {target}: {reason}"
        for name, found in graph.items()
        if name != "monitor"
        for target in sorted(found)
        if (reason := offence(name, target, graph))
    ]


def test_imports_go_down():
    assert offences(modules()) == []


@pytest.mark.parametrize(
    ("name", "source"),
    [
        ("monitor.bedside.planted", "from monitor.episodes.models import Episode"),
        ("monitor.bedside.planted", "from monitor import flow"),
        ("monitor.bedside.planted", "import monitor.review.queries"),
        ("monitor.bedside.planted", "from ..notices import actions"),
        ("monitor.bedside.planted", "def f():\n    from monitor.review import models"),
        ("monitor.clinical.planted", "from monitor import clock"),
        ("monitor.clinical.planted", "from monitor.clinical import assess"),
        ("monitor.clinical.signs.brain", "from monitor.clinical.answers import topics"),
        ("monitor.clinical.items.units", "import monitor.clinical.study.protocol"),
        ("monitor.review.planted", "from monitor.review.views import queue"),
        ("monitor.bedside.views", "from monitor.trials.actions import enroll"),
        ("monitor.bedside.views.one", "from monitor.trials.actions import enroll"),
        ("monitor.bedside.views.one", "from monitor.episodes.views import board"),
        ("monitor.flow", "from monitor.notices.tasks import sweep"),
        ("monitor.flow.time", "from monitor.notices.tasks import sweep"),
    ],
)
def test_a_planted_import_that_goes_up_is_found(name, source):
    rooms = [f"monitor.{each}.{part}" for each in ROOMS for part in PARTS]
    world = modules() | dict.fromkeys(rooms, "") | {"monitor.flow": ""}
    assert len(offences(world | {name: source})) > len(offences(world))


PARTS = ("models", "queries", "actions", "forms", "views", "urls", "tasks")


def test_an_import_that_goes_down_is_let_be():
    world = {"monitor.audit.actions": "", "monitor.review.actions": "", "monitor": ""}
    source = "from monitor.audit.actions import record"
    assert offences(world | {"monitor.review.actions": source}) == []
