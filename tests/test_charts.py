"""A chart file in and out: through the verbs, once, and with the same answer."""

from datetime import timedelta
from hashlib import sha256
from io import StringIO
from uuid import uuid4

import pytest
from django.core.management import CommandError, call_command

from monitor import flow
from monitor.audit.models import Event
from monitor.bedside.entry import not_done, read_reading
from monitor.bedside.models import Fact, Observation, Reading, ReferenceRange
from monitor.clinical.assess import assess
from monitor.clinical.facts.chartfile import read_chart
from monitor.episodes.models import CycleState, Episode
from monitor.notices.models import Notice
from monitor.treatments.models import Treatment
from monitor.trials.models import Cycle, Dose, Participant
from tests.acts import FEVER, LOW, baseline, enter
from tests.trials.test_blinding import windows_by_level

HEAD = "participant,cycle,at,kind,code,value,unit,until\n"
CHART = """\
P-1,1,2026-11-18T07:00:00-05:00,fact,SEX,F,,
P-1,1,2026-11-18T07:30:00-05:00,reading,TEMP,36.7,Cel,
P-1,1,2026-11-18T07:30:00-05:00,reading,SYSBP,122,mm[Hg],
P-1,1,2026-11-18T07:30:00-05:00,reading,DIABP,76,mm[Hg],
P-1,1,2026-11-18T07:30:00-05:00,reading,OXYGEN_DEVICE,room_air,,
P-1,1,2026-11-18T08:00:00-05:00,dose,aldesleukin,600000,[iU]/kg,
P-1,1,2026-11-18T14:00:00-05:00,reading,TEMP,102.4,[degF],
P-1,1,2026-11-18T14:00:00-05:00,reading,SYSBP,86,mm[Hg],
P-1,1,2026-11-18T14:00:00-05:00,decision,not_done,WEIGHT,,
P-1,1,2026-11-18T14:10:00-05:00,treatment,fluid_bolus,500,mL,2026-11-18T14:30:00-05:00
P-1,1,2026-11-18T14:20:00-05:00,treatment,norepinephrine,6,ug/min,
P-1,1,2026-11-18T08:00:00-05:00,range,ALB,35..50,g/L,
P-1,1,2026-11-18T09:00:00-05:00,reading,URINE_OUTPUT,200,mL,2026-11-18T13:00:00-05:00
P-1,1,2026-11-18T07:00:00-05:00,fact,INPATIENT,,,
P-1,1,2026-11-20T08:00:00-05:00,dose,aldesleukin,,,
"""


@pytest.fixture
def chart(tmp_path):
    def write(text=CHART):
        path = tmp_path / "chart.csv"
        path.write_text(HEAD + text)
        return path

    return write


def load(path, by="okafor"):
    out, err = StringIO(), StringIO()
    status = 0
    try:
        call_command(
            "load_chart",
            str(path),
            trial="NARA-2",
            site="02",
            by=by,
            stdout=out,
            stderr=err,
        )
    except SystemExit as ended:
        status = ended.code
    return status, out.getvalue().strip(), err.getvalue().strip()


def test_a_chart_becomes_rows_through_the_verbs(cast, now, chart):
    status, out, err = load(chart())
    assert (status, err) == (0, "")
    assert out == "14 rows recorded, 0 there already, 0 refused."
    participant = Participant.objects.get(code="P-1")
    assert (participant.sex, participant.site) == ("F", cast.boston)
    assert Cycle.objects.get(participant=participant).number == 1
    assert Observation.objects.filter(source="import").count() == 3
    assert Reading.objects.get(item="TEMP", typed="102.4").number == 39.111111
    assert Reading.objects.get(item="WEIGHT").state == "not_done"
    assert Treatment.objects.get(code="norepinephrine").form == "rate"
    assert [dose.status for dose in doses()] == ["given", "planned"]
    assert ReferenceRange.objects.get().high == 50
    assert Fact.objects.get().code == "INPATIENT"


def doses():
    rows = Dose.objects.filter(agent="aldesleukin", superseded_by__isnull=True)
    return rows.order_by("number")


def test_it_is_assessed_once_at_its_end(cast, now, chart, monkeypatch):
    from monitor.episodes import assessing

    asked = []
    whole = assessing.assess
    monkeypatch.setattr(
        assessing, "assess", lambda *a, **k: asked.append(1) or whole(*a, **k)
    )
    load(chart())
    assert asked == [1]
    assert CycleState.objects.get(cycle__participant__code="P-1").is_current
    assert Episode.objects.filter(cycle__participant__code="P-1").exists()


def test_loading_it_again_adds_nothing(cast, now, chart):
    load(chart())
    before = Reading.objects.count()
    status, out, _err = load(chart())
    assert status == 0
    assert out == "0 rows recorded, 14 there already, 0 refused."
    assert Reading.objects.count() == before


def test_a_longer_version_adds_what_is_new(cast, now, chart):
    load(chart())
    more = "P-1,1,2026-11-18T14:00:00-05:00,reading,HR,118,/min,\n"
    assert load(chart(CHART + more))[1].startswith("1 rows recorded, 14 there already")


def test_bad_rows_are_named_and_the_good_ones_kept(cast, now, chart):
    bad = (
        "P-1,1,2026-11-18T14:00:00-05:00,reading,HR,9999,/min,\n"
        "P-1,1,yesterday,reading,HR,80,/min,\n"
        "P-1,1,2026-11-18T14:00:00-05:00,treatment,snake_oil,5,mL,\n"
        "P-1,one,2026-11-18T14:00:00-05:00,reading,HR,80,/min,\n"
    )
    status, out, err = load(chart(CHART + bad))
    assert status == 1
    assert out == "14 rows recorded, 0 there already, 4 refused."
    lines = [line.split(":")[0] for line in err.splitlines()]
    assert lines == ["line 17", "line 18", "line 19", "line 20"]
    assert "ISO 8601" in err


def test_a_rare_value_is_held_and_a_decision_lets_it_in(cast, now, chart):
    held = "P-1,1,2026-11-18T15:00:00-05:00,reading,SYSBP,35,mm[Hg],\n"
    load(chart(CHART + held))
    assert Reading.objects.get(typed="35").check_state == "held"
    said = "P-2,1,2026-11-18T15:00:00-05:00,decision,confirmed,SYSBP,,\n"
    load(chart((held + said).replace("P-1", "P-2")))
    assert [one.check_state for one in Reading.objects.filter(typed="35")] == [
        "held",
        "confirmed",
    ]


def test_another_sites_participant_is_refused(cast, now, chart):
    row = "03-001,1,2026-11-18T14:00:00-05:00,reading,HR,80,/min,\n"
    status, _out, err = load(chart(row))
    assert status == 1
    assert err == "line 2: 03-001 is enrolled at another site."


def test_who_may_not_enroll_is_told_so(cast, now, chart):
    with pytest.raises(CommandError, match="may not"):
        load(chart(), by="moreau")


@pytest.mark.parametrize(
    ("more", "sentence"),
    [
        ({"site": "99"}, "There is no site 99 in the trial NARA-2."),
        ({"by": "nobody"}, "There is no account nobody."),
    ],
)
def test_a_name_that_is_unknown_is_refused_in_words(cast, chart, more, sentence):
    told = {"trial": "NARA-2", "site": "02", "by": "okafor"} | more
    with pytest.raises(CommandError, match=sentence):
        call_command("load_chart", str(chart()), **told)


def test_a_file_that_is_no_chart_ends_with_2(cast, tmp_path):
    path = tmp_path / "no.csv"
    path.write_text("a,b\n1,2\n")
    with pytest.raises(CommandError) as fault:
        load(path)
    assert fault.value.returncode == 2


def test_a_chart_of_a_year_to_come_wakes_nobody(cast, now, chart):
    load(chart(CHART.replace("2026-11", "2180-11")))
    assert Episode.objects.exists()
    assert Notice.objects.count() == 0


# Out again


def export(code):
    out = StringIO()
    call_command("export_chart", code, stdout=out)
    return out.getvalue()


def answers(text):
    """What the core says of a chart file, without who it is about."""
    lines = assess(read_chart(StringIO(text)).facts).lines
    dropped = ("participant", "fold")
    return [{k: v for k, v in line.items() if k not in dropped} for line in lines]


def test_times_are_written_with_the_sites_offset(cast, now):
    baseline(cast)
    rows = export("02-014").splitlines()
    assert rows[0] + "\n" == HEAD
    assert any("T09:30:00-05:00,reading,TEMP,36.8,Cel" in row for row in rows)


def told_by(by=None, amounts=True):
    """What is written of dose 1, said beside it, and kept of it."""
    out, beside = StringIO(), StringIO()
    call_command("export_chart", "02-014", by=by, stdout=out, stderr=beside)
    rows = [row for row in out.getvalue().splitlines() if ",dose," in row]
    return rows, beside.getvalue().splitlines(), Event.objects.latest("sequence")


HIDING = {"roles": ["pharmacist"], "amounts": True, "items": ["INTLK6"]}


def hide(cast):
    told = {"by": cast.vance, "reason": "As in protocol 1.0"}
    flow.set_blinding(trial=cast.trial, blinding=HIDING, **told)


@pytest.mark.requirement("R1", "A2")
def test_the_trail_keeps_who_took_a_chart_and_which_file(cast, now):
    text = export("02-014")
    event = Event.objects.latest("sequence")
    assert (event.action, event.participant) == ("chart.exported", "02-014")
    assert event.actor == "operator"
    told = {one["field"]: one["new"] for one in event.changes}
    assert told["digest"] == sha256(text.encode()).hexdigest()
    assert told["dose amounts"] == "yes"


@pytest.mark.requirement("A1", "A2")
def test_the_operator_is_told_that_a_chart_holds_what_the_trial_hides(cast, now):
    hide(cast)
    rows, said, _event = told_by()
    assert [",NARA,1200," in row for row in rows] == [True, False]
    assert said == [
        "The amounts of the doses are in it, which NARA-2 hides.",
        "Hidden values and patterns are not in it.",
    ]


@pytest.mark.requirement("A1", "A4")
def test_a_chart_for_who_is_blinded_tells_no_amount(cast, now):
    hide(cast)
    rows, said, event = told_by("okafor")
    assert [row.partition(",dose,")[2] for row in rows] == ['NARA,"","",""']
    assert said[0] == "The account is blinded: the doses that were given are left out."
    assert event.actor == "okafor"
    assert {"field": "dose amounts", "old": None, "new": "no"} in event.changes


@pytest.mark.parametrize("name", ["reyes", "vance", "novak", "nobody"])
def test_a_chart_is_for_who_may_export(cast, now, name):
    with pytest.raises(CommandError):
        told_by(name)
    assert not Event.objects.filter(action="chart.exported").exists()


def test_who_is_blinded_to_a_level_gets_no_level_in_a_chart(cast, now):
    windows_by_level(cast)
    given = {"stdout": StringIO(), "by": "chen"}
    call_command("export_chart", "02-015", **given)
    assert "DOSE_LEVEL,4" in export("02-015")
    assert "DOSE_LEVEL" not in given["stdout"].getvalue()


@pytest.mark.requirement("R6")
def test_loading_it_elsewhere_gives_the_same_assessment(cast, now, chart):
    baseline(cast)
    enter(cast, now - (now - cast.dose.given_at) / 2, FEVER)
    enter(cast, now - timedelta(minutes=9), LOW)
    flow.record_set(
        cycle=cast.cycle,
        observed_at=now,
        readings=[read_reading("TEMP", "391"), not_done("WEIGHT", "equipment")],
        by=cast.reyes,
        key=uuid4(),
    )
    flow.log_treatment(
        cycle=cast.cycle,
        code="paracetamol",
        form="amount",
        at=now,
        amount=1000,
        unit="mg",
        by=cast.reyes,
        key=uuid4(),
    )
    first = export("02-014")
    path = chart(first.replace("02-014", "P-9").partition("\n")[2])
    assert load(path)[0] == 0
    second = export("P-9")
    assert sorted(second.replace("P-9", "02-014").splitlines()) == sorted(
        first.splitlines()
    )
    assert answers(first) == answers(second)
    assert answers(first)


def test_a_participant_nobody_knows_is_refused_in_words(db):
    with pytest.raises(CommandError, match="There is no participant 99-999"):
        export("99-999")
