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
