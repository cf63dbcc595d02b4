"""All settings, read from the environment and refused in words.

With an empty environment the program is *embedded*: its data, its key and its
message folder lie in `.data/`, and it listens to this machine alone.
"""

import importlib.util
import os
import secrets
import sys
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _

from monitor import outside

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


def sqlite(path: Path | str) -> dict[str, Any]:
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": str(path),
        "CONN_MAX_AGE": 600,
        "OPTIONS": {
            # Deferred transactions fail when two readers turn writers; these wait.
            "transaction_mode": "IMMEDIATE",
            "timeout": 20,
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


DATA = Path(environ("MONITOR_DATA") or BASE_DIR / ".data").resolve()
PRODUCTION = environ_flag("MONITOR_PRODUCTION") and not running_self_contained()
SECRET_KEY = secret_key()
DEBUG = False
ALLOWED_HOSTS = demanded_hosts() if PRODUCTION else ["localhost", "127.0.0.1", "[::1]"]

INSTALLED_APPS = [
    "monitor.apps.MonitorConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "crispy_forms",
    "crispy_bootstrap5",
    "django_htmx",
    "axes",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "monitor.middleware.ContentSecurityPolicyMiddleware",
    "monitor.middleware.PermissionsPolicyMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "monitor.middleware.NotKeptMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "monitor.door.middleware.PartRequestMiddleware",
    "monitor.door.middleware.IdleMiddleware",
    # A page is closed unless its view says otherwise.
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "monitor.door.middleware.SecondFactorMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "axes.middleware.AxesMiddleware",
]

ROOT_URLCONF = "monitor.urls"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "monitor.context.chrome",
            ],
        },
    },
]
CRISPY_ALLOWED_TEMPLATE_PACKS = "bootstrap5"
CRISPY_TEMPLATE_PACK = "bootstrap5"

DATABASES = {"default": database()}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# Who signs in

AUTH_USER_MODEL = "monitor.User"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "monitor.door.backend.PersonalAccounts",
]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
# Length first: a long sentence is better than a short riddle. No rule asks for marks.
VALIDATORS = "django.contrib.auth.password_validation"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"{VALIDATORS}.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": f"{VALIDATORS}.CommonPasswordValidator"},
    {"NAME": f"{VALIDATORS}.UserAttributeSimilarityValidator"},
]
LOGIN_URL = "/login/"
LOGIN_REDIRECT_URL = "/"
LOGOUT_REDIRECT_URL = "/login/"
SESSION_COOKIE_AGE = 12 * 60 * 60  # One long shift.
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = 0.25  # Hours: whoever mistyped can work on in the same round.
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_RESET_ON_SUCCESS = True
AXES_VERBOSE = False
AXES_LOCKOUT_CALLABLE = "monitor.door.views.locked_out"
# Minutes without work after which a session ends; 0 is never.
IDLE_MINUTES = environ_number("MONITOR_IDLE_MINUTES", 30)
# Days without a sign-in after which an account is locked.
UNUSED_DAYS = environ_number("MONITOR_UNUSED_DAYS", 90)
SECOND_FACTOR = second_factor()

# Time and language

TIME_ZONE = "UTC"
LANGUAGE_CODE = "en-us"
LANGUAGES = [("en-us", _("English"))]

# Files: what others wrote is not copied here, it is served from where it lies

STATIC_URL = "static/"
STATIC_ROOT = DATA / "staticfiles"
STATICFILES_DIRS = [
    BASE_DIR / "static",
    ("vendor/bootstrap", package_files("bootstrap")),
    ("vendor/uplot", package_files("uplot", "static")),
]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"
        if PRODUCTION
        else "django.contrib.staticfiles.storage.StaticFilesStorage"
    },
}
WHITENOISE_USE_FINDERS = not PRODUCTION
WHITENOISE_AUTOREFRESH = not PRODUCTION

# What a browser may do with our pages

# No page takes a file: what is attached is dropped unread. Charts and tables come in by
# command. A form of ours is a few kilobytes.
FILE_UPLOAD_HANDLERS: list[str] = []
DATA_UPLOAD_MAX_MEMORY_SIZE = 256 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 1000

SECURE_CSP = {
    "default-src": ["'none'"],
    "script-src": ["'self'"],
    "style-src": ["'self'"],
    "img-src": ["'self'", "data:"],  # Bootstrap's own marks are data images.
    "font-src": ["'self'"],
    "connect-src": ["'self'"],
    "manifest-src": ["'self'"],
    "form-action": ["'self'"],
    "frame-ancestors": ["'none'"],
    "base-uri": ["'none'"],
}
PERMISSIONS_POLICY: dict[str, list[str]] = {
    name: []
    for name in ("camera", "geolocation", "microphone", "payment", "usb", "midi")
}
SESSION_COOKIE_SECURE = PRODUCTION
CSRF_COOKIE_SECURE = PRODUCTION
SECURE_SSL_REDIRECT = PRODUCTION
SECURE_HSTS_SECONDS = 365 * 24 * 60 * 60 if PRODUCTION else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = PRODUCTION
# The browsers' preload list is for the owner of the whole domain to decide.
SILENCED_SYSTEM_CHECKS = ["security.W021"]
if environ_flag("MONITOR_BEHIND_PROXY"):
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")

# Work outside the request. The outbox is the truth; a message only wakes a worker.

BROKER = broker()
CELERY_BROKER_URL = BROKER["url"]
CELERY_BROKER_TRANSPORT_OPTIONS = BROKER["options"]

# Where the audit trail's head is noted once a day; "" is nowhere.
CHAIN_HEADS = environ("MONITOR_CHAIN_HEADS")

# Ways in which a notice leaves the program, each off until it is set

MONITOR_EMAIL = outside.email(
    environ("MONITOR_EMAIL_URL"), environ("MONITOR_EMAIL_FROM")
)
MONITOR_WEBHOOK_URL = outside.http(
    "MONITOR_WEBHOOK_URL", environ("MONITOR_WEBHOOK_URL")
)
MONITOR_WEBHOOK_SECRET = outside.secret(
    MONITOR_WEBHOOK_URL, environ("MONITOR_WEBHOOK_SECRET")
)
MONITOR_URL = outside.own_address(
    environ("MONITOR_URL"), needed=bool(MONITOR_EMAIL or MONITOR_WEBHOOK_URL)
)
MONITOR_HEARTBEAT_URL = outside.http(
    "MONITOR_HEARTBEAT_URL", environ("MONITOR_HEARTBEAT_URL")
)

# Logs say what happened to the program, never to a participant

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"json": {"()": "monitor.logs.JsonFormatter"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "json"}},
    "root": {"handlers": ["stderr"], "level": "WARNING"},
    "loggers": {
        "monitor": {"level": "INFO"},
        "django": {"handlers": ["stderr"], "level": "WARNING", "propagate": False},
        "django.request": {"level": "ERROR"},  # A wrong address is no news.
    },
}
