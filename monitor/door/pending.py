"""Who has given the password and not yet the code: kept in the session for minutes."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.contrib.auth import get_user_model
from django.http import HttpRequest

from monitor import clock
from monitor.door.backend import PersonalAccounts
from monitor.trials.models import User

KEY = "door.pending"
LASTS = timedelta(minutes=5)


@dataclass(frozen=True)
class Pending:
    """The account, and the page to open afterwards."""

    user: User
    to: str


def put(request: HttpRequest, user: User, to: str) -> None:
    told = {"user": user.pk, "to": to, "until": (clock.now() + LASTS).isoformat()}
    request.session[KEY] = told


def get(request: HttpRequest) -> Pending | None:
    """Whoever waits in this session; None when nobody does, or not any more."""
    told = request.session.get(KEY)
    if not told or datetime.fromisoformat(told["until"]) <= clock.now():
        return None
    user = get_user_model().objects.filter(pk=told["user"]).first()
    if user is None or not PersonalAccounts().user_can_authenticate(user):
        return None
    return Pending(user, told["to"])


def drop(request: HttpRequest) -> None:
    request.session.pop(KEY, None)
