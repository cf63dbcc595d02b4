"""How ages, due times, changes and moments are said."""

from datetime import UTC, datetime, timedelta

import pytest
from django.template import Context, Template

from monitor import clock
from monitor.templatetags import monitor_ui, said_times, times

NOW = datetime(2026, 11, 19, 19, 26, tzinfo=UTC)
ZONE = "America/New_York"


def render(source: str, **context: object) -> str:
    return Template("{% load monitor_ui %}" + source).render(Context(context)).strip()


@pytest.fixture(autouse=True)
def _at_noon_of_the_story():
    with clock.freeze(NOW):
        yield


@pytest.mark.parametrize(
    ("minutes", "words"),
    [
        (0, "0 min"),
        (47, "47 min"),
        (60, "1 h 00"),
        (151, "2 h 31"),
        (28 * 60 + 10, "28 h 10"),
        (48 * 60, "2 d 0 h"),
        (5 * 24 * 60 + 4 * 60, "5 d 4 h"),
    ],
)
def test_an_age_is_as_fine_as_it_is_young(minutes, words):
    assert times.say_span(timedelta(minutes=minutes)) == words


@pytest.mark.parametrize(
    ("minutes", "words"),
    [
        (47, "47 min ago"),
        (599, "9 h 59 ago"),
        (600, "10 h ago"),
        (15 * 60 + 23, "15 h ago"),
        (48 * 60 - 1, "47 h ago"),
        (48 * 60, "2 d ago"),
        (3 * 24 * 60 - 1, "2 d ago"),
    ],
)
def test_ago_counts_from_now_and_stays_short_beside_its_time(minutes, words):
    assert said_times.ago(NOW - timedelta(minutes=minutes)) == words


@pytest.mark.parametrize(
    ("minutes", "words", "mark"),
    [
        (6, "in 6 min", "#clock"),
        (0.9, "now", "#clock"),
        (-0.9, "now", "#clock"),
        (-1, "1 min late", "#clock-filled"),
        (-31.9, "31 min late", "#clock-filled"),
    ],
)
def test_due_says_late_in_words_and_by_a_filled_clock(minutes, words, mark):
    html = render("{% due at %}", at=NOW + timedelta(minutes=minutes))
    assert words in html
    assert f'{mark}"' in html


@pytest.mark.parametrize(
    ("hours", "words"),
    [(0, "14:26"), (-24, "Wed 14:26"), (-24 * 10, "9 Nov 14:26")],
)
def test_a_time_says_as_much_as_its_distance_needs(hours, words):
    at = NOW + timedelta(hours=hours)
    assert times.say_time(at, ZONE, "near") == words


def test_a_signed_time_carries_its_offset_with_a_true_minus():
    said = times.say_time(NOW, ZONE, "signed")
    assert said == "Thu 19 Nov 2026, 14:26:00 −05:00"


def test_a_time_inside_a_page_is_the_sites():
    html = render("{% site_time at %}", at=NOW, site_zone=ZONE)
    assert ">14:26</time>" in html
    assert 'datetime="2026-11-19T14:26:00-05:00"' in html


@pytest.mark.parametrize(
    ("number", "decimals", "words"),
    [(2.1, 1, "+2.1"), (-18, 0, "−18"), (0, 0, "0"), (-0.04, 1, "0.0"), (None, 0, "")],
)
def test_a_change_always_shows_its_sign(number, decimals, words):
    assert monitor_ui.signed(number, decimals) == words


@pytest.mark.requirement("W1")
@pytest.mark.parametrize("level", list(monitor_ui.LEVELS))
def test_a_level_is_icon_word_and_color(level):
    html = render("{% level_pill level %}", level=level)
    assert f"#{level}" in html
    assert f"level-{level}" in html
    assert str(monitor_ui.LEVELS[level]) in html


def test_a_value_past_a_line_says_so_in_words():
    html = render('{% value "39.1" past="warning" change="up" %}')
    assert "past the warning line" in html
    assert "higher than the set before" in html


def test_a_stale_value_shows_no_trend():
    html = render('{% value "37.1" change="up" stale=True %}')
    assert "too old to count" in html
    assert "#up" not in html


def test_nothing_recorded_is_a_dash_not_a_blank():
    assert "–" in render("{% value none %}", none=None)


def test_markup_in_a_value_is_text():
    html = render("{% value text %}", text="<b>39.1</b>")
    assert "&lt;b&gt;" in html
