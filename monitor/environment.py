"""The environment, read and refused in words: data, key, hosts, database, broker.

With an empty environment the program is *embedded*: its data, its key and its
message folder lie in `.data/`.
"""

import contextlib
import importlib.util
import os
import secrets
import stat
import sys
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from cryptography.fernet import Fernet
from django.core.exceptions import ImproperlyConfigured

BASE_DIR = Path(__file__).resolve().parent.parent

# Commands that read files and answer: they need no key, no database, no production.
SELF_CONTAINED = {
    "assess",
    "check_protocol",
    "grade_labs",
    "lock",
    "makemigrations",
    "news2",
    "verify_audit",
}
SHORTEST_KEY = 50


def environ(name: str, default: str = "") -> str:
    return os.environ.get(name, default).strip()


def environ_flag(name: str) -> bool:
    value = environ(name, "0")
    if value not in {"0", "1"}:
        raise ImproperlyConfigured(f"{name} is {value!r}. Set it to 1 or 0.")
    return value == "1"


def environ_list(name: str) -> list[str]:
    return [item.strip() for item in environ(name).split(",") if item.strip()]


def environ_number(name: str, default: int) -> int:
    value = environ(name, str(default))
    if not value.isdecimal():
        raise ImproperlyConfigured(f"{name} is {value!r}. Set it to a whole number.")
    return int(value)


def running_self_contained() -> bool:
    return len(sys.argv) > 1 and sys.argv[1] in SELF_CONTAINED


DATA = Path(environ("MONITOR_DATA") or BASE_DIR / ".data").resolve()
PRODUCTION = environ_flag("MONITOR_PRODUCTION") and not running_self_contained()
# Threads within one assessment only slow the few rows of a save, and a server has
# threads of its own. `assess` divides a long chart among processes.
os.environ.setdefault("POLARS_MAX_THREADS", "1")


# What the program keeps to itself


def kept_key(directory: Path) -> str:
    """The embedded program's own key, made at the first start, for its owner only."""
    path = directory / "secret_key"
    if not path.exists():
        directory.mkdir(mode=0o700, parents=True, exist_ok=True)
        fresh = directory / f"secret_key.{os.getpid()}"
        fresh.touch(mode=0o600)
        fresh.write_text(secrets.token_urlsafe(64))
        try:
            os.link(fresh, path)  # Whole or not at all, even if two programs start.
        except FileExistsError:
            pass
        finally:
            fresh.unlink()
    return path.read_text()


def demanded_key() -> str:
    key = environ("SECRET_KEY")
    if len(key) < SHORTEST_KEY or len(set(key)) < 5:
        raise ImproperlyConfigured(
            f"MONITOR_PRODUCTION=1 needs SECRET_KEY: {SHORTEST_KEY} or more random "
            "characters. Make one with: "
            "python3 -c 'import secrets; print(secrets.token_urlsafe(64))'"
        )
    return key


def secret_key() -> str:
    if PRODUCTION:
        return demanded_key()
    if environ("SECRET_KEY"):
        return environ("SECRET_KEY")
    return secrets.token_urlsafe(64) if running_self_contained() else kept_key(DATA)


def demanded_hosts() -> list[str]:
    hosts = environ_list("MONITOR_ALLOWED_HOSTS")
    if not hosts or "*" in hosts:
        raise ImproperlyConfigured(
            "MONITOR_PRODUCTION=1 needs MONITOR_ALLOWED_HOSTS: the names under which "
            "people reach the program, separated by commas, without a bare *."
        )
    return hosts


def for_its_owner(path: Path) -> None:
    """Nobody else reads the database's file, which is made where there is none.

    What SQLite lays beside it is as readable as the file is. A group that was let in on
    purpose stays.
    """
    with contextlib.suppress(OSError):  # SQLite says why it cannot be there.
        path.touch(mode=0o600)
    for more in ("", "-wal", "-shm"):
        file = path.with_name(path.name + more)
        with contextlib.suppress(OSError):  # Not there, or not ours to change.
            file.chmod(stat.S_IMODE(file.stat().st_mode) & ~stat.S_IRWXO)


def sqlite(path: Path | str) -> dict[str, Any]:
    if not running_self_contained():
        for_its_owner(Path(path))
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": str(path),
        "CONN_MAX_AGE": 600,
        "OPTIONS": {
            # Deferred transactions fail when two readers turn writers; these wait.
            "transaction_mode": "IMMEDIATE",
            # A save that waits is kept; one that is refused must be sent again.
            "timeout": 60,
            # FULL: a committed vital sign survives a power cut. Recursive triggers:
            # else INSERT OR REPLACE deletes a row without asking those of the audit.
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; "
            "PRAGMA foreign_keys=ON; PRAGMA recursive_triggers=ON;",
        },
        "TEST": {"NAME": environ("MONITOR_TEST_SQLITE") or None},
    }


def second_factor() -> str:
    """Whether who signs or administers must have a second factor, or may."""
    value = environ("MONITOR_SECOND_FACTOR", "required" if PRODUCTION else "offered")
    if value not in {"required", "offered"}:
        raise ImproperlyConfigured(
            f"MONITOR_SECOND_FACTOR is {value!r}. Set it to required or offered."
        )
    return value


def identity_keys() -> list[str]:
    """Keys that seal who a participant is, the newest first; none: nobody is kept."""
    keys = environ_list("MONITOR_IDENTITY_KEYS")
    for place, key in enumerate(keys, start=1):
        try:
            Fernet(key)
        except ValueError:
            raise ImproperlyConfigured(
                f"Key {place} of MONITOR_IDENTITY_KEYS is none. Make one with: "
                "python3 -c 'from cryptography.fernet import Fernet; "
                "print(Fernet.generate_key().decode())'"
            ) from None
    return keys


def embedded() -> dict[str, Any]:
    if not running_self_contained():
        DATA.mkdir(mode=0o700, parents=True, exist_ok=True)
    return sqlite(DATA / "monitor.sqlite3")


def postgresql(url: str) -> dict[str, Any]:
    parts = urlsplit(url)
    options = dict(parse_qsl(parts.query))
    host = options.pop("host", parts.hostname or "")
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or options.pop("user", "")),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": host,
        "PORT": str(parts.port or options.pop("port", "")),
        "CONN_MAX_AGE": 600,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": options,
    }


def database() -> dict[str, Any]:
    url = environ("DATABASE_URL")
    if not url:
        return embedded()
    scheme = url.partition(":")[0]
    if scheme == "sqlite" and url.startswith("sqlite:////"):
        return sqlite(unquote(url.removeprefix("sqlite:///")))
    if scheme in {"postgresql", "postgres"} and urlsplit(url).path.strip("/"):
        return postgresql(url)
    raise ImproperlyConfigured(
        "DATABASE_URL is not understood. Write sqlite:////absolute/path or "
        "postgresql://user:password@host/name (a socket: "
        "postgresql:///name?host=/directory)."
    )


def broker() -> dict[str, Any]:
    url = environ("CELERY_BROKER_URL")
    if not url:
        return folder_broker(DATA / "messages")
    scheme = url.partition(":")[0]
    if scheme in {"redis", "rediss"}:
        # A task whose worker died is handed out again after this many seconds.
        return {"url": url, "options": {"visibility_timeout": 60}}
    if scheme in {"amqp", "amqps"}:
        return {"url": url, "options": {}}
    raise ImproperlyConfigured(
        f"CELERY_BROKER_URL begins with {scheme!r}. Write redis://... or amqp://..., "
        "or leave it out: messages then go through the data directory."
    )


def folder_broker(directory: Path) -> dict[str, Any]:
    return {
        "url": "filesystem://localhost",
        "options": {
            # One folder for both: what is sent is what is received.
            "data_folder_in": str(directory / "queue"),
            "data_folder_out": str(directory / "queue"),
            "control_folder": str(directory / "control"),
            "polling_interval": 0.1,
        },
    }


def package_files(package: str, *inside: str) -> Path:
    """The folder of an installed package whose files are served as they are."""
    found = importlib.util.find_spec(package)
    if found is None or not found.submodule_search_locations:
        raise ImproperlyConfigured(
            f"The package {package!r} is missing. Install what pyproject.toml lists."
        )
    return Path(next(iter(found.submodule_search_locations)), *inside)
