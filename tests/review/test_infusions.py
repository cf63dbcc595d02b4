"""An infusion reaction, named as another cause beside cytokine release (R14)."""

from datetime import timedelta

import pytest
from django.test import Client

from monitor.clinical.study.protocol import Agent, Protocol
from monitor.episodes.models import Episode
from monitor.review.infusions import differential_of
from monitor.trials.models import Dose
from tests.acts import LOW, baseline, enter

HOUR = timedelta(hours=1)
TWO = Protocol(
    agents=(Agent("mrna", "ILKN421H"), Agent("antibody", "Pembrolizumab", False))
)


def dose(agent, number, given_at):
    return Dose(agent=agent, number=number, given_at=given_at)


@pytest.mark.parametrize(
    ("hours", "named"),
    [(0, True), (23.99, True), (24, True), (24.01, False), (-1, False)],
)
def test_a_reaction_is_named_for_a_day_after_a_start(now, hours, named):
    found = differential_of("crs", now, [dose("mrna", 1, now - hours * HOUR)], TWO)
    assert (found is not None) is named


@pytest.mark.parametrize(("hours", "soon"), [(1.99, True), (2, True), (2.01, False)])
def test_the_first_two_hours_are_said(now, hours, soon):
    found = differential_of("crs", now, [dose("mrna", 1, now - hours * HOUR)], TWO)
    assert found.soon is soon


def test_of_two_agents_each_is_named_with_its_own_clock(now):
    doses = [dose("antibody", 1, now - 4 * HOUR), dose("mrna", 1, now - 3 * HOUR)]
    found = differential_of("crs", now, doses, TWO).started
    assert [(one.label, one.span) for one in found] == [
        ("ILKN421H", 3 * HOUR),
        ("Pembrolizumab", 4 * HOUR),
    ]


@pytest.mark.parametrize("topic", ["cls", "infection", "infusion_reaction"])
def test_it_is_named_beside_cytokine_release_alone(now, topic):
    assert differential_of(topic, now, [dose("mrna", 1, now)], TWO) is None


def test_a_dose_that_was_not_given_began_nothing(now):
    assert differential_of("crs", now, [dose("mrna", 1, None)], TWO) is None


def test_the_page_of_the_event_names_it(cast, now):
    baseline(cast)
    enter(cast, now, LOW)
    client = Client()
    client.force_login(cast.okafor)
    episode = Episode.objects.get(topic="crs")
    page = client.get(f"/episodes/{episode.pk}/").content.decode()
    assert "Another cause to consider: infusion reaction." in page
    assert "dose 1 began" in page
