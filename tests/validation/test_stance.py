"""What the program says of itself: it supports, and it does not watch."""

import pytest
from django.test import override_settings

from monitor import outside
from monitor.notices.channels import email
from monitor.notices.channels.base import Message
from tests.cast import NOW

SAID = "Supports clinical monitoring. Not an alarm system."


@pytest.mark.requirement("D1")
@pytest.mark.parametrize("path", ["/", "/permissions/", "/participants/02-014/"])
def test_every_page_says_what_the_program_is_not(cast, client, path):
    client.force_login(cast.reyes)
    assert SAID in client.get(path).content.decode()


@pytest.mark.requirement("P3")
def test_a_message_that_leaves_carries_code_level_place_time_and_link():
    message = Message(
        key="n-1-reyes",
        to="reyes",
        address="reyes@ward.example",
        participant="02-014",
        kind="level",
        level="warning",
        site="NARA-2 02",
        zone="America/New_York",
        at=NOW,
        notice=1,
    )
    with override_settings(
        MONITOR_EMAIL=outside.email("smtp://mail.example", "monitor@ward.example"),
        MONITOR_URL="https://monitor.example",
    ):
        mail = email.mail(message)
    assert mail["Subject"] == "Monitor: 02-014, warning"
    assert mail.get_content().splitlines() == [
        "02-014 · warning",
        "NARA-2 02 · 19 Nov 2026 14:30 UTC-0500",
        "https://monitor.example/notices/1/",
        "Sign in to read and acknowledge it.",
    ]
