"""The evidence of the highest grade stands beside what is there now."""

from datetime import timedelta

import pytest

from monitor.bedside.models import Reading
from monitor.episodes import queries as episodes
from monitor.episodes.models import Episode
from monitor.review.peak import peak_of
from tests.acts import FEVER, WELL, baseline, enter_at


@pytest.fixture
def feverish(cast, now):
    baseline(cast)
    at = now - timedelta(minutes=30)
    enter_at(cast, at, FEVER)
    return at


def peak():
    episode = Episode.objects.get(topic="crs")
    row = episodes.episode_row(episode)
    return peak_of(episode, row, episodes.history(episode))


def test_while_the_highest_stands_nothing_is_told_twice(cast, now, feverish):
    assert peak() is None


def test_what_made_the_highest_grade_stays_in_sight_when_it_is_gone(
    client, cast, now, feverish
):
    enter_at(cast, now, WELL)
    found = peak()
    assert (found.step.at, found.step.grade) == (feverish, 1)
    told = [(one.says, one.reason.at) for one in found.evidence]
    assert told[0] == ("Fever", feverish)
    client.force_login(cast.okafor)
    page = client.get(f"/episodes/{Episode.objects.get(topic='crs').pk}/")
    assert page.content.decode().count("At its highest:") == 1
    (fever,) = Reading.objects.filter(item="TEMP", number=38.6)
    about = f"/participants/02-014/ask/?about=reading:{fever.pk}"
    assert page.content.decode().count(f'href="{about}"') == 1


def test_a_grade_that_was_withdrawn_is_no_highest(cast, now, feverish):
    enter_at(cast, now, WELL)
    episode = Episode.objects.get(topic="crs")
    steps = episodes.history(episode)
    gone = [step for step in steps if step.grade != 1]
    assert peak_of(episode, episodes.episode_row(episode), gone) is None
