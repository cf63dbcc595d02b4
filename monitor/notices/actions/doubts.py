"""What a person is asked before the rota changes: who reads it on, says so."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import datetime

from django.db.models import Min, QuerySet
from django.utils.translation import gettext as _

from monitor import localtime
from monitor.clinical.study.escalation import duties
from monitor.notices import gaps
from monitor.notices.duty import Rota, label
from monitor.notices.models import OnCall
from monitor.refusal import Refused
from monitor.trials.models import Site
from monitor.trials.queries import people_in

FIELD = "agreed"
# So many times are named in one sentence.
NAMED = 3


def ask(doubts: Iterable[str], agreed: str) -> str:
    """What a person agreed to, "" where nothing is doubtful.

    Raises Refused with what is, unless `agreed` are these very words.
    """
    said = " ".join(doubts)
    if said and said != agreed:
        raise Refused(said, FIELD)
    return said


def of_plan(made: Sequence[OnCall], now: datetime) -> Iterator[str]:
    """New shifts of one duty: with the first, everybody else in the role is out."""
    before = rota_of(made[0].site, made[0].duty, now)
    begins = [before.begins] if before.begins else []
    begins += [one.starts_at for one in made if not one.overrides]
    after = Rota([*before.shifts, *made], min(begins), before.able)
    yield from _nobody(made[0], before, after, now)


def of_override(made: OnCall, now: datetime) -> Iterator[str]:
    """It begins in the past, or somebody was to have the duty instead already."""
    zone = made.site.time_zone
    if made.starts_at < now.replace(second=0, microsecond=0):
        said = _("This begins in the past, %(at)s. Who was told since stays as it is.")
        yield said % {"at": localtime.say(made.starts_at, zone)}
    others = overlapping(made).filter(overrides=True).select_related("user")
    if made.starts_at <= now:  # Whoever has it then hands it over.
        others = others.filter(starts_at__gt=made.starts_at)
    said = _(
        "%(name)s is to have it instead of the plan, %(start)s to %(end)s. "
        "What is entered last goes before."
    )
    for one in others.order_by("starts_at", "pk"):
        yield said % _told(one)


def of_strike(shift: OnCall, now: datetime) -> Iterator[str]:
    """What comes off the rota may leave nobody."""
    before = rota_of(shift.site, shift.duty, now)
    after = rota_of(shift.site, shift.duty, now, without=[shift.pk])
    yield from _nobody(shift, before, after, now)


def refuse_twice(made: Sequence[OnCall]) -> None:
    """Raises Refused where a person would be planned twice for the same time."""
    for number, one in enumerate(made):
        standing = overlapping(one).filter(overrides=False, user=one.user_id)
        twice = standing.order_by("starts_at", "pk").first()
        beside = [other for other in made[:number] if other.ends_at > one.starts_at]
        if twice := twice or next(iter(beside), None):
            said = _(
                "%(name)s has this duty already, %(start)s to %(end)s. Choose other "
                "times, or strike that shift first."
            )
            raise Refused(said % _told(twice), "starts_at")


def overlapping(shift: OnCall) -> QuerySet[OnCall]:
    """Shifts of the same duty that stand and run at some time of this one."""
    return OnCall.objects.current().filter(
        site=shift.site,
        duty=shift.duty,
        starts_at__lt=shift.ends_at,
        ends_at__gt=shift.starts_at,
    )


def rota_of(
    site: Site, duty: str, now: datetime, without: Collection[int] = ()
) -> Rota:
    """What stands of a duty, as if what is `without` had been struck."""
    every = OnCall.objects.current().filter(site=site, duty=duty)
    every = every.exclude(pk__in=without)
    first = every.filter(overrides=False).aggregate(at=Min("starts_at"))
    return Rota(
        shifts=list(every.filter(ends_at__gt=now)),
        begins=first["at"],
        able=set(people_in(site, [duties()[duty]]).values_list("pk", flat=True)),
    )


def _nobody(shift: OnCall, before: Rota, after: Rota, now: datetime) -> Iterator[str]:
    found = gaps.lost(before, after, now)
    if not found:
        return
    times = [_span(one, shift.site.time_zone, now) for one in found[:NAMED]]
    if len(found) > NAMED:
        times.append(_("%(n)d times more") % {"n": len(found) - NAMED})
    said = _(
        "Nobody would be %(duty)s %(times)s. "
        "A notice then goes to its next step at once."
    )
    yield said % {"duty": label(shift.duty), "times": ", ".join(times)}


def _span(span: gaps.Span, zone: str, now: datetime) -> str:
    """In words that are the same a minute later, when somebody says yes to them."""
    start, end = span
    told = {"start": localtime.say(start, zone)}
    if end is None:
        return _("from now on") if start == now else _("from %(start)s on") % told
    told["end"] = localtime.say(end, zone)
    if start == now:
        return _("from now to %(end)s") % told
    return _("%(start)s to %(end)s") % told


def _told(shift: OnCall) -> dict[str, str]:
    zone = shift.site.time_zone
    return {
        "name": shift.user.get_full_name(),
        "start": localtime.say(shift.starts_at, zone),
        "end": localtime.say(shift.ends_at, zone),
    }
