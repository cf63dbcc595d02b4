"""All settings; `monitor.environment` reads them and refuses in words.

With an empty environment the program is *embedded*: its data, its key and its
message folder lie in `.data/`, and it listens to this machine alone.
"""

from django.utils.translation import gettext_lazy as _

from monitor import outside
from monitor.environment import (
    BASE_DIR,
    DATA,
    PRODUCTION,
    broker,
    database,
    demanded_hosts,
    environ,
    environ_flag,
    environ_number,
    identity_keys,
    package_files,
    second_factor,
    secret_key,
)

SECRET_KEY = secret_key()
# Keys that seal who a participant is; without one nobody's identity can be kept.
MONITOR_IDENTITY_KEYS = identity_keys()
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
    "monitor.middleware.BehindProxyMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "monitor.middleware.ContentSecurityPolicyMiddleware",
    "monitor.middleware.PermissionsPolicyMiddleware",
    # Before what serves static files, so that they carry it too.
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
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
    "monitor.door.middleware.OwedMiddleware",
    "monitor.trials.middleware.RemarkTextsMiddleware",
    "monitor.trials.middleware.LevelsSeenMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "monitor.door.middleware.FormsOnlyMiddleware",
    "monitor.door.middleware.NewsMiddleware",
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
    {"NAME": "monitor.door.passwords.OwnName"},
    {"NAME": "monitor.door.passwords.Pattern"},
    {"NAME": "monitor.door.passwords.CommonWord"},
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
        "BACKEND": "monitor.static_files.HashedFiles"
        if PRODUCTION
        else "django.contrib.staticfiles.storage.StaticFilesStorage"
    },
}
WHITENOISE_USE_FINDERS = not PRODUCTION
WHITENOISE_AUTOREFRESH = not PRODUCTION
WHITENOISE_ALLOW_ALL_ORIGINS = False  # No other site shows our files.

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
CSRF_COOKIE_HTTPONLY = True  # Pages carry the token; no script reads the cookie.
SECURE_SSL_REDIRECT = PRODUCTION
SECURE_HSTS_SECONDS = 365 * 24 * 60 * 60 if PRODUCTION else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = PRODUCTION
# The browsers' preload list is for the owner of the whole domain to decide.
SILENCED_SYSTEM_CHECKS = ["security.W021"]
BEHIND_PROXY = environ_flag("MONITOR_BEHIND_PROXY")
if BEHIND_PROXY:
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

# Signing in at the hospital: an extra, off until it is set

OIDC = outside.oidc(
    {name: environ(told) for name, told in outside.OIDC_NAMES.items()},
    embedded=not PRODUCTION,
)
globals().update(OIDC)
if OIDC:
    # The form that links leads on to the hospital's page.
    SECURE_CSP["form-action"].append(outside.origin(str(OIDC[outside.AUTHORIZE])))

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
