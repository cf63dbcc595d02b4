"""What leaves the program: code, level, site, time and link, and nothing else."""

import json
from email import message_from_bytes, policy

import pytest

from monitor import outside
from monitor.notices import actions
from monitor.notices.actions.sending import message_of
from monitor.notices.channels import email, webhook
from monitor.notices.models import Sending
from tests.acts import LOW, baseline, enter
from tests.notices.told import deliver


@pytest.fixture
def message(cast, now, settings):
    """What Okafor is sent about a fever with a low pressure."""
    settings.MONITOR_EMAIL = outside.email("smtp://127.0.0.1:9", "monitor@example.org")
    settings.MONITOR_URL = "https://monitor.example"
    actions.set_email(user=cast.okafor, email="okafor@example.org", by=cast.okafor)
    baseline(cast)
    enter(cast, now, LOW)
    deliver(now)
    return message_of(Sending.objects.get(channel="email"))


def test_a_mail_says_code_level_site_time_and_where_to_look(message):
    mail = message_from_bytes(bytes(email.mail(message)), policy=policy.default)
    assert mail["To"] == "okafor@example.org"
    assert mail["Subject"] == "Monitor: 02-014, warning"
    assert mail.get_content().splitlines() == [
        "02-014 · warning",
        "NARA-2 02 · 19 Nov 2026 14:30 UTC-0500",
        f"https://monitor.example/notices/{message.notice}/",
        "Sign in to read and acknowledge it.",
    ]
    assert mail["Message-ID"] == f"<{message.key}@example.org>"


def test_a_pager_is_told_the_same_and_no_more(message):
    assert json.loads(webhook.body(message)) == {
        "id": message.key,
        "to": "okafor@example.org",
        "participant": "02-014",
        "kind": "level",
        "level": "warning",
        "site": "NARA-2 02",
        "at": "2026-11-19T19:30:00+00:00",
        "site_time": "19 Nov 2026 14:30 UTC-0500",
        "link": f"https://monitor.example/notices/{message.notice}/",
    }


def test_the_same_message_carries_the_same_key_at_every_attempt(message, settings):
    settings.MONITOR_WEBHOOK_SECRET = "a secret of this test, long enough"
    first = webhook.headers(message.key, b"{}")
    assert first["webhook-id"] == message.key
    assert first == webhook.headers(message.key, b"{}")
    other = webhook.headers(message.key, b"{ }")
    assert other["webhook-signature"] != first["webhook-signature"]
