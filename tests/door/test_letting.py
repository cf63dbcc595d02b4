"""Who cannot come in is let in again: by an administrator, the owner, the operator."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.core.management import CommandError, call_command
from django.test import Client

from monitor import clock
from monitor.audit.models import Event
from monitor.door import actions, clocks, letting, sealed
from monitor.door.models import SecondFactor
from monitor.refusal import Refused
from monitor.trials.models import Role
from tests.cast import NOW, PASSWORD, hire

HANDED = "seven herons by the weir"
OWN = "a kettle on cold gravel"


def come(username, password=PASSWORD):
    client = Client()
    answer = client.post("/login/", {"username": username, "password": password})
    return client, answer


@pytest.fixture
def desk(cast):
    return come("vance")[0]


def add_factor(user):
    secret = sealed.opened(actions.begin_factor(by=user).secret)
    code = clocks.pyotp.TOTP(secret).at(clock.now())
    return actions.confirm_factor(by=user, code=code)


@pytest.mark.requirement("S4")
def test_a_first_password_is_changed_before_anything_opens(cast, desk):
    desk.post(
        "/people/",
        {"printed_name": "J. Park, RN", "username": "park", "password": HANDED},
    )
    park, arrived = come("park", HANDED)
    assert arrived.status_code == 302
    assert park.get("/").url == "/account/password/"
    assert "Somebody else made your password" in (
        park.get("/account/password/").content.decode()
    )
    new = {"old_password": HANDED, "new_password1": OWN, "new_password2": OWN}
    assert park.post("/account/password/", new).url == "/account/"
    assert park.get("/").status_code == 200
    assert come("park", OWN)[0].get("/").status_code == 200


@pytest.mark.requirement("S4")
def test_a_forgotten_password_is_given_anew_to_be_changed(cast, desk):
    nurse, _arrived = come("reyes")
    path = f"/people/{cast.reyes.pk}/password/"
    assert desk.post(path, {"given-password": HANDED}).status_code == 422
    sent = {"given-password": "short", "given-reason": "Forgot it"}
    assert "Choose a longer password" in desk.post(path, sent).content.decode()
    desk.post(path, {"given-password": HANDED, "given-reason": "Forgot it"})
    assert nurse.get("/").status_code == 302
    assert come("reyes")[1].status_code == 200
    assert come("reyes", HANDED)[0].get("/").url == "/account/password/"
    told = Event.objects.get(action="user.password_given")
    assert (told.actor, told.object_id, told.reason) == (
        "vance",
        str(cast.reyes.pk),
        "Forgot it",
    )
    assert HANDED not in str(Event.objects.values_list())


@pytest.mark.requirement("S4")
def test_who_was_locked_out_is_seen_and_let_try_again(cast, desk):
    for _ in range(6):
        come("reyes", "not this one")
    assert "locked out for now" in desk.get("/people/").content.decode()
    page = desk.get(f"/people/{cast.reyes.pk}/").content.decode()
    assert "locked out until" in page
    assert "Let this person try again at once" in page
    path = f"/people/{cast.reyes.pk}/let-try/"
    assert desk.post(path, {"lift-reason": ""}).status_code == 422
    desk.post(path, {"lift-reason": "She mistyped"})
    assert letting.locked_out([cast.reyes, cast.okafor]) == {}
    assert come("reyes")[1].status_code == 302
    page = desk.get(f"/people/{cast.reyes.pk}/").content.decode()
    assert "P. Vance let an account try to sign in again." in page


def test_a_lock_out_ends_by_itself(cast):
    actions.refuse_sign_in(username="reyes", locked=True)
    assert letting.locked_out([cast.reyes]) == {
        cast.reyes.pk: NOW + timedelta(minutes=15)
    }
    with clock.freeze(NOW + timedelta(minutes=15)):
        assert letting.locked_out([cast.reyes]) == {}


@pytest.mark.requirement("S4")
def test_wrong_codes_that_lock_are_told_to_the_administrator(cast, desk):
    codes = add_factor(cast.okafor)
    desk.get("/people/")
    with clock.freeze(NOW + timedelta(minutes=1)):
        for _ in range(6):
            with pytest.raises(Refused):
                actions.pass_factor(user=cast.okafor, code="123")
    page = desk.get("/people/").content.decode()
    assert "Sign-in locked for C. Okafor, MD" in page
    assert set(letting.locked_out([cast.okafor])) == {cast.okafor.pk}
    letting.lift_lock_out(user=cast.okafor, by=cast.vance, reason="Was she herself")
    actions.pass_factor(user=cast.okafor, code=codes[0])


def test_the_owner_takes_a_lost_device_away(cast, desk, settings):
    add_factor(cast.okafor)
    page = desk.get(f"/people/{cast.okafor.pk}/").content.decode()
    assert "C. Okafor, MD added a second factor." in page
    path = f"/people/{cast.okafor.pk}/factor/"
    assert desk.post(path, {"factor-reason": ""}).status_code == 422
    desk.post(path, {"factor-reason": "The telephone fell into the harbor"})
    assert not SecondFactor.objects.exists()
    assert desk.post(path, {"factor-reason": "again"}).status_code == 422
    settings.SECOND_FACTOR = "required"
    assert come("okafor")[0].get("/").url == "/account/second-factor/"


def test_only_the_owner_takes_a_second_factor_away(cast):
    add_factor(cast.reyes)
    local = hire(cast, "ortiz", "B. Ortiz", Role.ADMINISTRATOR, cast.boston)
    with pytest.raises(Refused, match="Only the owner"):
        letting.take_lost_factor(user=cast.reyes, by=local, reason="lost")
    page = come("ortiz")[0].get(f"/people/{cast.reyes.pk}/").content.decode()
    assert "the owner of the program takes the second factor away" in page


def test_nobody_lets_in_themselves_or_who_is_not_theirs(cast):
    why = {"reason": "x"}
    with pytest.raises(Refused, match="themselves"):
        letting.lift_lock_out(user=cast.vance, by=cast.vance, **why)
    with pytest.raises(PermissionDenied):
        letting.give_password(user=cast.reyes, by=cast.chen, password=HANDED, **why)


def test_the_operator_lets_in_an_owner_who_is_alone(cast, monkeypatch, capsys):
    add_factor(cast.vance)
    for _ in range(6):
        come("vance", "not this one")
    monkeypatch.setattr(
        "monitor.management.commands.let_in.getpass.getpass", lambda _: HANDED
    )
    call_command("let_in", "vance", "--reason", "Lost all", "--lost-device")
    call_command("let_in", "vance", "--reason", "Lost all", "--lost-password")
    assert "vance may sign in: no second factor." in capsys.readouterr().out
    assert come("vance", HANDED)[0].get("/").url == "/account/password/"
    told = Event.objects.filter(actor="operator").values_list("action", flat=True)
    assert [one for one in told if one != "door.session_ended"] == [
        "user.lock_lifted",
        "user.factor_taken",
        "user.lock_lifted",
        "user.password_given",
    ]
    with pytest.raises(CommandError, match="no account"):
        call_command("let_in", "nobody", "--reason", "x")
    with pytest.raises(CommandError, match="Give the reason"):
        call_command("let_in", "vance", "--reason", " ")


def test_what_a_changed_key_made_unreadable_is_begun_anew(cast, settings):
    settings.SECOND_FACTOR = "required"
    unfinished = come("okafor")[0]
    assert unfinished.get("/account/second-factor/").status_code == 200
    settings.SECRET_KEY = "another key altogether, made for this test"
    again = come("okafor")[0]
    page = again.get("/account/second-factor/")
    assert page.status_code == 200
    assert again.post("/account/second-factor/", {"code": "123"}).status_code == 422
    assert add_factor(cast.okafor)


def test_an_unreadable_second_factor_says_who_helps(cast, settings):
    add_factor(cast.okafor)
    settings.SECRET_KEY = "another key altogether, made for this test"
    with pytest.raises(Refused, match="Ask the owner"):
        actions.pass_factor(user=cast.okafor, code="123456")


def test_a_database_before_any_account_gets_its_first_one(db, monkeypatch, capsys):
    typed = iter([OWN, "another", OWN, OWN])
    monkeypatch.setattr(
        "monitor.management.commands.first_account.getpass.getpass",
        lambda _: next(typed),
    )
    told = ("first_account", "vance", "--printed-name", "P. Vance")
    with pytest.raises(CommandError, match="not the same"):
        call_command(*told)
    call_command(*told)
    assert "vance is the owner" in capsys.readouterr().out
    assert Event.objects.get(action="user.created").actor == "vance"
    assert come("vance", OWN)[1].status_code == 302
    typed = iter([OWN, OWN])
    with pytest.raises(CommandError, match="accounts already"):
        call_command(*told)


@pytest.mark.requirement("R2")
@pytest.mark.parametrize("name", ["createsuperuser", "changepassword"])
def test_the_frames_own_commands_go_round_no_trail(name, db):
    with pytest.raises(CommandError, match="first_account"):
        call_command(name)
    assert not Event.objects.exists()
