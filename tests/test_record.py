"""A whole copy of a participant's record, for people and for machines."""

import csv
import io
import json
import zipfile
from datetime import timedelta

import pytest
from django.apps import apps
from django.core.exceptions import PermissionDenied
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from monitor import flow, record, record_file
from monitor.audit import chain
from monitor.audit.models import Event
from monitor.bedside.models import Reading
from monitor.clinical import assess
from monitor.clinical.facts import chartfile, moving
from tests.acts import LOW, WELL, baseline, enter_at

MINUTE = timedelta(minutes=1)
RECORD, CHART, TRAIL = ({"file": name} for name in ("record", "chart", "trail"))
FILES = "/participants/02-014/files/"
# Time alone makes these; the others differ by the day that was moved.
OF_TIME = {"at", "held_since", "resolved_at", "since", "seconds"}


@pytest.fixture
def told(cast, now):
    """Two sets of 02-014, of which a value was corrected and one struck out."""
    baseline(cast)
    enter_at(cast, now - 8 * MINUTE, LOW)
    readings = Reading.objects.current().filter(observation__observed_at__lt=now)
    heart, pressure = (readings.filter(item=one).last() for one in ("HR", "DIABP"))
    flow.correct_reading(
        reading=heart, typed="122", unit=None, reason="Misread", by=cast.reyes
    )
    flow.void_reading(reading=pressure, reason="Other patient", by=cast.reyes)
    return cast


def unpacked(content: bytes) -> dict[str, str]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name: archive.read(name).decode() for name in archive.namelist()}


def taken(cast, **more) -> dict[str, str]:
    by = more.pop("by", cast.okafor)
    return unpacked(flow.export_record(participant=cast.participants["02-014"], by=by))


def as_(user) -> Client:
    client = Client()
    client.force_login(user)
    return client


# What is in it


@pytest.mark.requirement("R6")
def test_every_table_that_leads_to_a_participant_is_in_it(told):
    tables = json.loads(taken(told)["record.json"])["tables"]
    leading = {
        model._meta.model_name
        for model in apps.get_app_config("monitor").get_models()
        if record.path_to_participant(model)
        and model.__name__ not in ("Identity", "CycleState")
    }
    assert set(tables) == leading
    assert {"reading", "signature", "narrative", "unblinding"} <= leading
    assert not {"user", "site", "trial", "oncall", "identity"} & leading


@pytest.mark.requirement("R6")
def test_it_holds_what_was_corrected_and_what_was_struck_out(told):
    rows = json.loads(taken(told)["record.json"])["tables"]["reading"]
    assert len(rows) == Reading.objects.count()
    heart = [one["typed"] for one in rows if one["item"] == "HR"]
    assert heart == ["78", "124", "122"]
    (struck,) = (one for one in rows if one["voided"])
    assert (struck["reason"], struck["recorded_by"]) == ("Other patient", "reyes")


@pytest.mark.requirement("R6")
def test_people_read_it_in_words(told):
    page = taken(told)["record.html"]
    old, new = Reading.objects.filter(item="HR").order_by("pk")[1:]
    assert f"<b>Replaced by {new.pk}.</b>" in page
    assert f"In the place of {old.pk}." in page
    assert "<b>Struck out: entered in error.</b>" in page
    assert "A. Reyes, RN struck out a value." in page
    assert "Thu 19 Nov 2026, 14:22:00 −05:00" in page


@pytest.mark.requirement("R6", "A4")
def test_its_trail_is_that_of_the_chain(told):
    lines = [json.loads(one) for one in taken(told)["trail.jsonl"].splitlines()]
    events = Event.objects.filter(participant="02-014").exclude(action__contains="port")
    assert len(lines) == events.count() > 0
    for one in lines:
        assert one["digest"] == chain.digest(one, one["previous"])


@pytest.mark.requirement("P1")
def test_who_the_participant_is_is_in_no_copy(told):
    told_of = json.loads(taken(told)["record.json"])["left_out"]
    assert "identity" not in json.loads(taken(told)["record.json"])["tables"]
    assert told_of["Identity"] == record.LEFT_OUT["Identity"]


def test_more_rows_ask_no_more_of_the_database(told, now):
    def queries() -> int:
        with CaptureQueriesContext(connection) as asked:
            taken(told)
        return len(asked)

    before = queries()
    for minutes in (6, 4, 2):
        enter_at(told, now - minutes * MINUTE, WELL)
    assert queries() == before


# Who may


@pytest.mark.requirement("R6")
@pytest.mark.parametrize(("name", "status"), [("okafor", 200), ("iyer", 200)])
def test_who_sees_the_level_takes_the_record(told, name, status):
    answer = as_(told.people[name]).post(FILES, RECORD)
    assert answer.status_code == status
    assert answer["Content-Type"] == "application/zip"
    (kept,) = Event.objects.filter(action="record.exported")
    assert (kept.actor, kept.participant) == (name, "02-014")


@pytest.mark.requirement("R6", "R7")
@pytest.mark.parametrize("name", ["chen", "moreau"])
def test_who_is_blinded_gets_chart_and_trail_and_not_the_record(told, name):
    client = as_(told.people[name])
    page = client.get(FILES).content.decode()
    assert "It tells the dose level, and you are blinded." in page
    assert "Take the record" not in page
    assert client.post(FILES, RECORD).status_code == 403
    assert client.post(FILES, CHART).status_code == 200
    trail = client.post(FILES, TRAIL).content.decode()
    assert "1200 IU/kg" not in trail
    assert {one["digest"] for one in csv.DictReader(io.StringIO(trail))} == {""}
    with pytest.raises(PermissionDenied, match="you are blinded"):
        taken(told, by=told.people[name])


def test_a_nurse_takes_nothing(told):
    assert as_(told.reyes).get(FILES).status_code == 403
    assert as_(told.reyes).post(FILES, CHART).status_code == 403


def test_the_operator_takes_it_at_the_shell(told, tmp_path, capsys):
    file = tmp_path / "record.zip"
    call_command("export_record", "02-014", str(file))
    assert sorted(unpacked(file.read_bytes())) == sorted(record_file.CONTENTS)
    assert file.stat().st_mode & 0o777 == 0o600
    (kept,) = Event.objects.filter(action="record.exported")
    assert kept.actor == "operator"


# The trail and the chart


@pytest.mark.requirement("R3")
def test_the_trail_is_a_table_in_plain_words(told):
    text = as_(told.moreau).post(FILES, TRAIL).content.decode()
    rows = list(csv.DictReader(io.StringIO(text)))
    (struck,) = (one for one in rows if one["action"] == "reading.voided")
    assert struck["what_happened"] == "A. Reyes, RN struck out a value."
    assert (struck["account"], struck["reason"]) == ("reyes", "Other patient")
    assert struck["utc"] == "2026-11-19T19:30:00.000000+00:00"
    assert [int(one["number"]) for one in rows] == sorted(
        int(r["number"]) for r in rows
    )


@pytest.mark.requirement("P4")
def test_moved_dates_change_no_answer(told):
    def answers(form: str) -> list[dict]:
        text = as_(told.okafor).post(FILES, {"file": form}).content.decode()
        lines = assess.assess(chartfile.read_chart(io.StringIO(text)).facts).lines
        return [without_times(one) for one in lines]

    assert answers("chart-moved") == answers("chart") != []


def without_times(told):
    if isinstance(told, dict):
        return {k: without_times(v) for k, v in told.items() if k not in OF_TIME}
    return [without_times(one) for one in told] if isinstance(told, list) else told


@pytest.mark.requirement("P4")
def test_the_moved_record_begins_on_the_first_of_january_2000():
    head = "participant,cycle,at,kind,code,value,unit,until\n"
    text = (
        "P,1,2026-11-18T23:50:00-05:00,reading,TEMP,38.1,Cel,\n"
        "P,1,2026-11-19T00:10:00-05:00,fact,PROCEDURE,2026-12-24,,"
        "2026-11-20T00:10:00-05:00\n"
    )
    assert moving.moved(head + text) == head + (
        "P,1,2000-01-01T23:50:00-05:00,reading,TEMP,38.1,Cel,\n"
        "P,1,2000-01-02T00:10:00-05:00,fact,PROCEDURE,2000-02-06,,"
        "2000-01-03T00:10:00-05:00\n"
    )
    assert moving.moved(head) == head


def test_moved_is_said_in_the_trail(told):
    as_(told.okafor).post(FILES, {"file": "chart-moved"})
    (kept,) = Event.objects.filter(action="chart.exported")
    assert {one["field"]: one["new"] for one in kept.changes}["dates"] == "moved"
