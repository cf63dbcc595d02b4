"""What no scale grades is named by a CTCAE term, with a grade of that term."""

from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import call_command

from monitor import clock
from monitor.clinical.answers.topics import TOPICS
from monitor.clinical.ctcae import naming as terms
from monitor.episodes.models import Episode
from monitor.refusal import Refused
from monitor.review import desk, narrative
from monitor.review.complete import lacking
from monitor.review.consistency import Decision, Standing, problems
from monitor.review.dossier.minimum import minimum
from monitor.review.dossier.source import source_of
from monitor.review.events import AdverseEvent
from monitor.trials.wording import key_of_topic, terms_of
from tests.acts import LOW, WELL, baseline, enter, enter_at
from tests.cast import CYCLE_OPENED, open_cycle
from tests.review.test_pages import as_, send
from tests.review.test_signing import sign
from tests.trials.test_ctcae_table import rows_of, table  # noqa: F401

MINUTE = timedelta(minutes=1)
V5 = terms.event_terms("v5")
OPEN = Standing(suggested=None, closed=False, terms=V5)
LEAK = Standing(2, closed=False, own_term="Capillary leak syndrome", terms=V5)
RELEASE = Standing(2, closed=False, own_term="Cytokine release syndrome")


@pytest.fixture
def chest(cast, now):
    """A pressure of 86 and a first oxygen without a fever: heart and lungs."""
    baseline(cast)
    given = {"OXYGEN_DEVICE": "nasal_cannula", "OXYGEN_FLOW": "2", "OXYSAT": "91"}
    enter_at(cast, now - 30 * MINUTE, {**WELL, **given})
    return Episode.objects.get(topic="heart_lung")


def decided(verdict="agree", **more):
    return Decision.of(verdict=verdict, **more)


# Which terms there are, and which are proposed


def test_a_version_holds_its_own_terms_and_no_others():
    v6 = terms.event_terms("v6")
    assert "Left ventricular systolic dysfunction" in V5
    assert "Left ventricular systolic dysfunction" not in v6
    assert v6["Left ventricular dysfunction"].grades == (1, 2, 3)
    assert (V5["Sepsis"].grades, V5["Hypoxia"].grades) == ((3, 4, 5), (2, 3, 4, 5))
    assert v6["Hypoxia"].grades == (1, 2, 3, 4, 5)


def test_every_topic_that_is_no_term_has_proposals_but_a_nurses_concern():
    without = {one.name for one in TOPICS if not key_of_topic(one.name)}
    assert without - set(terms.PROPOSALS) == {"concern"}


def test_only_what_the_topic_itself_says_stands_in_the_field():
    chosen = {topic: terms.proposed(topic, V5).first for topic in terms.PROPOSALS}
    assert {topic: name for topic, name in chosen.items() if name} == {
        "fever": "Fever",
        "infusion_reaction": "Infusion related reaction",
    }


def test_a_term_is_found_however_it_is_typed():
    assert terms.spelled(" lung  INFECTION", V5) == "Lung infection"
    assert terms.spelled("Ague", V5) == "Ague"


# What contradicts itself, and what a signature asks for


@pytest.mark.parametrize(
    ("decision", "standing", "fields"),
    [
        (decided(grade=3, ctcae_term="Sepsis"), OPEN, set()),
        (decided(grade=2, ctcae_term="Sepsis"), OPEN, {"grade"}),
        (decided(grade=3), OPEN, {"ctcae_term"}),
        (decided(grade=3, ctcae_term="Ague"), OPEN, {"ctcae_term"}),
        (decided(ctcae_term="Sepsis"), OPEN, set()),
        (decided(), OPEN, set()),
        (decided(grade=2), LEAK, set()),
        (decided(grade=2, ctcae_term="Hypotension"), LEAK, set()),
        (decided(grade=2, ctcae_term="Capillary leak syndrome"), LEAK, set()),
        (decided(grade=2, ctcae_term="Fever"), RELEASE, {"ctcae_term"}),
        (
            decided("not_significant", reason="one", ctcae_term="Fever"),
            OPEN,
            {"ctcae_term"},
        ),
    ],
)
def test_a_term_and_its_grade_must_fit(decision, standing, fields):
    assert set(problems(decision, standing)) == fields


@pytest.mark.parametrize(
    ("decision", "standing", "fields"),
    [
        (decided(), OPEN, {"ctcae_term"}),
        (decided(ctcae_term="Sepsis"), OPEN, {"grade"}),
        (decided(grade=3, ctcae_term="Sepsis"), OPEN, set()),
        (decided(grade=2), LEAK, set()),
        (decided(grade=2), RELEASE, set()),
        (
            decided(grade=3, ctcae_term="Cardiac disorders - Other, specify"),
            OPEN,
            {"note"},
        ),
        (
            decided(
                grade=3, ctcae_term="Cardiac disorders - Other, specify", note="a clot"
            ),
            OPEN,
            set(),
        ),
    ],
)
def test_a_signature_asks_for_the_term_and_its_grade(decision, standing, fields):
    asked = set(lacking(decision, standing)) - {"outcome"}
    assert asked == fields


# Through the desk


def test_who_agrees_names_the_term_and_it_stands_in_the_record(cast, now, chest):
    sign(cast, chest, grade=3, ctcae_term="Hypoxia")
    event = AdverseEvent.objects.get()
    begun = now - 30 * MINUTE
    assert (event.term, event.decoded, event.ctcae) == (
        "Heart and lung",
        "Hypoxia",
        "v5",
    )
    assert event.grade == 3
    assert event.intervals == [{"grade": 3, "from": begun.isoformat(), "until": None}]
    assert (event.starts_at, event.ends_at) == (begun, None)


def test_the_dossier_names_the_event_by_that_term(cast, chest):
    """The least that a report must say, and the story: not the topic alone."""
    sign(cast, chest, grade=3, ctcae_term="Hypoxia")
    source = source_of(chest, cast.okafor)
    said = {one.key: one.words for one in minimum(source)}
    assert said["event"] == (
        "Hypoxia, CTCAE v5.0, maximum grade 3 as decided by C. Okafor, MD (by the "
        "values: none)"
    )
    assert "; Hypoxia" in narrative.draft(source)[-1].text


@pytest.fixture
def fever(cast, now):
    """In a cycle without a dose: 38.6 from 13:30, 39.4 from 14:00, none from 14:20."""
    with clock.freeze(CYCLE_OPENED):
        cycle = open_cycle(cast, "02-014", number=2)
    for minutes, heat in ((60, "38.6"), (30, "39.4"), (10, "37.0")):
        at = now - minutes * MINUTE
        with clock.freeze(at):
            enter(cast, at, {**WELL, "TEMP": heat}, cycle=cycle)
    return Episode.objects.get(cycle=cycle, topic="fever")


def spans(event):
    return [(one["grade"], one["from"], one["until"]) for one in event.intervals]


@pytest.mark.parametrize("grade", [2, 3])
def test_a_term_that_the_chart_grades_has_its_start_and_stop_per_grade(
    cast, now, fever, grade
):
    """The person's grade is the highest, where the chart's own was."""
    sign(cast, fever, grade=grade, ctcae_term="Fever")
    first, second, third = (
        (now - minutes * MINUTE).isoformat() for minutes in (60, 30, 10)
    )
    event = AdverseEvent.objects.get()
    assert spans(event) == [(1, first, second), (grade, second, third)]
    assert event.grade == grade


def test_a_term_that_nothing_grades_has_the_persons_grade_throughout(cast, now, fever):
    sign(cast, fever, grade=2, ctcae_term="Skin infection")
    event = AdverseEvent.objects.get()
    assert spans(event) == [(2, (now - 60 * MINUTE).isoformat(), None)]


def test_a_death_of_a_named_event_keeps_the_grades_before_it(cast, now, fever):
    told = {"verdict": "regrade", "grade": 5, "reason": "died", "outcome": "FATAL"}
    died = now - 20 * MINUTE
    told |= {"serious": ["AESDTH"], "died_at": died, "ctcae_term": "Fever"}
    sign(cast, fever, **told)
    assert [one[0] for one in spans(AdverseEvent.objects.get())] == [1, 2, 5]


def test_without_a_term_it_is_not_signed_and_the_page_says_what_to_do(cast, chest):
    answer = send(cast.okafor, chest, ctcae_term="", grade=None)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "Name the event by its CTCAE term." in page
    assert not AdverseEvent.objects.exists()


def test_the_page_proposes_terms_and_chooses_none_of_several(cast, chest):
    page = as_(cast.okafor).get(f"/episodes/{chest.pk}/").content.decode()
    assert "Often one of: Hypoxia; Hypotension; Myocarditis" in page
    assert '<option value="Pneumonitis"></option>' in page
    first = desk.first_choices(
        cast.okafor, case := desk.case_of(chest), desk.subject_of(case)
    )
    assert first == {"verdict": "agree", "grade": None}


def test_a_release_is_its_own_term_and_no_other_is_offered(cast, now):
    baseline(cast)
    enter_at(cast, now - 5 * MINUTE, LOW)
    release = Episode.objects.get(topic="crs")
    page = as_(cast.okafor).get(f"/episodes/{release.pk}/").content.decode()
    assert "ctcae-terms" not in page
    with pytest.raises(Refused) as refused:
        sign(cast, release, ctcae_term="Fever")
    assert refused.value.field == "ctcae_term"


def test_a_signed_term_is_shown_with_the_decision_and_bound_to_it(cast, chest):
    sign(cast, chest, grade=3, ctcae_term="Hypoxia")
    page = as_(cast.okafor).get(f"/episodes/{chest.pk}/").content.decode()
    assert "Hypoxia" in page
    assert "term to be coded" not in page


def test_where_ncis_table_was_loaded_its_terms_and_codes_name_the_event(
    cast,
    chest,
    table,  # noqa: F811
):
    more = ["10099999", "A class", "Made-up disorder", "", "", "as printed", "–", ""]
    path = table(rows=[*rows_of(), [*more, "What it is."]])
    call_command("load_ctcae", str(path), by="vance", stdout=StringIO())
    assert terms_of("v5")["Made-up disorder"].grades == (3,)
    assert "Myocarditis" not in terms_of("v5")
    sign(cast, chest, grade=3, ctcae_term="Made-up disorder")
    event = AdverseEvent.objects.get()
    assert (event.decoded, event.code) == ("Made-up disorder", "10099999")
