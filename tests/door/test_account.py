"""One's own account: a second factor, sessions on other devices, a password, an end."""

import re
from datetime import timedelta

import pyotp
import pytest
from django.db import OperationalError
from django.test import Client

from monitor import clock
from monitor.audit.models import Event
from monitor.door import actions, backend, clocks, queries, sealed
from monitor.door.models import RecoveryCode, SecondFactor, SignedIn
from monitor.refusal import Refused
from tests.cast import NOW, PASSWORD


def arrive(username: str, **more: str) -> Client:
    client = Client()
    client.post("/login/", {"username": username, "password": PASSWORD, **more})
    return client


def shown(user, at) -> str:
    """What the person's device shows."""
    secret = sealed.opened(SecondFactor.objects.get(user=user).secret)
    return pyotp.TOTP(secret).at(at)


@pytest.fixture
def codes(cast, now) -> list[str]:
    """Okafor has a second factor since an hour; these are the recovery codes."""
    with clock.freeze(now - timedelta(hours=1)):
        actions.begin_factor(by=cast.okafor)
        code = shown(cast.okafor, now - timedelta(hours=1))
        return actions.confirm_factor(by=cast.okafor, code=code)


def actions_of(username: str) -> list[str]:
    events = Event.objects.filter(actor=username, action__startswith="door.")
    return list(events.order_by("sequence").values_list("action", flat=True))


# The second factor


def test_a_device_is_added_by_the_code_that_it_shows(cast, now):
    client = arrive("okafor")
    page = client.get("/account/second-factor/").content.decode()
    assert 'src="data:image/svg+xml' in page
    wrong = client.post("/account/second-factor/", {"code": "000000"})
    assert wrong.status_code == 422
    assert "Type it again." in wrong.content.decode()
    right = client.post("/account/second-factor/", {"code": shown(cast.okafor, now)})
    told = re.findall(r"<li><code>(.+?)</code>", right.content.decode())
    assert len(told) == 10
    assert client.get("/account/second-factor/").url == "/account/"


def test_the_secret_and_the_codes_are_not_readable_in_the_database(cast, codes):
    row = SecondFactor.objects.get()
    assert sealed.opened(row.secret) not in row.secret
    assert {one.digest for one in RecoveryCode.objects.all()} == {
        sealed.digest(code) for code in codes
    }


def test_with_a_device_the_password_alone_opens_nothing(cast, codes, now):
    client = Client()
    told = {"username": "okafor", "password": PASSWORD, "next": "/queue/"}
    assert client.post("/login/", told).url == "/login/code/"
    assert client.get("/queue/").url == "/login/?next=/queue/"
    arrived = client.post("/login/code/", {"code": shown(cast.okafor, now)})
    assert arrived.url == "/queue/"
    assert client.get("/queue/").status_code == 200
    assert actions_of("okafor") == ["door.factor_added", "door.signed_in"]


def test_a_code_is_accepted_once(cast, codes, now):
    code = shown(cast.okafor, now)
    actions.pass_factor(user=cast.okafor, code=code)
    with pytest.raises(Refused):
        actions.pass_factor(user=cast.okafor, code=code)


@pytest.mark.parametrize(
    ("seconds", "good"), [(-60, False), (-30, True), (0, True), (30, True), (60, False)]
)
def test_a_device_may_go_half_a_minute_wrong(cast, codes, now, seconds, good):
    code = shown(cast.okafor, now + timedelta(seconds=seconds))
    if good:
        actions.pass_factor(user=cast.okafor, code=code)
    else:
        with pytest.raises(Refused, match="not the code that is shown now"):
            actions.pass_factor(user=cast.okafor, code=code)


def test_a_recovery_code_opens_once_however_it_is_typed(cast, codes):
    actions.pass_factor(user=cast.okafor, code=codes[0].lower().replace("-", " "))
    with pytest.raises(Refused):
        actions.pass_factor(user=cast.okafor, code=codes[0])
    actions.pass_factor(user=cast.okafor, code=codes[1])
    assert actions_of("okafor")[1:] == [
        "door.recovery_used",
        "door.code_refused",
        "door.recovery_used",
    ]


def test_after_five_wrong_codes_even_the_right_one_waits(cast, codes, now):
    for _ in range(5):
        with pytest.raises(Refused, match="Type it again"):
            actions.pass_factor(user=cast.okafor, code="123")
    with pytest.raises(Refused, match="Try again in 15 minutes"):
        actions.pass_factor(user=cast.okafor, code=codes[0])
    with clock.freeze(now + timedelta(minutes=15)):
        actions.pass_factor(user=cast.okafor, code=codes[0])


def test_the_code_is_asked_for_five_minutes_long(cast, codes, now):
    client = Client()
    client.post("/login/", {"username": "okafor", "password": PASSWORD})
    assert client.get("/login/code/").status_code == 200
    with clock.freeze(now + timedelta(minutes=5)):
        assert client.get("/login/code/").url == "/login/"


def test_a_stranger_is_asked_for_no_code(client, db):
    assert client.get("/login/code/").url == "/login/"


def test_where_it_is_demanded_who_signs_adds_one_first(cast, now, settings):
    settings.SECOND_FACTOR = "required"
    investigator, nurse = arrive("okafor"), arrive("reyes")
    assert investigator.get("/queue/").url == "/account/second-factor/"
    assert nurse.get("/").status_code == 200
    investigator.get("/account/second-factor/")
    code = shown(cast.okafor, now)
    investigator.post("/account/second-factor/", {"code": code})
    assert investigator.get("/queue/").status_code == 200


def test_a_second_factor_goes_with_the_password_alone(cast, codes):
    with pytest.raises(Refused, match="not your password"):
        actions.remove_factor(by=cast.okafor, password="no")
    actions.remove_factor(by=cast.okafor, password=PASSWORD)
    assert SecondFactor.objects.count() == 0


def test_a_secret_of_another_key_leaves_the_recovery_codes(cast, codes, now, settings):
    code = shown(cast.okafor, now)
    digest = sealed.digest(codes[0])
    settings.SECRET_KEY = "another key altogether, made for this test"
    RecoveryCode.objects.filter(digest=digest).update(digest=sealed.digest(codes[0]))
    with pytest.raises(Refused):
        actions.pass_factor(user=cast.okafor, code=code)
    actions.pass_factor(user=cast.okafor, code=codes[0])


def test_recovery_codes_use_no_letter_that_is_read_as_another():
    assert not set("".join(clocks.recovery_codes())) & set("01IOL")


# Sessions


def test_a_session_on_another_device_can_be_ended(cast):
    here, there = arrive("reyes"), arrive("reyes")
    assert here.get("/account/").content.decode().count("End it") == 1
    row = SignedIn.objects.get(session_key=there.session.session_key)
    here.post(f"/account/sessions/{row.pk}/end/")
    assert there.get("/account/").status_code == 302
    assert here.get("/account/").status_code == 200


def test_nobody_ends_a_session_of_somebody_else(cast):
    reyes, moss = arrive("reyes"), arrive("okafor")
    row = SignedIn.objects.get(session_key=moss.session.session_key)
    assert reyes.post(f"/account/sessions/{row.pk}/end/").status_code == 404
    with pytest.raises(Refused):
        actions.end_session(row=row, by=cast.reyes)
    assert moss.get("/account/").status_code == 200


@pytest.mark.requirement("P6")
def test_a_session_ends_when_nobody_is_at_work_in_it(cast, now, settings):
    client = arrive("reyes")
    with clock.freeze(now + timedelta(minutes=29, seconds=59)):
        assert client.get("/account/").status_code == 200
    with clock.freeze(now + timedelta(minutes=59, seconds=59)):
        assert client.get("/account/").url == "/login/?next=/account/"
    assert actions_of("reyes") == ["door.signed_in", "door.timed_out"]
    assert SignedIn.objects.get().end == "timed_out"


def test_what_a_page_asks_for_by_itself_keeps_no_session_open(cast, now):
    client = arrive("reyes")
    client.get("/account/")
    for minutes in (10, 20, 29):
        with clock.freeze(now + timedelta(minutes=minutes)):
            assert client.get("/", headers={"X-Unattended": "1"}).status_code == 200
    with clock.freeze(now + timedelta(minutes=30)):
        assert client.get("/", headers={"X-Unattended": "1"}).status_code == 302


def test_a_part_of_a_page_is_not_replaced_by_the_door(client, db):
    assert client.get("/", headers={"HX-Request": "true"}).status_code == 401


def test_typing_keeps_a_session_open(cast, now):
    client = arrive("reyes")
    client.get("/account/")
    for minutes in (20, 40, 60):
        with clock.freeze(now + timedelta(minutes=minutes)):
            assert client.post("/account/stay/").status_code == 204


# The password


def change(client: Client, old: str, new: str):
    told = {"old_password": old, "new_password1": new, "new_password2": new}
    return client.post("/account/password/", told)


def test_a_new_password_ends_every_other_session(cast):
    here, there = arrive("reyes"), arrive("reyes")
    assert change(here, PASSWORD, "three small green pears").url == "/account/"
    assert here.get("/account/").status_code == 200
    assert there.get("/account/").status_code == 302
    cast.reyes.refresh_from_db()
    assert not cast.reyes.check_password(PASSWORD)


@pytest.mark.parametrize(
    ("new", "said"),
    [
        ("elevenchars", "it has at least 12 characters"),
        ("password123456", "Many people have this password."),
        ("", "Fill this in."),
    ],
)
def test_a_weak_password_is_refused_in_words(cast, new, said):
    page = change(arrive("reyes"), PASSWORD, new)
    assert page.status_code == 422
    assert said in page.content.decode()


def test_length_is_enough_for_a_password(cast):
    assert change(arrive("reyes"), PASSWORD, "918273645546372819").status_code == 302


# Which accounts are open


def test_an_account_ends_with_its_date(cast, now):
    client = arrive("reyes")
    cast.reyes.ends_at = now + timedelta(minutes=5)
    cast.reyes.save()
    assert client.get("/account/").status_code == 200
    with clock.freeze(now + timedelta(minutes=5)):
        assert client.get("/account/").status_code == 302
        assert arrive("reyes").get("/account/").status_code == 302


@pytest.mark.requirement("S4")
@pytest.mark.parametrize(("days", "is_shut"), [(89, False), (90, False), (91, True)])
def test_an_account_that_nobody_uses_is_locked(cast, days, is_shut):
    user = cast.reyes
    user.date_joined = user.last_login = NOW - timedelta(days=200)
    user.last_login = NOW - timedelta(days=days)
    assert bool(backend.shut(user)) == is_shut


def test_a_locked_account_that_was_opened_again_is_open(cast):
    user = cast.reyes
    user.date_joined = user.last_login = NOW - timedelta(days=200)
    user.opened_at = NOW
    assert backend.shut(user) == ""


def test_a_busy_database_costs_the_note_and_not_the_page(cast, now, monkeypatch):
    client = arrive("reyes")

    def busy(**_told):
        raise OperationalError("database is locked")

    with monkeypatch.context() as patch, clock.freeze(now + timedelta(minutes=5)):
        patch.setattr(actions, "seen", busy)
        assert client.get("/account/").status_code == 200
    with clock.freeze(now + timedelta(minutes=6)):
        assert client.get("/account/").status_code == 200
    row = SignedIn.objects.get(user=cast.reyes)
    assert row.seen_at == now + timedelta(minutes=6)


def test_a_session_that_nobody_works_in_is_nowhere_any_more(cast, now):
    arrive("reyes")
    with clock.freeze(now + timedelta(minutes=29)):
        assert queries.sessions_of(cast.reyes).count() == 1
    with clock.freeze(now + timedelta(minutes=30)):
        assert queries.sessions_of(cast.reyes).count() == 0


FORWARDED = "6.6.6.6, 10.20.0.7"


@pytest.mark.parametrize(
    ("behind", "told", "address"),
    [
        (False, FORWARDED, "127.0.0.1"),
        (True, FORWARDED, "10.20.0.7"),
        (True, "2001:db8::7", "2001:db8::7"),
        (True, "somewhere", "127.0.0.1"),
        (True, "", "127.0.0.1"),
    ],
)
def test_behind_a_proxy_a_session_has_the_address_that_the_proxy_saw(
    cast, settings, behind, told, address
):
    settings.BEHIND_PROXY = behind
    sent = {"username": "reyes", "password": PASSWORD}
    Client().post("/login/", sent, headers={"X-Forwarded-For": told})
    assert SignedIn.objects.get().address == address


@pytest.mark.requirement("S4")
def test_who_guesses_from_elsewhere_locks_nobody_out_behind_a_proxy(cast, settings):
    settings.BEHIND_PROXY = True
    for password in [*["no"] * 6, PASSWORD]:
        sent = {"username": "reyes", "password": password}
        far = Client().post("/login/", sent, headers={"X-Forwarded-For": "6.6.6.6"})
    assert far.status_code == 429
    near = Client().post("/login/", sent, headers={"X-Forwarded-For": "10.20.0.7"})
    assert near.status_code == 302
