"""Every page about one participant begins with the same bar: who, dose level, day."""

import re

import pytest

from tests.acts import LOW, baseline, enter
from tests.cast import enroll
from tests.review.test_pages import as_

PAGES = ("audit", "files", "identity", "unblind", "adverse-events")


def bar(client, code, page):
    text = client.get(f"/participants/{code}/{page}/").content.decode()
    found = re.search(r'<section class="identity .*?</section>', text, re.S)
    return " ".join(re.sub("<[^>]*>", " ", found[0]).split()) if found else ""


@pytest.mark.parametrize("page", PAGES)
def test_the_bar_says_who_which_level_and_which_day(cast, now, page):
    baseline(cast)
    enter(cast, now, LOW)
    told = bar(as_(cast.okafor), "02-014", page)
    assert told.startswith("02-014 1200 IU/kg")
    assert "Cycle, day C1 D1" in told


@pytest.mark.parametrize("page", ["audit", "adverse-events"])
def test_who_is_blinded_reads_the_neutral_label_in_it(cast, now, page):
    baseline(cast)
    told = bar(as_(cast.reyes), "02-014", page)
    assert told.startswith("02-014 Cohort D")
    assert "IU/kg" not in told


@pytest.mark.parametrize("page", PAGES)
def test_before_the_first_cycle_the_bar_says_so(cast, page):
    enroll(cast, "02-020", cast.boston, cast.cohort, cast.okafor)
    told = bar(as_(cast.okafor), "02-020", page)
    assert told.startswith("02-020")
    assert "Cycle, day none opened" in told


def test_the_list_of_all_participants_has_no_bar(cast):
    page = as_(cast.okafor).get("/adverse-events/").content.decode()
    assert 'class="identity ' not in page
