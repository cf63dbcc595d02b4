"""Who a participant is: sealed, for few, each look kept, and nowhere else."""

import gzip
import json
import os
import subprocess
import sys

import pytest
from cryptography.fernet import Fernet
from django.core.exceptions import PermissionDenied
from django.core.management import call_command

from monitor import backup
from monitor.audit.models import Event
from monitor.refusal import Refused
from monitor.trials import actions, identities
from monitor.trials.identities import Identity, Person
from monitor.trials.models import Role
from monitor.trials.permissions import Permission, roles_with
from tests.acts import baseline
from tests.harness import ROOT

PAGE = "/participants/02-014/identity/"
WHO = Person("Zdenka Novotna", "12 Mar 1961", "48213377", "+420 222 1234")
KEY, OTHER_KEY = (Fernet.generate_key().decode() for _ in range(2))

pytestmark = [pytest.mark.django_db, pytest.mark.requirement("P1")]


@pytest.fixture
def key(settings):
    settings.MONITOR_IDENTITY_KEYS = [KEY]


@pytest.fixture
def no_key(settings):
    settings.MONITOR_IDENTITY_KEYS = []


def keep(cast, person=WHO, by=None):
    here = cast.participants["02-014"]
    return actions.keep_identity(participant=here, person=person, by=by or cast.chen)


def look(cast, code="02-014", by=None):
    here = cast.participants[code]
    return actions.look_at_identity(participant=here, by=by or cast.chen)


def told() -> list[str]:
    events = Event.objects.filter(action__startswith="identity.")
    return list(events.order_by("sequence").values_list("action", flat=True))


def test_it_is_for_the_site_alone():
    assert roles_with(Permission.SEE_IDENTITY) == [Role.INVESTIGATOR, Role.COORDINATOR]


def test_it_is_sealed_and_each_look_is_kept(cast, key):
    kept = keep(cast)
    assert not any(word in kept.sealed for word in (WHO.name, "Zdenka", "48213377"))
    assert look(cast) == WHO
    assert look(cast, by=cast.okafor) == WHO
    assert told() == ["identity.kept", "identity.looked", "identity.looked"]
    said = json.dumps(list(Event.objects.values("changes", "reason")))
    assert "Zdenka" not in said


@pytest.mark.parametrize(
    "born", ["12 Mar 1961", "12. March 1961", "1961-03-12", " 19 Nov 2026 ", "1961", ""]
)
def test_a_birth_date_is_kept_as_it_was_typed(cast, key, now, born):
    keep(cast, Person("Zdenka Novotna", born))
    assert look(cast).birth_date == born


@pytest.mark.parametrize(
    "born",
    [
        "31/31/1970",
        "31 Feb 1970",
        "03/04/1961",
        "12 Mar",
        "2027",
        "20 Nov 2026",
        "1861-03-12",
    ],
)
def test_a_birth_date_that_is_no_day_is_refused_and_stays_typed(
    cast, key, now, client, born
):
    client.force_login(cast.chen)
    sent = {"act": "keep", "name": "Zdenka Novotna", "birth_date": born}
    answer = client.post(PAGE, sent)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "Type it as 12 Mar 1961." in page
    assert f'value="{born}"' in page
    assert not Identity.objects.exists()


def test_nobody_else_keeps_looks_or_erases(cast, key):
    keep(cast)
    for other in (cast.reyes, cast.moreau, cast.iyer, cast.haddad, cast.vance):
        with pytest.raises(PermissionDenied):
            keep(cast, by=other)
        with pytest.raises(PermissionDenied):
            look(cast, by=other)
        with pytest.raises(PermissionDenied):
            actions.forget_identity(
                participant=cast.participants["02-014"], by=other, reason="Asked"
            )
    assert told() == ["identity.kept"]


def test_of_who_nothing_is_kept_nothing_is_told(cast, key):
    assert look(cast) is None
    assert told() == []


def test_a_text_moved_to_another_participant_does_not_open(cast, key):
    kept = keep(cast)
    Identity.objects.create(
        participant=cast.participants["02-015"],
        sealed=kept.sealed,
        kept_at=kept.kept_at,
        kept_by=cast.chen,
    )
    with pytest.raises(Refused):
        look(cast, "02-015")


@pytest.mark.requirement("P1", "P5")
def test_it_can_be_changed_and_erased_with_a_reason(cast, key):
    keep(cast)
    keep(cast, Person("Zdenka Novakova"))
    assert look(cast).name == "Zdenka Novakova"
    here = cast.participants["02-014"]
    with pytest.raises(Refused):
        actions.forget_identity(participant=here, by=cast.chen, reason=" ")
    actions.forget_identity(participant=here, by=cast.chen, reason="Art. 17 request")
    assert not Identity.objects.exists()
    assert told()[-2:] == ["identity.looked", "identity.erased"]
    assert Event.objects.latest("sequence").reason == "Art. 17 request"


def test_a_new_key_opens_what_the_old_one_sealed_and_seals_it_anew(cast, key, settings):
    keep(cast)
    settings.MONITOR_IDENTITY_KEYS = [OTHER_KEY, KEY]
    assert look(cast) == WHO
    call_command("reseal_identities", by="vance")
    settings.MONITOR_IDENTITY_KEYS = [OTHER_KEY]
    assert look(cast) == WHO
    settings.MONITOR_IDENTITY_KEYS = [KEY]
    with pytest.raises(Refused, match="cannot be read"):
        look(cast)


def test_without_a_key_the_program_says_so_and_keeps_nothing(cast, no_key, client):
    with pytest.raises(Refused, match="MONITOR_IDENTITY_KEYS"):
        keep(cast)
    client.force_login(cast.chen)
    page = client.get(PAGE).content.decode()
    assert "Identities cannot be kept" in page
    assert 'value="keep"' not in page


def test_what_was_kept_stays_shut_without_the_key(cast, key, settings, client):
    keep(cast)
    settings.MONITOR_IDENTITY_KEYS = []
    client.force_login(cast.chen)
    shown = client.post(PAGE, {"act": "show"})
    assert shown.status_code == 422
    assert "MONITOR_IDENTITY_KEYS" in shown.content.decode()


def test_the_page_shows_it_only_when_asked(cast, key, client):
    keep(cast)
    client.force_login(cast.chen)
    asked = client.get(PAGE)
    assert "Zdenka" not in asked.content.decode()
    assert "no-store" in asked["Cache-Control"]
    assert "Zdenka Novotna" in client.post(PAGE, {"act": "show"}).content.decode()
    assert told() == ["identity.kept", "identity.looked"]


def test_it_is_kept_and_erased_on_the_page(cast, key, client):
    client.force_login(cast.chen)
    assert client.post(PAGE, {"act": "keep", "name": ""}).status_code == 422
    sent = {"act": "keep", "name": "Zdenka Novotna", "record_number": "48213377"}
    assert client.post(PAGE, sent).status_code == 302
    assert look(cast) == Person("Zdenka Novotna", record_number="48213377")
    assert client.post(PAGE, {"act": "erase", "reason": ""}).status_code == 422
    client.post(PAGE, {"act": "erase", "reason": "Art. 17 request"})
    assert not Identity.objects.exists()


@pytest.mark.requirement("P5")
def test_a_request_for_erasure_that_is_refused_is_kept_with_its_ground(
    cast, key, client
):
    keep(cast)
    client.force_login(cast.chen)
    ground = "19 Nov: trial records, Art. 17(3)(c)"
    assert client.post(PAGE, {"act": "refuse", "refusal-reason": ""}).status_code == 422
    sent = {"act": "refuse", "refusal-reason": ground}
    assert client.post(PAGE, sent).status_code == 302
    event = Event.objects.latest("sequence")
    assert (event.action, event.reason) == ("identity.erasure_refused", ground)
    assert Identity.objects.exists()
    said = client.get("/participants/02-014/audit/?action=identity").content.decode()
    assert "L. Chen recorded that a request for erasure was refused." in said


def test_no_other_page_says_who_it_is(cast, key, client, now):
    keep(cast)
    baseline(cast)
    client.force_login(cast.chen)
    for path in ("/", "/participants/02-014/", "/participants/02-014/audit/", "/due/"):
        assert "Zdenka" not in client.get(path).content.decode()


@pytest.mark.requirement("P6")
@pytest.mark.django_db(transaction=True)
def test_a_backup_holds_it_sealed_and_says_which_keys_it_needs(
    cast, key, tmp_path, capsys
):
    kept = keep(cast)
    call_command("backup", str(tmp_path))
    assert "nothing encrypted" in capsys.readouterr().out
    (made,) = tmp_path.iterdir()
    with gzip.open(made / backup.DATA, "rt", encoding="utf-8") as file:
        text = file.read()
    assert kept.sealed in text
    assert "Zdenka" not in text
    assert KEY not in text


def test_a_key_that_is_none_is_refused_in_words():
    told = os.environ | {
        "MONITOR_IDENTITY_KEYS": "too-short",
        "MONITOR_DATA": "/nowhere",
    }
    ran = subprocess.run(
        [sys.executable, "manage.py", "check_protocol", "x"],
        env=told,
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert "MONITOR_IDENTITY_KEYS" in ran.stderr


def test_a_sealed_text_opens_to_what_was_sealed(key):
    assert identities.opened(identities.seal(WHO, "02-014"), "02-014") == WHO
