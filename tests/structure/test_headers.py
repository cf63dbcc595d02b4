"""What every answer tells the browser, and what every log line leaves out."""

import json
import logging
import sys

import pytest
from django.conf import settings
from django.contrib.staticfiles import finders
from django.test import RequestFactory

from monitor.logs import JsonFormatter


@pytest.fixture
def answer(client):
    return client.get("/no-such-page/")


def test_the_content_policy_allows_nothing_unsafe(answer):
    policy = answer.headers["Content-Security-Policy"]
    assert "unsafe" not in policy
    assert "default-src 'none'" in policy
    assert "script-src 'self';" in policy
    assert "style-src 'self';" in policy
    assert "frame-ancestors 'none'" in policy


def test_devices_referrers_and_frames_are_closed(answer):
    assert "camera=()" in answer.headers["Permissions-Policy"]
    assert answer.headers["Referrer-Policy"] == "same-origin"
    assert answer.headers["X-Frame-Options"] == "DENY"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


# The end of an answer looks whether a connection is still fit for use.
@pytest.mark.django_db
def test_a_static_file_is_for_our_own_pages(client):
    answer = client.get("/static/css/tokens.css")
    answer.close()
    told = ("X-Frame-Options", "X-Content-Type-Options", "Access-Control-Allow-Origin")
    assert answer.status_code == 200
    assert [answer.headers.get(name) for name in told] == ["DENY", "nosniff", None]


@pytest.mark.parametrize(
    "name",
    [
        "vendor/bootstrap/css/bootstrap.min.css",
        "vendor/bootstrap/js/bootstrap.bundle.min.js",
        "vendor/uplot/uPlot.iife.js",
        "vendor/uplot/uPlot.min.css",
        "django_htmx/htmx-2.min.js",
    ],
)
def test_what_others_wrote_is_served_from_its_package(name):
    found = finders.find(name)
    assert found
    assert not found.startswith(str(settings.BASE_DIR / "static"))


def logged(**extra: object) -> dict[str, object]:
    record = logging.makeLogRecord({"name": "monitor", "levelname": "ERROR", **extra})
    return json.loads(JsonFormatter().format(record))


def test_a_log_line_names_a_route_and_never_a_path():
    request = RequestFactory().get("/participants/IRX-001/?q=fever")
    line = logged(msg="Not Found: %s", args=(request.path,), request=request)
    assert (line["message"], line["method"]) == ("request", "GET")
    assert "IRX-001" not in json.dumps(line)


def test_a_log_line_names_an_exception_and_never_its_words():
    try:
        raise ValueError("IRX-001 has 39.4 Cel")
    except ValueError:
        line = logged(msg="assessment failed", exc_info=sys.exc_info())
    assert (line["message"], line["exception"]) == ("assessment failed", "ValueError")
    assert "IRX-001" not in json.dumps(line)
