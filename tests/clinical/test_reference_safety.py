"""Expected or not: against the list that was in force on the day of onset."""

from datetime import date

import pytest

from monitor.clinical.ctcae import TERMS
from monitor.clinical.study.reference_safety import expectedness, in_force, problems

CRS, CLS = "CYTOKINE_RELEASE", "CAPILLARY_LEAK"
DOCUMENT = {
    "reference_safety": [
        {"name": "IB 5", "since": "2026-10-01", "listed": {CRS: 3, CLS: 1}},
        {"name": "IB 4", "since": date(2026, 3, 1), "listed": {CRS: 2}},
    ]
}


@pytest.mark.parametrize(
    ("on", "name"),
    [
        (date(2026, 2, 28), None),
        (date(2026, 3, 1), "IB 4"),
        (date(2026, 9, 30), "IB 4"),
        (date(2026, 10, 1), "IB 5"),
    ],
)
def test_the_edition_of_the_day_of_onset_is_in_force(on, name):
    found = in_force(DOCUMENT, on)
    assert (found.name if found else None) == name


@pytest.mark.parametrize(
    ("term", "grade", "answer"),
    [
        (CRS, 1, "expected"),
        (CRS, 2, "expected"),
        (CRS, 3, "unexpected"),
        (CRS, None, ""),
        (CLS, 1, "unexpected"),
        (CLS, None, "unexpected"),
        ("", 1, ""),
    ],
)
def test_more_severe_than_listed_is_unexpected(term, grade, answer):
    assert expectedness(in_force(DOCUMENT, date(2026, 3, 1)), term, grade) == answer


def test_without_a_list_nothing_can_be_said():
    assert expectedness(in_force({}, date(2026, 3, 1)), CRS, 1) == ""


@pytest.mark.parametrize(
    ("entry", "said"),
    [
        ({"name": "IB 4"}, "give name, since and listed"),
        ({"name": "IB", "since": "spring", "listed": {}}, "since is a date"),
        ({"name": "IB", "since": "2026-03-01", "listed": {"GOUT": 1}}, "no term GOUT"),
        ({"name": "IB", "since": "2026-03-01", "listed": {CRS: 6}}, "is 1 to 5"),
    ],
)
def test_a_list_that_cannot_be_used_says_what_to_mend(entry, said):
    (sentence,) = problems({"reference_safety": [entry]}, TERMS)
    assert said in sentence


def test_a_list_that_can_be_used_has_no_problems():
    assert list(problems(DOCUMENT, TERMS)) == []
