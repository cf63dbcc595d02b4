"""Who has a second factor, and where a person is signed in."""

from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import Max, QuerySet

from monitor import clock
from monitor.door.models import HospitalLink, SecondFactor, SignedIn
from monitor.trials.models import User


def factor_of(user: User) -> SecondFactor | None:
    """The person's confirmed second factor."""
    return SecondFactor.objects.filter(user=user, confirmed_at__isnull=False).first()


def codes_left(factor: SecondFactor) -> int:
    return factor.codes.filter(used_at__isnull=True).count()


def sessions_of(user: User) -> QuerySet[SignedIn]:
    """The person's open sessions, the one last at work first.

    One that nobody works in any more is over, also while nobody has come to find out.
    """
    rows = SignedIn.objects.filter(user=user, ended_at__isnull=True)
    if settings.IDLE_MINUTES:
        limit = timedelta(minutes=settings.IDLE_MINUTES)
        rows = rows.filter(seen_at__gt=clock.now() - limit)
    return rows.order_by("-seen_at", "-pk")


def last_came(user: User) -> datetime | None:
    """When the person signed in last; None for who never did."""
    return SignedIn.objects.filter(user=user).aggregate(at=Max("began_at"))["at"]


def link_of(user: User) -> HospitalLink | None:
    """The hospital account that opens the person's."""
    return HospitalLink.objects.filter(user=user).first()
