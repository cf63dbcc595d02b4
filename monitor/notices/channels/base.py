"""What every channel is handed, and how it says that it could not send."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils.translation import gettext as _

# Seconds for which a channel waits for an answer.
PATIENCE = 10


class Undelivered(Exception):
    """The message did not arrive. `final`: it never will, so it is not tried again."""

    def __init__(self, said: str, *, final: bool = False) -> None:
        super().__init__(said)
        self.final = final


@dataclass(frozen=True, slots=True)
class Message:
    """Code, level, site, time and link: never a value, never a name of a participant.

    `key` is the same each time this message is sent, so that a receiver can drop what
    it has already.
    """

    key: str
    to: str
    address: str
    participant: str
    kind: str
    level: str
    site: str
    zone: str
    at: datetime
    notice: int

    @property
    def link(self) -> str:
        """Asks for sign-in before it shows anything."""
        return f"{settings.MONITOR_URL}/notices/{self.notice}/"

    @property
    def site_time(self) -> str:
        local = self.at.astimezone(ZoneInfo(self.zone))
        return f"{local:%d %b %Y %H:%M} UTC{local:%z}"

    @property
    def word(self) -> str:
        """The level, or what kind of notice it is where there is none."""
        return self.level or self.kind.replace("_", " ")

    @property
    def subject(self) -> str:
        told = {"code": self.participant, "level": self.word}
        return _("Monitor: %(code)s, %(level)s") % told
