"""Signing in at the hospital: a real provider in a process of its own, and our door."""

import os
import subprocess
import sys
from datetime import timedelta
from http.client import HTTPConnection
from urllib.parse import urlencode, urlsplit

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.test import Client, override_settings

from monitor import clock, outside
from monitor.audit.models import Event
from monitor.door import linking
from monitor.door.models import HospitalLink, SecondFactor, SignedIn
from monitor.refusal import Refused
from monitor.trials.actions import lock_account
from tests.cast import PASSWORD
from tests.door.test_account import codes, shown  # noqa: F401
from tests.harness import ROOT

pytest.importorskip("mozilla_django_oidc")

SUBJECT = "berg-4711"
SECRET = "a secret of the hospital and us"


def provider(mistake: str = ""):
    ran = subprocess.Popen(
        [sys.executable, "-m", "tests.door.provider"],
        cwd=ROOT,
        env=os.environ | {"MISTAKE": mistake},
        stdout=subprocess.PIPE,
        text=True,
    )
    return ran, f"http://127.0.0.1:{int(ran.stdout.readline())}"


def settings_of(url: str) -> dict[str, object]:
    told = {
        "OIDC_ISSUER": url,
        "OIDC_RP_CLIENT_ID": "monitor",
        "OIDC_RP_CLIENT_SECRET": SECRET,
        "OIDC_OP_AUTHORIZATION_ENDPOINT": f"{url}/authorize",
        "OIDC_OP_TOKEN_ENDPOINT": f"{url}/token",
        "OIDC_OP_JWKS_ENDPOINT": f"{url}/jwks",
    }
    return outside.oidc(told, embedded=True)


@pytest.fixture
def hospital(request, transactional_db, cast):
    ran, url = provider(getattr(request, "param", ""))
    with override_settings(**settings_of(url)):
        yield url
    ran.kill()
    ran.communicate()


def at_the_hospital(url: str, hint: str = "") -> str:
    """The browser goes there; where it is sent back to."""
    parts = urlsplit(url)
    asked = f"{parts.path}?{parts.query}"
    if hint:
        asked += "&" + urlencode({"login_hint": hint})
    there = HTTPConnection(parts.netloc)
    there.request("GET", asked)
    back = urlsplit(there.getresponse().headers["Location"])
    there.close()
    return f"{back.path}?{back.query}"


def come(client: Client, hint: str = ""):
    away = client.get("/login/hospital/")["Location"]
    return client.get(at_the_hospital(away, hint))


def link(client: Client, password: str = PASSWORD, hint: str = ""):
    away = client.post("/account/hospital/link/", {"password": password})["Location"]
    if away == "/account/":
        return None
    return client.get(at_the_hospital(away, hint))


def signed_in(user) -> Client:
    client = Client()
    client.force_login(user)
    return client


def is_in(client: Client) -> bool:
    return client.get("/account/").status_code == 200


def test_a_linked_account_is_opened_by_the_hospital(hospital, cast):
    link(signed_in(cast.reyes))
    assert HospitalLink.objects.get().subject == SUBJECT
    client = Client()
    assert come(client)["Location"] == "/"
    assert is_in(client)
    assert SignedIn.objects.filter(user=cast.reyes).count() == 1
    told = Event.objects.filter(actor="reyes", action__startswith="door.")
    assert [one.action for one in told] == ["door.linked", "door.signed_in"]


def test_who_is_not_linked_gets_no_account_and_no_way_in(hospital, cast):
    client = Client()
    before = type(cast.reyes).objects.count()
    assert come(client)["Location"] == "/login/"
    assert "opens none here" in client.get("/login/").content.decode()
    assert not is_in(client)
    assert type(cast.reyes).objects.count() == before
    assert Event.objects.latest("sequence").action == "door.refused"


def test_ones_own_second_factor_is_asked_for_all_the_same(hospital, cast, codes, now):  # noqa: F811
    linking.link_hospital(by=cast.okafor, issuer=hospital, subject=SUBJECT)
    client = Client()
    assert come(client)["Location"] == "/login/code/"
    assert not is_in(client)
    client.post("/login/code/", {"code": shown(cast.okafor, now)})
    assert is_in(client)
    assert SecondFactor.objects.count() == 1


def test_a_locked_account_stays_shut(hospital, cast):
    linking.link_hospital(by=cast.reyes, issuer=hospital, subject=SUBJECT)
    lock_account(user=cast.reyes, by=cast.vance, reason="Left the ward")
    client = Client()
    assert come(client)["Location"] == "/login/"
    assert not is_in(client)


def test_an_account_that_nobody_used_for_long_stays_shut(hospital, cast, now):
    linking.link_hospital(by=cast.reyes, issuer=hospital, subject=SUBJECT)
    with clock.freeze(now + timedelta(days=400)):
        assert come(Client())["Location"] == "/login/"


def test_linking_asks_for_the_password_and_starts_here(hospital, cast):
    client = signed_in(cast.reyes)
    assert link(client, "not mine") is None
    # Back from the hospital without having pressed the button: nothing.
    client.get("/login/hospital/back/?code=x&state=y")
    assert not HospitalLink.objects.exists()


def test_one_hospital_account_opens_one_account(hospital, cast):
    link(signed_in(cast.reyes))
    link(signed_in(cast.okafor))
    assert HospitalLink.objects.get().user == cast.reyes
    link(signed_in(cast.okafor), hint="okafor-17")
    assert HospitalLink.objects.count() == 2


def test_a_link_is_taken_away(hospital, cast):
    client = signed_in(cast.reyes)
    link(client)
    client.post("/account/hospital/unlink/")
    assert come(Client())["Location"] == "/login/"
    with pytest.raises(Refused):
        linking.unlink_hospital(by=cast.reyes)


def test_the_same_answer_twice_opens_nothing(hospital, cast):
    linking.link_hospital(by=cast.reyes, issuer=hospital, subject=SUBJECT)
    client = Client()
    back = at_the_hospital(client.get("/login/hospital/")["Location"])
    assert client.get(back)["Location"] == "/"
    client.post("/logout/")
    assert client.get(back)["Location"] == "/login/"
    assert Client().get(back)["Location"] == "/login/"


@pytest.mark.parametrize(
    "hospital", ["aud", "iss", "exp", "nonce", "key", "alg"], indirect=True
)
def test_a_token_that_is_not_right_in_every_part_opens_nothing(hospital, cast):
    linking.link_hospital(by=cast.reyes, issuer=hospital, subject=SUBJECT)
    client = Client()
    assert come(client)["Location"] == "/login/"
    assert not is_in(client)


def test_a_hospital_that_does_not_answer_opens_nothing(hospital, cast):
    linking.link_hospital(by=cast.reyes, issuer=hospital, subject=SUBJECT)
    client = Client()
    back = at_the_hospital(client.get("/login/hospital/")["Location"])
    with override_settings(OIDC_OP_TOKEN_ENDPOINT="http://127.0.0.1:9/token"):
        assert client.get(back)["Location"] == "/login/"


def test_without_a_hospital_the_door_is_as_before(client, cast):
    assert "hospital" not in client.get("/login/").content.decode()
    assert client.get("/login/hospital/")["Location"] == "/login/"


# What is set in the environment

WHOLE = dict.fromkeys(outside.OIDC_NAMES, "https://login.example/x")


def test_half_of_it_is_refused_in_words():
    with pytest.raises(ImproperlyConfigured, match="MONITOR_OIDC_TOKEN_URL"):
        outside.oidc(WHOLE | {"OIDC_OP_TOKEN_ENDPOINT": ""}, embedded=False)


def test_an_address_without_tls_is_refused():
    plain = WHOLE | {"OIDC_OP_TOKEN_ENDPOINT": "http://login.example/token"}
    with pytest.raises(ImproperlyConfigured, match="https"):
        outside.oidc(plain, embedded=False)


def test_nothing_set_is_nothing():
    assert outside.oidc(dict.fromkeys(outside.OIDC_NAMES, ""), embedded=False) == {}
