"""How the program reaches the world outside: read from the environment, or refused."""

from dataclasses import dataclass
from urllib.parse import parse_qsl, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured

SHORTEST_SECRET = 32


@dataclass(frozen=True, slots=True)
class Email:
    """A mail server, and who the notices are from."""

    host: str
    port: int
    sender: str
    user: str = ""
    password: str = ""
    starttls: bool = False
    implicit_tls: bool = False


def email(url: str, sender: str) -> Email | None:
    """`smtp://host:25`, `smtp://user:password@host:587?starttls=1`, `smtps://host`."""
    if not url:
        return None
    parts = urlsplit(url)
    if parts.scheme not in {"smtp", "smtps"} or not parts.hostname:
        raise ImproperlyConfigured(
            "MONITOR_EMAIL_URL is not understood. Write smtp://host:25, "
            "smtp://user:password@host:587?starttls=1 or smtps://user:password@host."
        )
    if "@" not in sender:
        raise ImproperlyConfigured(
            "MONITOR_EMAIL_URL needs MONITOR_EMAIL_FROM: the address that notices "
            "come from."
        )
    tls = parts.scheme == "smtps"
    return Email(
        host=parts.hostname,
        port=parts.port or (465 if tls else 25),
        sender=sender,
        user=unquote(parts.username or ""),
        password=unquote(parts.password or ""),
        starttls=dict(parse_qsl(parts.query)).get("starttls") == "1",
        implicit_tls=tls,
    )


def http(name: str, url: str) -> str:
    parts = urlsplit(url)
    if url and (parts.scheme not in {"http", "https"} or not parts.hostname):
        raise ImproperlyConfigured(f"{name} is {url!r}. Write https://host/path.")
    return url


def secret(url: str, given: str) -> str:
    if url and len(given) < SHORTEST_SECRET:
        raise ImproperlyConfigured(
            "MONITOR_WEBHOOK_URL needs MONITOR_WEBHOOK_SECRET: "
            f"{SHORTEST_SECRET} or more random characters, known to the receiver too."
        )
    return given


def own_address(url: str, *, needed: bool) -> str:
    """Where people reach the program, for links in messages; without a slash."""
    if needed and not url:
        raise ImproperlyConfigured(
            "Messages carry a link: set MONITOR_URL to the address at which people "
            "reach the program, such as https://monitor.example."
        )
    return http("MONITOR_URL", url).rstrip("/")


#: Django setting of mozilla-django-oidc -> where it comes from in our environment.
OIDC_NAMES = {
    "OIDC_ISSUER": "MONITOR_OIDC_ISSUER",
    "OIDC_RP_CLIENT_ID": "MONITOR_OIDC_CLIENT_ID",
    "OIDC_RP_CLIENT_SECRET": "MONITOR_OIDC_CLIENT_SECRET",  # nosec B105: a name
    "OIDC_OP_AUTHORIZATION_ENDPOINT": "MONITOR_OIDC_AUTHORIZE_URL",
    "OIDC_OP_TOKEN_ENDPOINT": "MONITOR_OIDC_TOKEN_URL",  # nosec B105: a name
    "OIDC_OP_JWKS_ENDPOINT": "MONITOR_OIDC_JWKS_URL",
}
AUTHORIZE = "OIDC_OP_AUTHORIZATION_ENDPOINT"
OIDC_ALWAYS = {
    "OIDC_OP_USER_ENDPOINT": "",  # Nothing is asked of it: the token names the person.
    "OIDC_RP_SIGN_ALGO": "RS256",
    "OIDC_RP_SCOPES": "openid",
    "OIDC_USE_PKCE": True,
    "OIDC_TIMEOUT": 10,
    "OIDC_CREATE_USER": False,
    "OIDC_AUTHENTICATION_CALLBACK_URL": "hospital-back",
}


def oidc(told: dict[str, str], embedded: bool) -> dict[str, object]:
    """The settings of a hospital's sign-in; none where nothing is told.

    `told`: by the names of OIDC_NAMES. Half of it, or an address without TLS that is
    not this machine's, is refused.
    """
    if not any(told.values()):
        return {}
    missing = [OIDC_NAMES[name] for name, value in told.items() if not value]
    if missing:
        raise ImproperlyConfigured(
            f"MONITOR_OIDC_ISSUER needs {', '.join(missing)} too: the hospital's "
            "identity provider names them in /.well-known/openid-configuration."
        )
    for name, value in told.items():
        if "RP_CLIENT" in name:
            continue
        scheme = urlsplit(value).scheme
        if scheme != "https" and not (embedded and scheme == "http"):
            raise ImproperlyConfigured(f"{OIDC_NAMES[name]} begins with https://.")
    return {**told, **OIDC_ALWAYS}


def origin(url: str) -> str:
    """`https://login.hospital.example`, as a content security policy says it."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"
