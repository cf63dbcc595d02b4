"""The sheet that one shift hands to the next: a site each, and nothing left out."""

import re
from datetime import timedelta
from uuid import uuid4

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils.html import strip_tags

from monitor import clock, flow
from monitor.bedside.models import Reading
from monitor.clinical.study.escalation import duties
from monitor.episodes.shapes import Hold
from monitor.episodes.wording import item_label
from monitor.notices import actions as notices
from monitor.notices import rota
from monitor.notices.duty import holders, label
from monitor.notices.models import Notice
from monitor.templatetags.handover_ui import met_words
from monitor.trials import actions as trials
from tests.acts import LOW, WELL, baseline, enter
from tests.cast import CYCLE_OPENED, open_cycle
from tests.crowd import crowd
from tests.notices.told import agreed

HOUR = timedelta(hours=1)
ADDRESS = "/handover/"


def signed_in(user) -> Client:
    client = Client()
    client.force_login(user)
    return client


def sheet(user, address: str = ADDRESS) -> str:
    """The words of the page, in one line."""
    page = signed_in(user).get(address)
    return re.sub(r"\s+", " ", strip_tags(page.content.decode()))


def ask(cast, text: str = "Was the cuff on?"):
    value = Reading.objects.filter(observation__cycle=cast.cycle, item="SYSBP").last()
    told = {"cycle": cast.cycle, "by": cast.okafor, "text": text, "key": uuid4()}
    return flow.ask(reading=value, **told)


def on_call(cast, duty: str, name: str) -> None:
    agreed(
        notices.plan_shift,
        site=cast.boston,
        duty=duty,
        user=cast.people[name],
        starts_at=clock.now() - HOUR,
        ends_at=clock.now() + 12 * HOUR,
        by=cast.chen,
    )


def test_what_is_open_late_and_missing_stands_on_the_sheet(cast, now):
    enter(cast, now, LOW)
    with clock.freeze(now + 25 * timedelta(minutes=1)):
        said = sheet(cast.reyes)
    assert "CRS ASTCT at least grade 2" in said
    assert "15 min late, 14:40 re-check" in said


def test_a_question_stands_with_whose_turn_it_is_until_it_is_settled(cast, now):
    baseline(cast)
    question = ask(cast)
    said = sheet(cast.reyes)
    about = f"02-014 {item_label('SYSBP')}: Was the cuff on?"
    assert f"nurses of the site {about}" in said
    flow.close_question(question=question, by=cast.okafor, key=uuid4())
    assert "Was the cuff on?" not in sheet(cast.reyes)
    assert "No question is open." in sheet(cast.reyes)


def test_the_next_dose_stands_with_what_its_check_found(cast, now):
    enter(cast, now, LOW)
    assert "Fri 10:05 02-014 NARA 2 not checked yet" in sheet(cast.reyes)
    flow.sweep(now)
    assert re.search(
        r"NARA 2 \d criteria met; \d+ unknown \(checked 14:30\): \w", sheet(cast.reyes)
    )


def test_an_agent_stands_under_the_name_that_the_protocol_gives_it(cast, now):
    agents = [{"code": "il2_mutein", "label": "IL-2 mutein"}]
    document = {"name": "NARA-2", "version": "2.0", "agents": agents}
    draft = trials.draft_protocol(
        trial=cast.trial, number="2.0", document=document, by=cast.vance
    )
    cast.protocol = trials.approve_protocol(protocol=draft, by=cast.vance)
    cycle = open_cycle(cast, "02-015")
    told = {"agent": "il2_mutein", "number": 1, "planned_at": now + HOUR}
    flow.plan_dose(cycle=cycle, by=cast.okafor, **told)
    assert "15:30 02-015 IL-2 mutein 1 not checked yet" in sheet(cast.reyes)


def test_criteria_that_say_the_same_are_said_once():
    found = Hold(met=("Fast heart", "Low pressure", "Fast heart"))
    assert met_words(found) == "Fast heart; Low pressure"


def test_who_is_on_call_is_named_and_an_empty_duty_says_nobody(cast, now):
    on_call(cast, "investigator_on_call", "okafor")
    found = {one.duty: one for one in rota.on_duty([cast.boston], now)[cast.boston.pk]}
    assert found["investigator on call"].people == ["C. Okafor, MD"]
    assert found["investigator on call"].planned
    assert not found["nurse in charge"].planned
    assert "Investigator on call C. Okafor, MD" in sheet(cast.reyes)
    with clock.freeze(now + 13 * HOUR):
        assert "Investigator on call Nobody" in sheet(cast.okafor)


def test_the_sheet_names_whom_the_notices_would_reach(cast, now):
    on_call(cast, "investigator_on_call", "okafor")
    told = {
        site.pk: {
            label(duty): [one.get_full_name() for one in holders(site, duty, now)]
            for duty in duties()
        }
        for site in (cast.boston, cast.uppsala)
    }
    said = rota.on_duty([cast.boston, cast.uppsala], now)
    assert {
        pk: {one.duty: one.people for one in rows} for pk, rows in said.items()
    } == told


def test_who_reads_at_two_sites_has_a_sheet_for_each_or_the_one_chosen(cast, now):
    enter(cast, now, WELL)
    with clock.freeze(CYCLE_OPENED):
        open_cycle(cast, "03-001", by=cast.berg)
    both = sheet(cast.iyer)
    assert both.index("Handover, site 02 Boston") < both.index("02-014")
    assert both.index("02-014") < both.index("Handover, site 03 Uppsala")
    assert both.index("Handover, site 03 Uppsala") < both.index("03-001")
    one = sheet(cast.iyer, f"{ADDRESS}?site=03")
    assert "03-001" in one
    assert "02-014" not in one


def test_every_time_on_a_sheet_is_the_time_of_its_site(cast, now):
    """Iyer's sites share no zone: the board says UTC, each sheet its own time."""
    enter(cast, now, WELL)
    said = sheet(cast.iyer)
    said = said[said.index("Handover, site 02") :]
    assert "14:30: 36.8" in said
    assert "19:30" not in said


def test_a_site_out_of_reach_has_no_sheet(cast, now):
    said = sheet(cast.lindqvist, f"{ADDRESS}?site=02")
    assert "Handover, site" not in said
    assert "02-014" not in said


def test_the_sheet_costs_the_same_whatever_stands_on_it(cast, now):
    def asked() -> int:
        client = signed_in(cast.okafor)
        with CaptureQueriesContext(connection) as captured:
            client.get(ADDRESS)
        return len(captured)

    enter(cast, now, LOW)
    ask(cast)
    asked()
    one = asked()
    crowd([cast.cycle], 20)
    for number in range(5):
        ask(cast, f"Question {number}?")
    on_call(cast, "investigator_on_call", "okafor")
    assert asked() == one


def test_the_sheet_stands_in_the_order_of_the_board(cast, now):
    """Who was answered for stands behind who was not, though the longer on a dose."""
    enter(cast, now, LOW)
    with clock.freeze(CYCLE_OPENED):
        other = open_cycle(cast, "02-015")
    enter(cast, now, LOW, cycle=other)
    flow.sweep(now)
    notice = Notice.objects.get(participant__code="02-014", kind="level")
    notices.acknowledge(notice=notice, by=cast.okafor)
    board = signed_in(cast.reyes).get("/").content.decode()
    assert re.findall(r'id="row-(02-\d+)"', board) == ["02-015", "02-014"]
    paper = signed_in(cast.reyes).get(ADDRESS).content.decode()
    assert re.findall(r'"row">(02-\d+)<', paper) == ["02-015", "02-014"]
