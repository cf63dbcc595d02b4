"""Which device a session is on, in words its owner knows it by."""

import pytest

from monitor.door.devices import device_words

AS_MOZILLA = "Mozilla/5.0"
KHTML = "AppleWebKit/537.36 (KHTML, like Gecko)"


@pytest.mark.parametrize(
    ("told", "said"),
    [
        (
            f"{AS_MOZILLA} (Windows NT 10.0) {KHTML} Chrome/120 Safari/537 Edg/120",
            "Edge, Windows",
        ),
        (
            f"{AS_MOZILLA} (X11; Linux x86_64) {KHTML} Chrome/120 Safari/537",
            "Chrome, Linux",
        ),
        (
            f"{AS_MOZILLA} (Linux; Android 14) {KHTML} Chrome/120 Safari/537",
            "Chrome, Android",
        ),
        (
            f"{AS_MOZILLA} (iPad; CPU OS 17 like Mac OS X) Version/17 Safari/604",
            "Safari, iPad",
        ),
        (
            f"{AS_MOZILLA} (Macintosh; Intel Mac OS X 14.1) Firefox/121.0",
            "Firefox, Mac",
        ),
        ("ward-terminal/3", "ward-terminal/3"),
        ("", "unknown device"),
    ],
)
def test_a_browser_is_named_with_its_system(told: str, said: str):
    assert device_words(told) == said
