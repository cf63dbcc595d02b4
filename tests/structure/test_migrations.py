"""The migrations say what the models say."""

from django.apps import apps
from django.db import models
from django.db.migrations.autodetector import MigrationAutodetector
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.state import ModelState, ProjectState


def missing(state: ProjectState) -> list[str]:
    """What the migrations would still have to do to reach this state."""
    loader = MigrationLoader(None)
    detector = MigrationAutodetector(loader.project_state(), state)
    changes = detector.changes(graph=loader.graph).get("monitor", [])
    return [step.describe() for change in changes for step in change.operations]


def test_no_migration_is_missing():
    assert missing(ProjectState.from_apps(apps)) == []


def test_a_planted_model_without_migration_is_found():
    state = ProjectState.from_apps(apps)
    fields = [("id", models.BigAutoField(primary_key=True))]
    state.add_model(ModelState("monitor", "Planted", fields))
    assert missing(state) == ["Create model Planted"]
