"""On the printed chart every treatment has its words, and none lies over another."""

import pytest

from monitor.review.dossier import fonts
from monitor.review.dossier.lanes import lanes

RIGHT = 400.0
NEVER = None


@pytest.fixture(autouse=True)
def letters():
    fonts.page_fonts()


def laid(*treatments):
    rows = [
        {"label": label, "from": start, "to": end} for label, start, end in treatments
    ]
    return lanes(rows, float, RIGHT)


def test_words_stand_in_a_box_that_holds_them():
    (one,) = laid(("Albumin", 10, 200))
    assert (one.lane, one.start, one.end, one.at) == (0, 10, 200, 12)


def test_words_stand_behind_a_box_that_is_too_short():
    (one,) = laid(("Albumin by vein 25 g", 10, 20))
    assert (one.end, one.at) == (20, 23)


def test_what_is_given_at_once_has_its_words_behind_the_mark():
    (one,) = laid(("Study drug held", 10, NEVER))
    assert (one.end, one.at) == (None, 16)


def test_words_that_would_leave_the_page_stand_before_the_mark():
    (one,) = laid(("Study drug held", 390, NEVER))
    assert one.at < 390 - 6


def test_two_that_would_lie_over_each_other_have_a_lane_each():
    held, albumin, later = laid(
        ("Study drug held", 10, NEVER),
        ("Albumin by vein 25 g", 14, 40),
        ("Paracetamol 1 g", 300, NEVER),
    )
    assert (held.lane, albumin.lane, later.lane) == (0, 1, 0)


def test_the_earliest_is_the_topmost():
    first, second = laid(("Paracetamol", 30, 200), ("Furosemide", 10, 190))
    assert (first.words, second.words) == ("Furosemide", "Paracetamol")
