"""A trial opened from a plan, at the shell."""

from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from monitor import clinical
from monitor.audit.models import Event
from monitor.trials.models import Trial
from monitor.trials.permissions import held_by

PLAN = """
code = "NEW-1"
title = "NEW-1, dose escalation"
protocol = "protocol.toml"

[[site]]
code = "02"
name = "Boston"
time_zone = "{zone}"
emergency_number = "2222"

[[level]]
name = "300 IU/kg"
neutral_label = "Cohort A"

[[level]]
name = "600 IU/kg"
neutral_label = "Cohort B"
"""


@pytest.fixture
def plan(tmp_path):
    library = Path(clinical.__file__).parent / "protocols"
    (tmp_path / "protocol.toml").write_bytes((library / "mutein.toml").read_bytes())

    def write(text=PLAN, zone="America/New_York"):
        path = tmp_path / "plan.toml"
        path.write_text(text.replace("{zone}", zone))
        return path

    return write


def test_a_plan_opens_a_trial_with_sites_levels_and_an_approved_protocol(
    cast, plan, capsys
):
    call_command("open_trial", plan(), by="vance")
    assert "NEW-1 is open." in capsys.readouterr().out
    trial = Trial.objects.get(code="NEW-1")
    assert [site.emergency_number for site in trial.sites.all()] == ["2222"]
    told = trial.cohorts.order_by("number").values_list("name", "neutral_label")
    assert list(told) == [("300 IU/kg", "Cohort A"), ("600 IU/kg", "Cohort B")]
    (version,) = trial.protocol_versions.all()
    assert (version.status, version.approved_by) == ("approved", cast.vance)
    assert held_by(cast.vance).filter(trial=trial).exists()
    assert Event.objects.filter(action="trial.opened").latest("sequence").actor == (
        "vance"
    )


@pytest.mark.parametrize(
    ("text", "zone", "said"),
    [
        (PLAN, "America/Bosten", "Nothing was opened"),
        (PLAN.replace('title = "NEW-1, dose escalation"', ""), "UTC", "'title'"),
        (PLAN.replace("emergency_number", "telephone"), "UTC", "telephone"),
        ("code = ", "UTC", "cannot be read"),
        (PLAN.replace("protocol.toml", "other.toml"), "UTC", "cannot be read"),
    ],
)
def test_a_plan_that_cannot_be_opens_nothing(cast, plan, text, zone, said):
    with pytest.raises(CommandError, match=said):
        call_command("open_trial", plan(text, zone), by="vance")
    assert not Trial.objects.filter(code="NEW-1").exists()


def test_only_the_owner_opens_a_trial(cast, plan):
    with pytest.raises(CommandError, match="Only the owner"):
        call_command("open_trial", plan(), by="okafor")
    with pytest.raises(CommandError, match="no account"):
        call_command("open_trial", plan(), by="nobody")
