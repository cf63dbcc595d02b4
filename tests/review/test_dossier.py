"""The dossier of one event: what it says, to whom, and what the trail keeps of it."""

import hashlib
from dataclasses import replace
from datetime import timedelta
from io import BytesIO
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from pypdf import PdfReader

from monitor import clock, flow
from monitor.audit.models import Event
from monitor.bedside.entry import read_reading
from monitor.bedside.models import Reading
from monitor.episodes import queries as episodes
from monitor.episodes.models import Episode
from monitor.review import dossier, narrative
from monitor.review.dossier import fonts, paper, setting
from monitor.review.dossier.minimum import minimum
from monitor.review.dossier.shapes import Dossier, Facts, Section, Words
from monitor.review.dossier.source import source_of
from monitor.trials.actions import record_dose
from monitor.trials.models import Dose, User
from tests.acts import LOW, baseline, enter, enter_at
from tests.cast import PASSWORD
from tests.review.test_second import opine, weber  # noqa: F401
from tests.review.whole import whole

MINUTE = timedelta(minutes=1)
MEANING = "I reviewed the evidence, graded and attributed this event."
#: The cast's protocol names no agent: its one study drug goes by the dose's own code.
DECISION = {
    "verdict": "agree",
    "scale": "astct",
    "attribution": {"study_drug": "probable", "infection": "unlikely"},
    "serious": ["AESMIE"],
    "action": {"study_drug": "DRUG INTERRUPTED"},
    "outcome": "RECOVERING/RESOLVING",
    "note": "Fever and low pressure four hours after the dose.",
}


@pytest.fixture
def episode(cast, now) -> Episode:
    """A CRS of at least grade 2, with paracetamol logged for it."""
    baseline(cast)
    enter_at(cast, now - 20 * MINUTE, LOW)
    found = Episode.objects.get(cycle=cast.cycle, topic="crs")
    flow.log_treatment(
        cycle=cast.cycle,
        code="paracetamol",
        form="amount",
        amount=1,
        unit="g",
        route="oral",
        at=now - 10 * MINUTE,
        by=cast.reyes,
        key=uuid4(),
        episodes=[found],
        indication="fever",
        ordered_by="C. Okafor, MD",
    )
    return found


def sign(cast, episode):
    most = episode.steps.order_by("pk").last().max_grade
    return flow.review_and_sign(
        episode=episode,
        by=cast.okafor,
        password=PASSWORD,
        meaning=MEANING,
        **whole(episode, grade=most, **DECISION),
    )


def read(content: bytes) -> str:
    """All of its text, with every run of blanks as one."""
    pages = PdfReader(BytesIO(content)).pages
    return " ".join(" ".join(page.extract_text() for page in pages).split())


def printed(episode: Episode, reader: User) -> str:
    return read(dossier.make(episode, reader).content)


def send(user: User, episode: Episode):
    client = Client()
    client.force_login(user)
    return client.post(f"/episodes/{episode.pk}/dossier/")


# What a report of a case must say (ICH E2B)


MINIMUM = {
    "patient": "02-014, female, 58 years at consent",
    "reporter": "C. Okafor, MD, investigator, NARA-2, site 02 Boston",
    "suspect": "NARA 1200 IU/kg subcutaneous, dose 1 on 19 Nov 2026, 10:05 −05:00",
    "event": "Cytokine release syndrome, CTCAE v5.0, maximum ASTCT grade 2",
    "onset": "Onset 19 Nov 2026, 14:10 −05:00",
    "end": "End Not yet: the episode is open",
    "serious": "Seriousness Medically important",
    "cause": "Causality Study drug: probable; Infection: unlikely",
    "action": "Action taken Study drug: drug interrupted",
    "outcome": "Outcome Recovering",
}


def test_every_element_of_the_minimum_is_printed(cast, episode):
    sign(cast, episode)
    text = printed(episode, cast.okafor)
    assert [key for key, said in MINIMUM.items() if said not in text] == []
    found = [one.key for one in minimum(source_of(episode, cast.okafor))]
    assert found == list(MINIMUM)


def test_what_nobody_has_decided_is_said_to_be_missing(cast, episode):
    lacking = [
        one.key for one in minimum(source_of(episode, cast.okafor)) if not one.value
    ]
    assert lacking == ["reporter", "end", "serious", "cause", "action", "outcome"]


def test_every_section_is_in_it(cast, episode):
    sign(cast, episode)
    text = printed(episode, cast.okafor)
    for said in (
        "Dose 1 of NARA",  # chronology
        "4 h 05 after dose 1",
        "39.1 °C",  # evidence
        "< 90 mmHg",
        "ASTCT 2019",
        "CRS grade",  # chart
        "Paracetamol 1 g, as needed",  # management
        "ordered by C. Okafor, MD",
        "after 9 min",  # from the finding to the first action
        "Fever and low pressure four hours after the dose.",
        MEANING,
    ):
        assert said in text
    assert "A. Reyes, RN logged a treatment." in text
    assert "page 1 of" in text
    assert "Generated 19 Nov 2026, 14:30 −05:00 by C. Okafor, MD" in text
    assert "Monitor 0.1.0" in text


def test_the_adverse_event_record_is_in_it_with_start_and_stop_per_grade(cast, episode):
    assert "No signed decision confirms an adverse event" in printed(
        episode, cast.okafor
    )
    sign(cast, episode)
    text = printed(episode, cast.okafor)
    for said in (
        "02-014 AE1, version 1, signed",
        "Cytokine release syndrome, CTCAE v5.0",
        "Highest grade grade 2",
        "No second reviewer has said anything.",
    ):
        assert said in text


# What was asked, what others said, and what was reported


def asked(cast, episode):
    """Okafor asks about the pressure of 14:10; Reyes puts 88 in its place."""
    value = Reading.objects.filter(item="SYSBP").latest("pk")
    told = {"cycle": cast.cycle, "by": cast.okafor, "reading": value}
    question = flow.ask(text="Was the cuff on?", key=uuid4(), **told)
    flow.answer(
        question=question,
        by=cast.reyes,
        text="It had slipped.",
        reading=value,
        new=read_reading("SYSBP", "88"),
        reason="transcription error",
        key=uuid4(),
    )
    flow.close_question(question=question, by=cast.okafor, key=uuid4())


def test_a_question_about_a_value_is_in_it_with_what_came_of_it(cast, episode):
    assert "Nothing was asked about this event." in printed(episode, cast.okafor)
    asked(cast, episode)
    text = printed(episode, cast.okafor)
    for said in (
        "Asked about Systolic blood pressure: Was the cuff on?",
        "Systolic blood pressure, 19 Nov 14:10",
        "Answer: It had slipped. (with a correction, see Corrected since)",
        "Closed – C. Okafor, MD",
    ):
        assert said in text, said


def test_who_disagrees_stands_on_every_page_and_in_the_course(cast, episode, weber):  # noqa: F811
    opine(sign(cast, episode).signature, weber)
    made = dossier.make(episode, cast.okafor)
    pages = [page.extract_text() for page in PdfReader(BytesIO(made.content)).pages]
    said = "; H. Weber, MD disagrees"
    assert [said in " ".join(page.split()) for page in pages] == [True] * len(pages)
    text = read(made.content)
    assert (
        "Second reviewer disagrees with what C. Okafor, MD signed: sepsis, not CRS"
    ) in text
    assert "disagrees: sepsis, not CRS" in text


def test_the_reports_are_in_it_with_by_when_to_whom_and_whether_in_time(
    cast, episode, now
):
    sign(cast, episode)
    text = printed(episode, cast.okafor)
    assert "Site to sponsor 19 Nov 2026, 14:30 −05:00" in text
    assert "20 Nov 2026, 14:30 −05:00 not made yet" in text
    flow.report_event(
        episode=episode,
        kind="site",
        rank=1,
        sent_at=now,
        note="e-mail to the safety desk",
        by=cast.chen,
        key=uuid4(),
    )
    text = printed(episode, cast.okafor)
    for said in (
        "made in time 19 Nov 2026, 14:30 −05:00",
        "Reported, Site to sponsor: e-mail to the safety desk",
        "4 Dec 2026, 23:59 +00:00 not made yet",
    ):
        assert said in text, said
    with clock.freeze(now + 25 * 60 * MINUTE):
        assert "made in time" in printed(episode, cast.okafor)


# Signed or not


def test_unsigned_it_is_a_draft_on_every_page(cast, episode):
    made = dossier.make(episode, cast.okafor)
    pages = PdfReader(BytesIO(made.content)).pages
    assert not made.signed
    assert all("DRAFT, not signed" in page.extract_text() for page in pages)


def test_signed_it_names_the_signer_on_every_page(cast, episode):
    signature = sign(cast, episode).signature
    made = dossier.make(episode, cast.okafor)
    pages = PdfReader(BytesIO(made.content)).pages
    assert made.signed
    assert not any("DRAFT" in page.extract_text() for page in pages)
    assert all("Signed by C. Okafor, MD" in page.extract_text() for page in pages)
    assert signature.digest in read(made.content).replace(" ", "")


def test_a_change_to_what_was_signed_makes_it_a_draft_again(cast, episode, now):
    sign(cast, episode)
    flow.log_treatment(
        cycle=cast.cycle,
        code="fluid_bolus",
        form="amount",
        amount=500,
        unit="mL",
        at=now - 15 * MINUTE,
        by=cast.reyes,
        key=uuid4(),
        episodes=[episode],
    )
    text = printed(episode, cast.okafor)
    assert "DRAFT, not signed" in text
    assert "withdrawn by change on 19 Nov 2026, 14:30 −05:00" in text


# Who may, and what they may know


def test_who_takes_it(cast, episode):
    names = ["okafor", "chen", "moreau", "iyer", "reyes", "haddad", "berg", "silva"]
    statuses = [send(cast.people[name], episode).status_code for name in names]
    assert statuses == [200, 200, 200, 200, 403, 403, 404, 404]


def test_who_is_blinded_is_told_no_dose(cast, episode):
    sign(cast, episode)
    text = printed(episode, cast.moreau)
    assert [one for one in ("1200 IU/kg", "1200", "[iU]/kg") if one in text] == []
    assert "Cohort D" in text


def test_who_may_see_the_level_is_told_it(cast, episode):
    assert "1200 IU/kg" in printed(episode, cast.iyer)


# What the trail keeps


def test_the_trail_keeps_who_when_and_which_file(cast, episode, now):
    response = send(cast.okafor, episode)
    event = Event.objects.get(action="dossier.exported")
    told = {one["field"]: one["new"] for one in event.changes}
    assert (event.actor, event.at, event.participant) == ("okafor", now, "02-014")
    assert told["digest"] == hashlib.sha256(response.content).hexdigest()
    assert told["signed"] == "no"
    assert told["file"] in response["Content-Disposition"]
    assert response["Content-Type"] == "application/pdf"


def test_reading_the_page_takes_nothing_out(cast, episode):
    client = Client()
    client.force_login(cast.reyes)
    assert client.get(f"/episodes/{episode.pk}/dossier/").status_code == 200
    assert not Event.objects.filter(action="dossier.exported").exists()


# The file itself


def test_it_says_its_title_its_language_and_where_its_sections_are(cast, episode):
    made = PdfReader(BytesIO(dossier.make(episode, cast.okafor).content))
    assert made.metadata.title == "Dossier: 02-014, CRS"
    assert made.trailer["/Root"]["/Lang"] == "en-us"
    assert made.trailer["/Root"]["/ViewerPreferences"]["/DisplayDocTitle"]
    assert made.outline[0].title == "1  The event in short"
    assert len(made.outline) == 15


NAMES = ["Łukasz Żółć, MD", "Ольга Иванова", "Νίκος Παππάς", "王小明", "김민준"]


def test_every_name_prints_in_an_embedded_face():
    names = "; ".join(NAMES)
    leaf = Dossier("A", "B", names, "", names, names, "M", "en")
    section = Section("People", [Words(names), Facts([("Names", names)])])
    content = paper.printed(leaf, setting.flowables(replace(leaf, sections=[section])))
    page = PdfReader(BytesIO(content)).pages[0]
    assert [name for name in NAMES if read(content).count(name) != 5] == []
    used = [one.get_object() for one in page["/Resources"]["/Font"].values()]
    assert [one for one in used if "/FontFile2" not in one["/FontDescriptor"]] == []


def test_a_letter_that_no_face_has_is_left_as_it_is():
    assert fonts.face_for("\U000e0001") == ""


def test_words_are_never_markup():
    assert fonts.markup("SBP < 90 & <b>") == "SBP &lt; 90 &amp; &lt;b&gt;"


# The narrative's draft


def test_every_sentence_rests_on_a_row(cast, episode):
    sign(cast, episode)
    draft = narrative.draft(source_of(episode, cast.okafor))
    assert [one.text for one in draft if not one.refs] == []
    kinds = [ref.kind for one in draft for ref in one.refs]
    assert kinds == [
        "participant",
        "dose",
        "step",
        "treatment",
        "step",
        "step",
        "decision",
    ]


def test_the_draft_names_no_amount_of_the_study_drug(cast, episode):
    text = " ".join(
        one.text for one in narrative.draft(source_of(episode, cast.okafor))
    )
    assert "1200" not in text
    assert "Dose 1 of NARA (cycle 1) was given on 19 Nov 2026, 10:05 −05:00" in text


def test_a_dose_that_was_given_while_it_went_on_is_told(cast, episode, now):
    at = now - timedelta(minutes=2)
    status = Dose.Status.GIVEN
    record_dose(dose=cast.next_dose, status=status, given_at=at, by=cast.reyes)
    source = source_of(episode, cast.okafor)
    (suspect,) = [one.value for one in minimum(source) if one.key == "suspect"]
    said = "19 Nov 2026, 14:28 −05:00"
    assert suspect.endswith(f", and while it went on dose 2 on {said}")
    text = " ".join(one.text for one in narrative.draft(source))
    assert f"Dose 2 of NARA was given on {said}, while it went on." in text


def test_the_draft_tells_what_happened_in_order_of_time(cast, episode, now):
    at = now - timedelta(minutes=2)
    status = Dose.Status.GIVEN
    record_dose(dose=cast.next_dose, status=status, given_at=at, by=cast.reyes)
    draft = narrative.draft(source_of(episode, cast.okafor))
    told = [ref.kind for one in draft[2:-2] for ref in one.refs]
    assert told == ["step", "treatment", "dose"]


def test_another_reading_changes_the_basis_of_the_draft(cast, episode, now):
    before = narrative.digest(narrative.draft(source_of(episode, cast.okafor)))
    enter(cast, now, {**LOW, "SYSBP": "76"})
    after = narrative.digest(narrative.draft(source_of(episode, cast.okafor)))
    assert before != after


def test_no_query_more_for_eight_sets_than_for_one(cast, episode, now):
    def asked() -> int:
        found = episodes.episode_for(cast.okafor, episode.pk)
        with CaptureQueriesContext(connection) as captured:
            source_of(found, cast.okafor)
        return len(captured)

    before = asked()
    for minute in range(1, 8):
        enter(cast, now - minute * MINUTE, LOW)
    assert asked() == before


def test_a_grade_that_a_person_gives_stands_before_what_was_computed(cast, episode):
    told = {"verdict": "regrade", "grade": 3, "ctcae_grade": 3, "reason": "a pressor"}
    flow.review_and_sign(
        episode=episode,
        by=cast.okafor,
        password=PASSWORD,
        meaning=MEANING,
        **whole(episode, **DECISION | told),
    )
    text = printed(episode, cast.okafor)
    assert (
        "maximum ASTCT grade 3 as decided by C. Okafor, MD (by the values: ASTCT grade "
        "2)"
    ) in text
    draft = [one.text for one in narrative.draft(source_of(episode, cast.okafor))]
    assert "The highest grade by the values and treatments was ASTCT grade 2." in draft
    assert "Regrade, ASTCT grade 3; Study drug probable" in draft[-1]
