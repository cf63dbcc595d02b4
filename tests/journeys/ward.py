"""The ward as the journeys tell of it: people in front of a browser, and what they do.

    nurse = ward.somebody("reyes", page)
    nurse.signs_in()
    nurse.goes_to("/participants/02-014/observe/")
    nurse.types(FEVER_AND_LOW_PRESSURE)
    nurse.saves()
    nurse.reads("Warning", "39.1 °C")

The clock of the program stands at the cast's `NOW`, until `ward.waits(minutes=10)`.
"""

import re
from contextlib import ExitStack
from datetime import timedelta

from django.conf import settings
from django.test import Client
from playwright.sync_api import Locator, Page, expect

from monitor import clock, flow
from monitor.clinical.items.catalogue import TREATMENTS
from monitor.trials.models import User
from tests.cast import PASSWORD, Cast, open_cycle

#: As keys are pressed: the first letter picks where there is something to choose.
FEVER_AND_LOW_PRESSURE = {
    "RESP": "22",
    "OXYSAT": "95",
    "OXYGEN_DEVICE": "r",
    "BP": "86/48",
    "HR": "124",
    "TEMP": "391",
    "MASKING_GIVEN": "n",
    "ACVPU": "a",
}
CHOICES = {"r": "room_air", "n": "none", "a": "A"}


class Person:
    """Somebody of the cast with a browser of their own, at a desk or on a tablet."""

    def __init__(self, page: Page, user: User, address: str, touch: bool) -> None:
        self.page, self.user, self.address, self.touch = page, user, address, touch

    # Coming and going

    def signs_in(self, password: str = PASSWORD) -> None:
        """At the door, with name and password."""
        if "/login/" not in self.page.url:
            self.goes_to("/login/")
        self.page.get_by_label("Name").fill(self.user.username)
        self.page.get_by_label("Password").fill(password)
        self.presses("Sign in")

    def is_signed_in(self) -> "Person":
        """For a story that begins behind the door."""
        client = Client()
        client.force_login(self.user)
        name = settings.SESSION_COOKIE_NAME
        cookie = {"name": name, "value": client.cookies[name].value}
        self.page.context.add_cookies([cookie | {"url": self.address}])
        return self

    def signs_out(self) -> None:
        self.presses("Sign out")
        self.is_on("/login/")

    def is_signed_out_meanwhile(self) -> None:
        self.page.context.clear_cookies(name=settings.SESSION_COOKIE_NAME)

    def goes_to(self, path: str) -> int:
        """Types an address. Returns the status of the answer."""
        return self.page.goto(path).status

    def is_on(self, path: str) -> None:
        """The address, whatever follows it; `<id>` in it is any number."""
        known = re.escape(path).replace("<id>", r"\d+")
        expect(self.page).to_have_url(re.compile(rf"\w{known}($|[?#])"))
        self.page.wait_for_load_state()

    # Hands

    def hand(self, target: Locator) -> None:
        """A click at the desk, a finger on the tablet."""
        target.tap() if self.touch else target.click()

    def presses(self, button: str) -> None:
        self.hand(self.page.get_by_role("button", name=button).first)

    def follows(self, link: str) -> None:
        self.hand(self.page.get_by_role("link", name=link).first)

    def chooses(self, group: str, answer: str) -> None:
        """One of the segments of a group, by the words that can be read on it."""
        groups = self.page.get_by_role("radiogroup", name=group, exact=True)
        groups = groups.or_(self.page.get_by_role("group", name=group, exact=True))
        self.hand(groups.locator("label").filter(has_text=answer).first)

    def fills(self, **fields: str) -> None:
        """Fields by the words of their label, a low line for a space."""
        for label, value in fields.items():
            said = label.replace("_", " ")
            self.page.get_by_label(said, exact=True).first.fill(value)

    def keys(self, *keys: str) -> None:
        for key in keys:
            self.page.keyboard.press(key)

    # What they do in one breath

    def finds_on_the_board(self, code: str) -> None:
        self.is_on("/")
        self.follows(code)
        self.is_on(f"/participants/{code}/")

    def logs(self, treatment: str, **fields: str) -> None:
        """A line of the management log, from the page of the participant."""
        self.follows("Log a treatment")
        self.follows(TREATMENTS[treatment].label)
        self.fills(**fields)
        self.presses("Save the entry")

    def signs(self, password: str = PASSWORD) -> None:
        """The decision on the page of an episode, with the password again.

        What a signature asks for besides is answered where nothing is chosen yet.
        """
        self.answers_the_rest()
        self.fills(**{"Password, again": password})
        self.presses("Sign and next")

    def answers_the_rest(self) -> None:
        """The first agent possible, each other suspect unlikely, no dose changed, the

        outcome unknown.
        """
        rows = self.page.locator(".decision-suspect")
        for place, row in enumerate(rows.all()):
            if not row.locator("input:checked").count():
                how = "Unlikely" if place else "Possible"
                self.hand(row.locator("label").filter(has_text=how).first)
        rest = {"id_action_": "DOSE NOT CHANGED", "id_outcome": "UNKNOWN"}
        for name, answer in rest.items():
            for field in self.page.locator(f"select[id^={name}]").all():
                if not field.input_value():
                    field.select_option(answer)

    # A set

    def row(self, name: str) -> Locator:
        return self.page.locator(f"#row-{name}")

    def types(self, typed: dict[str, str]) -> None:
        """A whole set without the hands leaving the keyboard, or with a finger."""
        if self.touch:
            return self.taps(typed)
        first, *_rest = typed
        self.is_ready()
        self.page.locator(f"#id_{first}").focus()
        for name, keys in typed.items():
            self.has_focus_in(name)
            self.page.keyboard.type(keys)
            self.keys("Enter")
            if self.is_asked(name):
                self.keys("Enter")

    def is_ready(self) -> None:
        """The page's script runs: before it, Enter would send the form."""
        expect(self.page.locator("form#entry[data-ready]")).to_have_count(1)

    def taps(self, typed: dict[str, str]) -> None:
        self.is_ready()
        for name, value in typed.items():
            row = self.row(name)
            if value in CHOICES:
                chosen = f"input[name={name}][value={CHOICES[value]}]"
                inside = self.page.locator(chosen)
                row.locator("label.segment").filter(has=inside).tap()
                continue
            row.locator(f"#id_{name}").fill(value)
            row.locator(f"#id_{name}").blur()
            if self.is_asked(name):
                row.get_by_role("button", name="Yes, keep").tap()

    def has_focus_in(self, name: str) -> None:
        expect(self.row(name).locator(":focus")).to_have_count(1)

    def is_asked(self, name: str) -> bool:
        return self.row(name).locator("[data-question]").is_visible()

    def saves(self) -> None:
        """The chord at the desk, the button on the tablet."""
        if self.touch:
            self.page.locator("[data-save]").tap()
        else:
            self.keys("Control+Enter")

    def sends_unchecked(self, **typed: str) -> None:
        """What a browser without our scripts would send: nothing is judged first."""
        for name, value in typed.items():
            self.page.locator(f"#id_{name}").evaluate("(e, v) => (e.value = v)", value)
        self.page.locator("form#entry").evaluate("form => form.submit()")

    def corrects(self, value: str) -> None:
        """Opens the page that mends one value, from the table of sets."""
        self.goes_to("/participants/02-014/")
        table = self.page.get_by_role("region", name="Sets", exact=True)
        self.hand(table.get_by_role("link", name=value).first)

    # Eyes

    def reads(self, *words: str) -> None:
        """Each of the words stands in view on the page."""
        for said in words:
            expect(self.visible(said)).to_be_visible()

    def visible(self, words: str) -> Locator:
        return self.page.get_by_text(words).locator("visible=true").first

    def reads_in(self, part: str, *words: str) -> None:
        """Each of the words stands in one part of the page, by its name."""
        place = self.page.get_by_role("region", name=part, exact=True).first
        for said in words:
            expect(place).to_contain_text(said)

    def reads_in_row(self, code: str, *words: str) -> None:
        """Each of the words stands in the row of a participant."""
        row = self.page.get_by_role("row").filter(has_text=code).first
        for said in words:
            expect(row).to_contain_text(said)

    def sees_the_result_above_the_chart(self) -> None:
        found = self.page.get_by_role("region", name="What was found").bounding_box()
        chart = self.page.get_by_role("region", name="Chart").first.bounding_box()
        assert 0 <= found["y"] < chart["y"]

    def reads_beside(self, name: str, sentence: str) -> None:
        """The sentence beside a row that was refused."""
        said = self.row(name).locator(".field-error").filter(has_text=sentence)
        expect(said.first).to_be_visible()


class Ward:
    """People, participants and the time. `touch` decides what the hands do."""

    def __init__(self, cast: Cast, address: str, times: ExitStack) -> None:
        self.cast, self.address, self.times = cast, address, times

    def somebody(self, name: str, page: Page) -> Person:
        touch = page.evaluate("() => navigator.maxTouchPoints > 0")
        return Person(page, self.cast.people[name], self.address, touch)

    def admits(self, code: str) -> None:
        """One more participant in a cycle, of whom nothing is known yet."""
        open_cycle(self.cast, code)

    def sweeps(self) -> None:
        """What the worker does every minute: tell people, look for what is late."""
        flow.sweep(clock.now())

    def waits(self, **time: float) -> None:
        """Time passes for the program."""
        self.times.enter_context(clock.freeze(clock.now() + timedelta(**time)))
