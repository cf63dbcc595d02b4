"""The knowledge page shows every number, how far it can be relied on, and overrides."""

from django.test import Client

from monitor.clinical.thresholds import SOURCES, THRESHOLDS
from monitor.trials import knowledge
from monitor.trials.models import ProtocolVersion


def test_every_threshold_stands_in_one_theme():
    keys = [
        line.threshold.key for theme in knowledge.themes([]) for line in theme.lines
    ]
    assert sorted(keys) == sorted(THRESHOLDS)


def test_what_a_protocol_sets_stands_beside_the_default(cast):
    document = {"thresholds": {"sbp_low": {"value": 85, "unit": "mm[Hg]", "why": "HD"}}}
    version = ProtocolVersion(trial=cast.trial, number="2.0", document=document)
    set_ = knowledge.overrides_of([version])["sbp_low"][0]
    assert (set_.value, set_.trial, set_.why) == (85, "NARA-2", "HD")


def test_the_page_shows_numbers_items_treatments_and_sources(cast):
    client = Client()
    client.force_login(cast.reyes)
    text = client.get("/knowledge/").content.decode()
    assert all(f'id="threshold-{key}"' in text for key in THRESHOLDS)
    assert all(f'id="source-{key}"' in text for key in SOURCES)
    for said in ("configurable default", "verified", "Paracetamol", 'id="item-TEMP"'):
        assert said in text


def test_nobody_reads_it_without_signing_in(client, db):
    assert client.get("/knowledge/").status_code == 302
