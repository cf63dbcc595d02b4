"""Wrong passwords for many names from one address: who is new there waits a little.

Who guesses at one name is stopped by the lock of that name. Who tries a few passwords
for each of many names is slowed here. Nobody is locked: a wait is seconds long, trying
again makes it no longer, and a person who has come in before in the same browser never
waits there. Behind a hospital's proxy everybody may have one address, and one guesser
must not shut a ward out.
"""

from datetime import timedelta
from math import ceil

from axes.handlers.proxy import AxesProxyHandler
from axes.models import AccessAttempt
from django.conf import settings
from django.core import signing
from django.db.models import Count, Max
from django.http import HttpRequest, HttpResponse

from monitor.trials.models import User

#: So many names may fail from one address, in so long a time, before anybody waits.
NAMES, TOGETHER = 5, timedelta(minutes=15)
#: What each name more adds to the wait, and where it ends.
A_NAME, LONGEST = timedelta(seconds=2), timedelta(seconds=30)

#: Whose sign-ins a browser has seen: signed, and sent to the door alone.
COOKIE = "monitor_came_in"
KEPT = timedelta(days=90)
MOST_PEOPLE = 50


def seconds_to_wait(request: HttpRequest, username: str) -> int:
    """Until this address may try this name; 0 is at once.

    A name that came in after it had failed is not counted.
    """
    AxesProxyHandler.update_request(request)
    now = request.axes_attempt_time
    failed = AccessAttempt.objects.filter(
        ip_address=request.axes_ip_address, attempt_time__gt=now - TOGETHER
    ).aggregate(names=Count("username", distinct=True), last=Max("attempt_time"))
    if failed["names"] <= NAMES or has_come_in(request, username):
        return 0
    until = failed["last"] + min(A_NAME * (failed["names"] - NAMES), LONGEST)
    return max(0, ceil((until - now).total_seconds()))


def has_come_in(request: HttpRequest, username: str) -> bool:
    """Whether this person has signed in before in this browser."""
    people = who_came_in(request)
    return (
        bool(people) and User.objects.filter(username=username, pk__in=people).exists()
    )


def who_came_in(request: HttpRequest) -> list[int]:
    try:
        kept = request.COOKIES.get(COOKIE, "")
        return list(signing.loads(kept, salt=COOKIE, max_age=KEPT))
    except signing.BadSignature:
        return []


def keep_who_came_in(request: HttpRequest, response: HttpResponse, user: User) -> None:
    """The browser has seen this person come in, the last of so many."""
    others = [pk for pk in who_came_in(request) if pk != user.pk]
    response.set_cookie(
        COOKIE,
        signing.dumps([*others, user.pk][-MOST_PEOPLE:], salt=COOKIE),
        max_age=KEPT,
        path=settings.LOGIN_URL,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )
