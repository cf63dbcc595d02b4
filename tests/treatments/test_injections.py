"""Where a dose was injected: site by site, with how each reacted."""

import tomllib
from datetime import timedelta
from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied

from monitor import flow
from monitor.audit.models import Event
from monitor.bedside.entry import read_reading
from monitor.clinical.study.protocol import Protocol
from monitor.demo.trials import PROTOCOLS
from monitor.refusal import Refused
from monitor.treatments.injected import Injection
from monitor.treatments.sites import sites_of

HOUR = timedelta(hours=1)
PAGE = "/participants/02-014/dose/{}/sites/"


def inject(cast, at, **told):
    site = {"side": "left", "place": "level_2", "volume": 0.5} | told
    site = {"dose": cast.dose, "by": cast.reyes, "key": uuid4(), "at": at} | site
    return flow.log_injection(**site)


def measure(cast, at, item, size):
    reading = read_reading(item, size)
    told = {"observed_at": at, "readings": [reading], "by": cast.reyes}
    return flow.record_set(cycle=cast.cycle, key=uuid4(), **told)


def refused(cast, at, **told):
    with pytest.raises(Refused) as caught:
        inject(cast, at, **told)
    return caught.value.field


def a_form(**typed):
    site = {"key": str(uuid4()), "side": "left", "place": "level_2", "at": "14:20"}
    return site | {"volume": "0.5", "guidance": "ultrasound"} | typed


@pytest.fixture
def nurse(client, cast):
    client.force_login(cast.reyes)
    return client


def test_a_site_is_kept_with_all_that_was_said_of_it(cast, now):
    how = {"guidance": "ultrasound", "anesthesia": "topical", "photo": "P-17"}
    kept = inject(cast, now, **how)
    assert (kept.agent, kept.number) == (cast.dose.agent, cast.dose.number)
    assert (kept.side, kept.place, kept.volume) == ("left", "level_2", 0.5)
    assert (kept.guidance, kept.anesthesia, kept.photo) == tuple(how.values())
    told = Event.objects.get(action="injection.logged")
    assert {"field": "photo", "old": None, "new": "P-17"} in told.changes


def test_the_same_site_sent_twice_is_one(cast, now):
    key = uuid4()
    assert inject(cast, now, key=key) == inject(cast, now, key=key)
    assert Injection.objects.count() == 1


@pytest.mark.parametrize(
    ("told", "field"),
    [
        ({"side": ""}, "side"),
        ({"side": "front"}, "side"),
        ({"place": "level_9"}, "place"),
        ({"guidance": "luck"}, "guidance"),
        ({"volume": 0}, "volume"),
        ({"volume": -1}, "volume"),
        ({"volume": float("nan")}, "volume"),
        ({"place": "other"}, "note"),
    ],
)
def test_what_cannot_be_meant_is_refused_at_its_field(cast, now, told, field):
    assert refused(cast, now, **told) == field
    assert not Injection.objects.exists()


def test_nothing_was_injected_before_now_is_over(cast, now):
    assert refused(cast, now + HOUR) == "at"


def test_a_dose_that_was_not_given_was_injected_nowhere(cast, now):
    assert refused(cast, now, dose=cast.next_dose) == ""


def test_who_records_no_doses_logs_no_site(cast, now):
    with pytest.raises(PermissionDenied):
        inject(cast, now, by=cast.moreau)


def test_a_site_entered_in_error_is_struck_out_and_stays(cast, now):
    wrong = inject(cast, now)
    flow.strike_injection(injection=wrong, by=cast.reyes, reason="It was the right.")
    assert sites_of(cast.cycle) == []
    assert Injection.objects.filter(voided=True).get().supersedes == wrong
    told = Event.objects.get(action="injection.struck")
    assert told.reason == "It was the right."


def test_a_site_shows_the_largest_reaction_until_its_side_is_injected_again(cast, now):
    first = inject(cast, now - 9 * HOUR)
    measure(cast, now - 8 * HOUR, "SITE_SIZE_LEFT", "12")
    measure(cast, now - 7 * HOUR, "SITE_SIZE_RIGHT", "40")
    measure(cast, now - 6 * HOUR, "SITE_SIZE_LEFT", "9")
    again = inject(cast, now - 5 * HOUR)
    measure(cast, now - 4 * HOUR, "SITE_SIZE_LEFT", "15")
    middle = inject(cast, now - 3 * HOUR, side="middle")
    found = [(one.injection, one.size) for one in sites_of(cast.cycle)]
    assert found == [(middle, None), (again, 15), (first, 12)]


# The pages


def test_the_next_site_is_filled_in_like_the_last_but_for_where_it_went(
    nurse, cast, now
):
    inject(cast, now, guidance="ultrasound", anesthesia="local", volume=0.7)
    form = nurse.get(PAGE.format(cast.dose.pk)).context["form"]
    like = {name: form[name].value() for name in ("guidance", "anesthesia", "volume")}
    assert like == {"guidance": "ultrasound", "anesthesia": "local", "volume": "0.7"}
    assert form["side"].value() is None
    assert form["place"].value() is None


def test_a_nurse_adds_one_site_after_the_other(nurse, cast):
    page = PAGE.format(cast.dose.pk)
    nurse.post(page, a_form())
    answer = nurse.post(page, a_form(side="right", volume="0,5"), follow=True)
    assert list(Injection.objects.order_by("pk").values_list("side", "volume")) == [
        ("left", 0.5),
        ("right", 0.5),
    ]
    assert b"right, neck level II" in answer.content


def test_a_refused_site_keeps_what_was_typed(nurse, cast):
    answer = nurse.post(PAGE.format(cast.dose.pk), a_form(place="other"))
    assert answer.status_code == 422
    assert "Say in the note where it was." in answer.content.decode()
    assert answer.context["form"]["volume"].value() == "0.5"


def test_a_site_is_struck_out_on_its_page(nurse, cast, now):
    wrong = inject(cast, now)
    told = {"strike": wrong.pk, "reason": "Typed twice."}
    nurse.post(PAGE.format(cast.dose.pk), told)
    assert sites_of(cast.cycle) == []


@pytest.fixture
def injecting(cast, monkeypatch):
    """The trial's agent is logged site by site; also by a protocol that was asked."""
    injected = frozenset({cast.dose.agent})
    monkeypatch.setattr(Protocol, "injected", property(lambda protocol: injected))


def test_a_dose_that_is_injected_leads_on_to_its_sites(nurse, cast, injecting):
    page = f"/participants/02-014/dose/{cast.next_dose.pk}/"
    assert "site by site" in nurse.get(page).content.decode()
    given = {"key": str(uuid4()), "status": "given", "at": "14:20"}
    answer = nurse.post(page, given)
    assert answer.url.endswith("/sites/")


def test_the_log_says_where_a_dose_went(nurse, cast, now, injecting):
    inject(cast, now)
    inject(cast, now, side="right", place="tumor", volume=None)
    page = nurse.get("/participants/02-014/").content.decode()
    assert "left, neck level II, 0.5 mL; right, at the tumor" in page


def test_the_protocol_of_perilymphatic_injections_logs_its_sites():
    document = tomllib.loads((PROTOCOLS / "irx2.toml").read_text("utf-8"))
    assert Protocol.from_document(document).injected == {"irx_2"}
