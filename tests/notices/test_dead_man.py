"""If the sweep stops, everybody is told: on the board, by /healthz, by a silence."""

import http.server
import threading
from datetime import timedelta

import pytest
from django.utils.html import strip_tags

from monitor import clock, flow
from monitor.notices import lateness, pulse, tasks
from monitor.notices.models import Heartbeat
from monitor.trials.models import Role
from monitor.trials.permissions import TABLE, Permission
from tests.cast import NOW, hire
from tests.notices.told import SECOND

STOPPED = 'id="sweep-stopped"'
SILENCE = timedelta(minutes=2)
READERS = [role for role in Role if Permission.READ in TABLE[role]]


@pytest.fixture
def swept(cast, now):
    """The sweep ran just now, and never again."""
    flow.sweep(now)
    return cast


@pytest.fixture
def watcher(settings):
    """Somebody outside who counts heartbeats."""
    heard = []

    class Listens(http.server.BaseHTTPRequestHandler):
        def do_POST(self):
            heard.append(self.path)
            self.send_response(204)
            self.end_headers()

        def log_message(self, *_told):
            """It only counts."""

    server = http.server.HTTPServer(("127.0.0.1", 0), Listens)
    threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
    settings.MONITOR_HEARTBEAT_URL = f"http://127.0.0.1:{server.server_port}/beat"
    yield heard
    server.shutdown()
    server.server_close()


def test_a_sweep_that_could_not_look_at_what_is_late_is_no_heartbeat(
    swept, now, watcher, monkeypatch
):
    def fails(*_told):
        raise ValueError("a row that nobody foresaw")

    later = now + SILENCE
    with clock.freeze(later), monkeypatch.context() as patch:
        patch.setattr(lateness, "overdue", fails)
        tasks.sweep()
        assert Heartbeat.objects.get(name="sweep").at == now
        assert watcher == []
    with clock.freeze(later):
        tasks.sweep()
    assert Heartbeat.objects.get(name="sweep").at == later
    assert len(watcher) == 1


@pytest.mark.parametrize("role", READERS)
def test_after_two_minutes_the_board_of_everybody_says_so(swept, now, client, role):
    client.force_login(hire(swept, "new", "New", role, swept.boston))
    found = []
    for late in (SILENCE - SECOND, SILENCE, SILENCE + SECOND):
        with clock.freeze(now + late):
            found.append(STOPPED in client.get("/").content.decode())
    assert found == [False, False, True]


def test_it_says_since_when_what_does_not_happen_and_what_to_do(swept, now, client):
    client.force_login(swept.reyes)
    with clock.freeze(now + timedelta(minutes=12)):
        said = " ".join(strip_tags(client.get("/").content.decode()).split())
    for words in (
        "Nobody may be told of anything since 14:30, for 12 min.",
        "No page and no e-mail is sent, no unanswered notice is passed on",
        "telephone the investigator on call of every warning and critical level",
        "call whoever runs the program",
    ):
        assert words in said


@pytest.mark.parametrize("page", ["/", "/notices/"])
def test_it_says_so_until_the_sweep_runs_again(swept, now, client, page):
    client.force_login(swept.reyes)
    later = now + timedelta(minutes=10)
    with clock.freeze(later):
        assert STOPPED in client.get(page).content.decode()
        flow.sweep(later)
        assert STOPPED not in client.get(page).content.decode()


def test_healthz_fails_after_two_minutes_to_the_second(swept, now, client):
    found = []
    for late in (SILENCE, SILENCE + SECOND):
        with clock.freeze(now + late):
            found.append(client.get("/healthz").status_code)
    assert found == [200, 503]


def test_each_sweep_beats_outside(cast, now, watcher):
    tasks.sweep()
    tasks.sweep()
    assert watcher == ["/beat", "/beat"]


def test_a_sweep_that_fails_does_not_beat(cast, now, watcher, monkeypatch):
    def fail(_now):
        raise OSError("no database")

    monkeypatch.setattr(flow, "sweep", fail)
    with pytest.raises(OSError, match="no database"):
        tasks.sweep()
    assert watcher == []


def test_a_watcher_that_is_away_stops_no_sweep(cast, now, settings):
    settings.MONITOR_HEARTBEAT_URL = "http://127.0.0.1:9/beat"
    tasks.sweep()
    assert pulse.tell() is False
    assert Heartbeat.objects.get().at == NOW


# The worker's own timer, for when no message comes


@pytest.mark.parametrize(
    ("late", "sweeps"), [(40 * SECOND, False), (41 * SECOND, True)]
)
def test_the_worker_sweeps_by_itself_when_nobody_did(swept, now, late, sweeps):
    with clock.freeze(now + late):
        assert tasks.sweep_overdue(20) is sweeps


def test_it_does_so_too_when_the_clock_went_back(swept, now):
    with clock.freeze(now - timedelta(hours=1)):
        assert tasks.sweep_overdue(20) is True
        assert tasks.sweep_overdue(20) is False


def test_it_does_so_when_nobody_ever_swept(cast, now, watcher):
    assert tasks.sweep_overdue(20) is True
    assert watcher == ["/beat"]
