"""Random posts at every form: an answer each time, and never half a row.

A share of them here; by hand as many as one likes: see `tests/faults/posts.py`.
"""

import os
import random
import time
from urllib.parse import quote, urlencode

import pytest
from django.apps import apps
from django.test import Client
from django.urls import reverse

from monitor import agreeing
from monitor.audit import chain, queries
from monitor.audit.models import Event, Record
from monitor.bedside.models import Observation
from tests.faults.posts import ODD, Form, forms_of
from tests.trials.test_the_walk import addresses, ward  # noqa: F401
from tests.trials.walk import LINES

ROUNDS = int(os.environ.get("MONITOR_POST_ROUNDS", "0"))
SEED = int(os.environ.get("MONITOR_FAULT_SEED", "7"))
SECONDS = 15  # Of a share; a number of rounds that was asked for is gone through.
#: Posts that end the visit, which would leave the rest at the door.
ENDS = {"logout", "end-others", "end-session", "second-factor", "change-factor"}
ENDS |= {"password"}
PEOPLE = ("reyes", "okafor", "chen", "haddad", "moreau", "iyer", "vance")
RECORDS = [one for one in apps.get_models() if issubclass(one, Record)]


def counted() -> dict[str, int]:
    """Rows of every table in which people record something, and of the trail."""
    return {one.__name__: one.objects.count() for one in [*RECORDS, Event]}


def every_form(people, addresses) -> list[Form]:  # noqa: F811
    """The forms that the pages show to anybody, and each address that takes a post."""
    shut = [reverse(name, kwargs=addresses[name]) for name in ENDS]
    found = {}
    for client in people.values():
        for name, arguments in addresses.items():
            path = reverse(name, kwargs=arguments)
            if LINES[name].post is not None:
                found.setdefault((path, ""), Form(path, {"text": [], "reason": []}))
            if LINES[name].get is None:
                continue
            page = client.get(path)
            if page.headers["Content-Type"].startswith("text/html"):
                for form in forms_of(path, page.content.decode()):
                    found[form.action, *form.fields] = form
    return [form for form in found.values() if form.action not in shut]


@pytest.mark.requirement("I7.3")
def test_random_posts_at_every_form_leave_nothing_half_written(ward, addresses):  # noqa: F811
    people = {}
    for name in PEOPLE:
        people[name] = Client()
        people[name].force_login(getattr(ward, name))
    forms = every_form(people, addresses)
    chance, sent, kept = random.Random(SEED), 0, 0
    by_hand = set(agreeing.differing())  # What the test itself wrote past the verbs.
    ends = time.monotonic() + SECONDS
    before = counted()
    while sent < ROUNDS if ROUNDS else time.monotonic() < ends:
        form = forms[sent % len(forms)]
        who = chance.choice(PEOPLE)
        filled = form.filled(chance)
        status = people[who].post(form.action, filled).status_code
        after = counted()
        grew = {name for name in after if after[name] != before[name]}
        about = (SEED, sent, who, form.action, filled, status)
        assert status < 500, about
        if grew - {"Event"}:
            assert "Event" in grew, about
            assert status < 400, about
            kept += 1
        before, sent = after, sent + 1
    print(f"{sent} random posts at {len(forms)} forms, {kept} kept, seed {SEED}")
    assert sent
    assert chain.verify(queries.rows(), queries.head()) is None
    assert set(agreeing.differing()) == by_hand
    assert not Observation.objects.filter(readings__isnull=True).exists()


def test_what_is_sent_is_odd_and_comes_again_with_its_seed():
    form = Form("/", {"a": ["1"], "b": ["2", "3"]})
    sent = [form.filled(random.Random(seed)) for seed in range(40)]
    assert sent == [form.filled(random.Random(seed)) for seed in range(40)]
    assert {"a": "1", "b": "3"} in sent
    assert any(one.get("a") in ODD for one in sent)


def test_the_forms_of_a_page_are_read_with_what_they_offer():
    page = """<form method="get"><input name="q"></form>
      <form method="post" action="/go/"><input name="n" value="1">
      <select name="s"><option value="x"><option value="y"></select></form>"""
    assert list(forms_of("/", page)) == [Form("/go/", {"n": ["1"], "s": ["x", "y"]})]


#: What the pages read of an address, each of them sent to each page.
ASKED = ("site", "cohort", "level", "sort", "status", "action", "actor", "page", "q")
ASKED += ("version", "panel", "code", "done", "again", "note", "for", "at", "until")
ASKED += ("about", "days", "laboratory", "mark", "question", "saved", "state", "was")
ASKED += ("cycle", "next", "serious", "role", "kind")
FEW = 3
NO_ROW = (0, 2**31, 2**63 - 1, 2**63, 10**30)
NOBODY = (
    "\x00",
    "%00",
    "a\x00b",
    "..",
    "x" * 3000,
    "´ß漢字🙂",
    "' OR 1=1 --",
    "02-014 ",
)


def odd_addresses(addresses) -> list[str]:  # noqa: F811
    """Every page that is read, asked oddly: by its question, its code, its number.

    A few of each, by the seed; all where a number of rounds is asked for.
    """
    chance, found = random.Random(SEED), []
    for name, arguments in addresses.items():
        if LINES[name].get is None:
            continue
        path = reverse(name, kwargs=arguments)
        for odd in ODD if ROUNDS else chance.sample(ODD, FEW):
            found.append(f"{path}?{urlencode(dict.fromkeys(ASKED, odd))}")
        if "code" in arguments:
            for odd in NOBODY if ROUNDS else chance.sample(NOBODY, FEW):
                code = quote(odd, safe="")
                found.append(path.replace("/02-014/", f"/{code}/"))
        if "pk" in arguments:
            number = f"/{arguments['pk']}/"
            rows = NO_ROW if ROUNDS else chance.sample(NO_ROW, FEW)
            found += [path.replace(number, f"/{odd}/") for odd in rows]
    return found


@pytest.mark.requirement("I7.3")
def test_no_odd_address_ends_in_an_error(ward, addresses):  # noqa: F811
    failed = {}
    for name in ("okafor", "vance"):
        client = Client(raise_request_exception=False)
        client.force_login(getattr(ward, name))
        for path in odd_addresses(addresses):
            status = client.get(path).status_code
            if status >= 500 and not path.startswith("/healthz"):
                failed[name, path[:120]] = status
    assert failed == {}
