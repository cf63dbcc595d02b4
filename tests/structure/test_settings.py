"""The environment is read as the contracts say, and refused in words."""

import contextlib
import os
import re
import shutil
import sqlite3
import stat
import subprocess
import sys
from pathlib import Path

import pytest
from cryptography.fernet import Fernet
from django.core.exceptions import ImproperlyConfigured

from monitor import environment
from tests.structure.sources import ROOT

STRONG = "k3Jx9-wQv7RzTn2LbYc5HsPd8MfUa4GeXi6VoCq1BtNjWyKrSm"


def run(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """A command of ours in an environment that holds nothing but this."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    return subprocess.run(
        [sys.executable, "manage.py", *arguments],
        cwd=ROOT,
        env=kept | environment,
        capture_output=True,
        text=True,
        check=False,
    )


def test_sqlite_waits_for_its_turn_and_writes_through():
    options = environment.sqlite("/data/monitor.sqlite3")["OPTIONS"]
    assert options["transaction_mode"] == "IMMEDIATE"
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON"):
        assert pragma in options["init_command"]


def test_sqlite_address(monkeypatch):
    monkeypatch.setenv("DATABASE_URL", "sqlite:////srv/a%20b/monitor.sqlite3")
    assert environment.database()["NAME"] == "/srv/a b/monitor.sqlite3"


def test_postgresql_address(monkeypatch):
    url = "postgresql://ward:p%40ss@db.example:5433/monitor?sslmode=require"
    monkeypatch.setenv("DATABASE_URL", url)
    read = environment.database()
    names = ("NAME", "USER", "PASSWORD", "HOST", "PORT")
    expected = ["monitor", "ward", "p@ss", "db.example", "5433"]
    assert [read[name] for name in names] == expected
    assert read["OPTIONS"] == {"sslmode": "require"}


def test_postgresql_socket(monkeypatch):
    monkeypatch.setenv("DATABASE_URL", "postgresql:///monitor?host=/run/postgresql")
    read = environment.database()
    assert (read["NAME"], read["HOST"]) == ("monitor", "/run/postgresql")


@pytest.mark.parametrize(
    "url", ["mysql://db.example/monitor", "sqlite://relative.sqlite3", "postgresql://h"]
)
def test_another_address_is_refused_in_words(monkeypatch, url):
    monkeypatch.setenv("DATABASE_URL", url)
    with pytest.raises(ImproperlyConfigured, match="DATABASE_URL is not understood"):
        environment.database()


@pytest.mark.parametrize("url", ["redis://127.0.0.1:6379/0", "amqp://127.0.0.1//"])
def test_a_broker_of_its_own_is_taken(monkeypatch, url):
    monkeypatch.setenv("CELERY_BROKER_URL", url)
    assert environment.broker()["url"] == url


def test_without_a_broker_messages_go_through_the_data_directory(monkeypatch):
    monkeypatch.delenv("CELERY_BROKER_URL", raising=False)
    options = environment.broker()["options"]
    assert options["data_folder_in"] == options["data_folder_out"]
    assert options["data_folder_in"].startswith(str(environment.DATA))
    assert options["polling_interval"] == pytest.approx(0.1)


def test_another_broker_is_refused_in_words(monkeypatch):
    monkeypatch.setenv("CELERY_BROKER_URL", "sqs://queue")
    with pytest.raises(ImproperlyConfigured, match="redis://"):
        environment.broker()


def test_a_flag_is_one_or_nothing(monkeypatch):
    monkeypatch.setenv("MONITOR_PRODUCTION", "yes")
    with pytest.raises(ImproperlyConfigured, match="Set it to 1 or 0"):
        environment.environ_flag("MONITOR_PRODUCTION")


def test_the_embedded_key_is_made_once_and_for_its_owner(tmp_path):
    first = environment.kept_key(tmp_path / "data")
    assert environment.kept_key(tmp_path / "data") == first
    mode = stat.S_IMODE((tmp_path / "data" / "secret_key").stat().st_mode)
    assert mode == 0o600
    assert [path.name for path in (tmp_path / "data").iterdir()] == ["secret_key"]


def modes(folder: Path) -> dict[str, str]:
    """Name -> who may read and write it, as `ls` says."""
    return {path.name: stat.filemode(path.stat().st_mode) for path in folder.iterdir()}


def test_the_embedded_database_is_for_its_owner(tmp_path):
    run("check", MONITOR_DATA=str(tmp_path))
    path = tmp_path / "monitor.sqlite3"
    assert modes(tmp_path)[path.name] == "-rw-------"
    path.chmod(0o644)
    run("check", MONITOR_DATA=str(tmp_path))
    assert modes(tmp_path)[path.name] == "-rw-r-----"


def test_a_database_elsewhere_is_for_its_owner_and_what_lies_beside_it(tmp_path):
    path = tmp_path / "ward.sqlite3"
    environment.sqlite(path)
    with contextlib.closing(sqlite3.connect(path)) as ward:
        ward.execute("PRAGMA journal_mode=WAL")
        ward.execute("CREATE TABLE bed (number)")
        assert set(modes(tmp_path).values()) == {"-rw-------"}


@pytest.mark.parametrize(
    ("environment", "asks_for"),
    [
        ({}, "SECRET_KEY"),
        ({"SECRET_KEY": "short"}, "SECRET_KEY"),
        ({"SECRET_KEY": STRONG}, "MONITOR_ALLOWED_HOSTS"),
        ({"SECRET_KEY": STRONG, "MONITOR_ALLOWED_HOSTS": "*"}, "MONITOR_ALLOWED_HOSTS"),
    ],
)
def test_production_says_what_it_lacks(environment, asks_for, tmp_path):
    environment |= {"MONITOR_DATA": str(tmp_path), "MONITOR_PRODUCTION": "1"}
    done = run("check", **environment)
    (said,) = done.stderr.splitlines()
    assert done.returncode == 2
    assert said.startswith(f"Error: MONITOR_PRODUCTION=1 needs {asks_for}: ")


def test_a_command_of_ours_says_what_it_lacks(tmp_path):
    lacking = {"MONITOR_DATA": str(tmp_path), "MONITOR_IDLE_MINUTES": "long"}
    done = run("worker", **lacking)
    said = "Error: MONITOR_IDLE_MINUTES is 'long'. Set it to a whole number.\n"
    assert (done.returncode, done.stderr) == (2, said)
    assert "Traceback" in run("worker", "--traceback", **lacking).stderr


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("", "Error: The database has no tables. Look whether DATABASE_URL or "),
        (
            "postgresql://monitor@127.0.0.1:1/monitor",
            "Error: The database that DATABASE_URL names cannot be reached: ",
        ),
    ],
)
def test_a_command_says_what_is_wrong_with_the_database(tmp_path, url, said):
    told = {"MONITOR_DATA": str(tmp_path), "DATABASE_URL": url}
    done = run("export_chart", "02-014", **told)
    assert (done.returncode, len(done.stderr.splitlines())) == (2, 1)
    assert done.stderr.startswith(said)


def test_the_web_server_says_what_it_lacks_and_does_not_start_again():
    served = [sys.executable, "-m", "gunicorn", "--bind", "127.0.0.1:0", "monitor.wsgi"]
    lacking = os.environ | {"MONITOR_PRODUCTION": "1", "SECRET_KEY": "short"}
    done = subprocess.run(
        served, cwd=ROOT, env=lacking, capture_output=True, text=True, timeout=60
    )
    assert done.returncode == 3
    assert done.stderr.count("Error: MONITOR_PRODUCTION=1 needs SECRET_KEY: ") == 1
    assert "Traceback" not in done.stderr


def test_production_is_sound_once_it_has_everything(tmp_path):
    done = run(
        "check",
        "--deploy",
        "--fail-level",
        "WARNING",
        MONITOR_PRODUCTION="1",
        MONITOR_DATA=str(tmp_path),
        MONITOR_ALLOWED_HOSTS="monitor.example",
        MONITOR_IDENTITY_KEYS=Fernet.generate_key().decode(),
        MONITOR_CHAIN_HEADS=str(tmp_path / "heads"),
        DATABASE_URL="postgresql://monitor@db.example/monitor",
        SECRET_KEY=STRONG,
    )
    assert (done.returncode, done.stderr.count("WARNING")) == (0, 0)


def test_what_makes_production_less_safe_is_said_with_what_to_do(tmp_path):
    done = run(
        "check",
        "--deploy",
        MONITOR_PRODUCTION="1",
        MONITOR_DATA=str(tmp_path),
        MONITOR_ALLOWED_HOSTS="monitor.example",
        MONITOR_IDLE_MINUTES="0",
        MONITOR_SECOND_FACTOR="offered",
        SECRET_KEY=STRONG,
    )
    said = re.findall(r"^\?: \((.+?)\) .+\n\tHINT: Set ([A-Z_]+)", done.stderr, re.M)
    assert said == [
        ("monitor.W001", "MONITOR_IDENTITY_KEYS"),
        ("monitor.W002", "DATABASE_URL"),
        ("monitor.W003", "MONITOR_IDLE_MINUTES"),
        ("monitor.W004", "MONITOR_SECOND_FACTOR"),
        ("monitor.W005", "MONITOR_CHAIN_HEADS"),
    ]


def test_production_is_not_asked_of_a_command_that_needs_nothing(tmp_path):
    data = tmp_path / "data"
    done = run(
        "makemigrations",
        "--check",
        "--dry-run",
        MONITOR_PRODUCTION="1",
        MONITOR_DATA=str(data),
    )
    assert "SECRET_KEY" not in done.stderr
    assert not (data / "secret_key").exists()


def test_the_demo_is_refused_in_production(tmp_path):
    done = run(
        "demo",
        "--data",
        str(tmp_path),
        MONITOR_PRODUCTION="1",
        MONITOR_ALLOWED_HOSTS="monitor.example",
        SECRET_KEY=STRONG,
    )
    assert done.returncode == 1
    assert "Leave MONITOR_PRODUCTION out" in done.stderr


def test_a_script_asks_for_another_under_a_name_that_says_what_is_in_it(tmp_path):
    """In production a browser keeps such a file for good, and asks for no other."""
    from monitor.static_files import HashedFiles

    own = ROOT / "static" / "js"
    shutil.copytree(own, tmp_path / "js")
    storage = HashedFiles(location=tmp_path, base_url="/static/")
    paths = {f"js/{one.name}": (storage, f"js/{one.name}") for one in own.glob("*.js")}
    made = {hashed for _old, hashed, _done in storage.post_process(paths) if hashed}
    named = re.compile(r'from "([^"]+)"')
    texts = [(tmp_path / one).read_text() for one in made if one.endswith(".js")]
    asked = {name for text in texts for name in named.findall(text)}
    assert asked
    assert {one for one in asked if f"js/{one.removeprefix('./')}" not in made} == set()
