"""What holds on every page: its headers, and what it does with what is too much."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client, RequestFactory, override_settings
from django.urls import reverse

from tests.cast import PASSWORD
from tests.trials.test_the_walk import addresses, ward  # noqa: F401
from tests.trials.walk import LINES

WANTED = {
    "Referrer-Policy": "same-origin",
    "X-Frame-Options": "DENY",
    "X-Content-Type-Options": "nosniff",
    "Cross-Origin-Opener-Policy": "same-origin",
}
SECURE = {"SECURE_SSL_REDIRECT": True, "SECURE_HSTS_SECONDS": 31536000}


def headers_missing(answer) -> list[str]:
    """What the answer does not say to the browser."""
    policy = answer.headers.get("Content-Security-Policy", "unsafe")
    wrong = [name for name, said in WANTED.items() if answer.headers.get(name) != said]
    wrong += ["Content-Security-Policy"] if "unsafe" in policy else []
    wrong += [] if "Permissions-Policy" in answer.headers else ["Permissions-Policy"]
    kept = answer.headers.get("Cache-Control", "")
    wrong += [] if "no-store" in kept else ["Cache-Control"]
    return wrong


@pytest.mark.requirement("I7.3")
def test_every_page_says_to_the_browser_what_it_may_do(ward, addresses):  # noqa: F811
    client, found = Client(), {}
    client.force_login(ward.okafor)
    for name, arguments in addresses.items():
        if LINES[name].get is not None:
            found[name] = headers_missing(client.get(reverse(name, kwargs=arguments)))
    assert {name: wrong for name, wrong in found.items() if wrong} == {}


def test_a_stranger_and_an_unknown_address_are_told_the_same(client, db):
    assert headers_missing(client.get("/login/")) == []
    assert headers_missing(client.get("/no-such-page/")) == []


@pytest.mark.requirement("I7.3")
def test_no_script_reads_a_cookie_and_no_other_site_sends_one(cast, client):
    client.get("/login/")
    told = {"username": "reyes", "password": PASSWORD}
    set_by = client.post("/login/", told).cookies | client.get("/login/").cookies
    said = {name: (one["httponly"], one["samesite"]) for name, one in set_by.items()}
    names = ("csrftoken", "sessionid", "monitor_came_in")
    assert said == dict.fromkeys(names, (True, "Lax"))


def test_over_tls_the_browser_is_told_to_stay_there(client, db):
    with override_settings(**SECURE):
        client = Client()
        assert client.get("/login/").headers["Location"].startswith("https://")
        said = client.get("/login/", secure=True).headers
    assert said["Strict-Transport-Security"].startswith("max-age=31536000")


# Too much, and of the wrong kind


def test_a_file_is_dropped_unread():
    file = SimpleUploadedFile("chart.exe", b"MZ" * 1000)
    request = RequestFactory().post("/login/", {"username": "reyes", "attached": file})
    assert request.POST["username"] == "reyes"
    assert not request.FILES


@pytest.mark.parametrize(("size", "status"), [(250_000, 422), (270_000, 400)])
def test_a_form_has_its_size(cast, client, size, status):
    client.force_login(cast.reyes)
    path = "/participants/02-014/observe/"
    answer = client.post(path, {"note": "x" * size})
    assert answer.status_code == status
