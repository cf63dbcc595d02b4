"""What was typed reaches the server once, whatever happens in between.

The house is a process of its own, which a test can kill and start again.
"""

import os
import socket
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.harness import ROOT
from tests.journeys.ward import FEVER_AND_LOW_PRESSURE, Person

PARTICIPANT = "/participants/02-014/"
ENTRY = f"{PARTICIPANT}observe/"


class House:
    """The program as a process, and how many sets its database holds."""

    def __init__(self, data: Path) -> None:
        self.data = data
        with socket.socket() as asked:
            asked.bind(("127.0.0.1", 0))
            self.port = asked.getsockname()[1]
        self.address = f"http://127.0.0.1:{self.port}"
        self.process: subprocess.Popen[str] | None = None

    def opens(self, *how: str) -> None:
        environment = os.environ | {
            "MONITOR_DATA": str(self.data),
            "DATABASE_URL": f"sqlite:///{self.data / 'monitor.sqlite3'}",
            "DJANGO_SETTINGS_MODULE": "monitor.settings",
        }
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tests.journeys.house", str(self.port), *how],
            cwd=ROOT,
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )
        assert self.process.stdout.readline() == "ready\n"

    def closes(self) -> None:
        if self.process:
            self.process.kill()
            self.process.wait()
            self.process.stdout.close()
            self.process = None

    def has_fallen(self) -> None:
        """It ended by itself, in the middle of an answer."""
        assert self.process.wait(timeout=30)
        self.closes()

    @property
    def sets(self) -> int:
        with sqlite3.connect(self.data / "monitor.sqlite3") as database:
            rows = database.execute("SELECT count(*) FROM monitor_observation")
            return rows.fetchone()[0]


@pytest.fixture(scope="module")
def walls(chromium: str) -> Iterator[House]:
    with tempfile.TemporaryDirectory(prefix="monitor-house-") as directory:
        built = House(Path(directory))
        yield built
        built.closes()


@pytest.fixture
def house(walls: House) -> House:
    """The house, open, with what earlier tests have stored in it."""
    if walls.process is None:
        walls.opens()
    return walls


@pytest.fixture
def device(browser, house: House) -> Iterator[BrowserContext]:
    """A device at the bedside: what it keeps, it keeps until it is thrown away."""
    context = browser.new_context(base_url=house.address, locale="en-US")
    context.set_default_timeout(20_000)
    yield context
    context.close()


@pytest.fixture
def opens_a_tab(device: BrowserContext, house: House) -> Callable[..., Person]:
    def opened(name: str = "reyes") -> Person:
        return Person(device.new_page(), Somebody(name), house.address, touch=False)

    return opened


class Somebody:
    """A name at the door: the accounts are in the other process."""

    def __init__(self, username: str) -> None:
        self.username = username


@pytest.fixture
def nurse(opens_a_tab: Callable[..., Person]) -> Person:
    person = opens_a_tab()
    person.signs_in()
    person.is_on("/")
    person.goes_to(ENTRY)
    return person


def kept(page: Page) -> list[str]:
    """The states of the drafts on the device."""
    return page.evaluate(
        """() => Object.entries(localStorage)
          .filter(([name]) => name.startsWith("monitor.draft."))
          .map(([, text]) => JSON.parse(text).state)"""
    )


@pytest.mark.requirement("I4.1")
def test_the_server_is_killed_between_the_set_and_its_answer(house: House, nurse):
    """Exactly one observation: the set is sent again under its own key."""
    before = house.sets
    house.closes()
    house.opens("--dies")
    nurse.types(FEVER_AND_LOW_PRESSURE)
    nurse.saves()
    house.has_fallen()
    assert house.sets == before + 1
    nurse.reads("Waiting.", "It has not been assessed.")
    assert kept(nurse.page) == ["waiting"]

    house.opens()
    nurse.is_on(PARTICIPANT)
    nurse.reads("This set was already saved. Nothing was added.")
    nurse.reads_in("What was found", "Warning", "39.1 °C")
    assert house.sets == before + 1
    assert kept(nurse.page) == []


def test_the_server_is_down_when_the_set_is_sent(house: House, nurse: Person):
    before = house.sets
    nurse.types(FEVER_AND_LOW_PRESSURE)
    house.closes()
    nurse.saves()
    nurse.reads("Waiting.")
    house.opens()
    nurse.is_on(PARTICIPANT)
    nurse.reads("assessed.")
    assert house.sets == before + 1


def test_the_network_is_gone_and_comes_back(
    house: House, nurse: Person, device: BrowserContext
):
    before = house.sets
    nurse.types(FEVER_AND_LOW_PRESSURE)
    device.set_offline(True)
    nurse.saves()
    nurse.reads("Waiting.", "The set is kept on this device")
    device.set_offline(False)
    nurse.is_on(PARTICIPANT)
    assert house.sets == before + 1


@pytest.mark.requirement("P6", "W6")
def test_the_session_ends_while_typing(house: House, nurse: Person):
    """Signing in is all there is to do: the set is sent by itself, and once."""
    before = house.sets
    nurse.types(FEVER_AND_LOW_PRESSURE)
    nurse.is_signed_out_meanwhile()
    nurse.saves()
    nurse.reads("Failed.", "You were signed out. Nothing typed is lost.")
    expect(nurse.page.locator("[data-save-alert]")).to_have_attribute("role", "alert")
    nurse.follows("Sign in and send")
    nurse.signs_in()
    nurse.is_on(PARTICIPANT)
    nurse.reads("assessed.")
    assert house.sets == before + 1
    assert kept(nurse.page) == []


def test_the_tab_is_closed_before_anything_is_sent(
    nurse: Person, opens_a_tab: Callable[..., Person]
):
    nurse.page.locator("#id_TEMP").fill("38.2")
    nurse.reads("Draft kept on this device")
    nurse.page.close()
    again = opens_a_tab()
    again.goes_to(ENTRY)
    expect(again.page.locator("#id_TEMP")).to_have_value("38.2")


def test_the_tab_is_closed_while_the_set_waits(
    house: House,
    nurse: Person,
    device: BrowserContext,
    opens_a_tab: Callable[..., Person],
):
    """Any page of the program sends it, and says so."""
    before = house.sets
    nurse.types(FEVER_AND_LOW_PRESSURE)
    device.set_offline(True)
    nurse.saves()
    nurse.reads("Waiting.")
    nurse.page.close()
    device.set_offline(False)
    again = opens_a_tab()
    again.goes_to("/")
    again.reads("Saved. 02-014, Vital-signs set was sent now.")
    again.follows("See what was found")
    again.is_on(PARTICIPANT)
    assert house.sets == before + 1


def test_two_tabs_do_not_overwrite_each_other(
    nurse: Person, opens_a_tab: Callable[..., Person]
):
    other = opens_a_tab()
    other.goes_to(ENTRY)
    other.is_ready()
    nurse.is_ready()
    for tab, value in ((nurse, "37.1"), (other, "38.2")):
        tab.page.locator("#id_TEMP").fill(value)
        tab.reads("Draft kept on this device")
    assert kept(nurse.page) == ["typed", "typed"]
    nurse.page.locator("#id_TEMP").fill("37.3")
    nurse.page.wait_for_timeout(500)
    other.page.on("dialog", lambda asked: asked.accept())
    other.page.reload()
    expect(other.page.locator("#id_TEMP")).to_have_value("38.2")
    nurse.page.on("dialog", lambda asked: asked.accept())
    nurse.page.reload()
    expect(nurse.page.locator("#id_TEMP")).to_have_value("37.3")


def test_drafts_stay_with_their_person_and_go_when_that_one_signs_out(
    nurse: Person, opens_a_tab: Callable[..., Person]
):
    nurse.page.locator("#id_TEMP").fill("38.2")
    nurse.reads("Draft kept on this device")
    nurse.is_signed_out_meanwhile()
    nurse.page.close()
    other = opens_a_tab("chen")
    other.signs_in()
    other.is_on("/")
    other.goes_to(ENTRY)
    other.is_ready()
    expect(other.page.locator("#id_TEMP")).to_have_value("")
    other.signs_out()
    again = opens_a_tab()
    again.signs_in()
    again.is_on("/")
    assert kept(again.page) == ["typed"]
    asked: list[str] = []
    again.page.once("dialog", lambda one: (asked.append(one.message), one.dismiss()))
    again.presses("Sign out")
    assert len(asked) == 1
    assert kept(again.page) == ["typed"]
    again.page.once("dialog", lambda one: one.accept())
    again.signs_out()
    assert kept(again.page) == []


def test_of_two_drafts_of_closed_tabs_the_other_is_named_and_can_be_opened(
    nurse: Person, opens_a_tab: Callable[..., Person]
):
    other = opens_a_tab()
    other.goes_to(ENTRY)
    for tab, value in ((nurse, "37.1"), (other, "38.2")):
        tab.is_ready()
        tab.page.locator("#id_TEMP").fill(value)
        tab.reads("Draft kept on this device")
    nurse.page.close()
    other.page.close()
    again = opens_a_tab()
    again.goes_to(ENTRY)
    again.is_ready()
    expect(again.page.locator("#id_TEMP")).to_have_value("38.2")
    again.reads("Another draft of 02-014, Vital-signs set is kept on this device")
    again.presses("Open it")
    expect(again.page.locator("#id_TEMP")).to_have_value("37.1")
    assert sorted(kept(again.page)) == ["typed", "typed"]


def test_signing_out_asks_before_a_set_that_waits_is_lost(
    nurse: Person, opens_a_tab: Callable[..., Person], device: BrowserContext
):
    nurse.types(FEVER_AND_LOW_PRESSURE)
    board = opens_a_tab()
    board.goes_to("/")
    device.set_offline(True)
    nurse.saves()
    nurse.reads("Waiting.")
    asked: list[str] = []
    board.page.on("dialog", lambda one: (asked.append(one.message), one.dismiss()))
    board.presses("Sign out")
    assert asked == [
        "A set on this device has not reached the server. If you sign out now, it is "
        "lost. Sign out?"
    ]
    assert kept(board.page) == ["waiting"]


def test_a_refused_set_comes_back_with_its_sentence(house: House, nurse: Person):
    before = house.sets
    nurse.is_ready()
    nurse.page.locator("#id_at").fill("19 Nov 15:10")
    nurse.page.locator("#id_TEMP").fill("38.2")
    nurse.saves()
    nurse.reads("This lies in the future: it is 19 Nov 14:30.")
    expect(nurse.page.locator("#id_TEMP")).to_have_value("38.2")
    assert house.sets == before


@pytest.fixture(autouse=True)
def complaints(device: BrowserContext) -> Iterator[None]:
    """A script that fails is a fault; a server that is down is the story told here."""
    heard: list[str] = []
    device.on("page", lambda page: page.on("pageerror", lambda e: heard.append(str(e))))
    yield
    assert heard == []
