"""When nobody has a duty, and what a change of the rota would add to that. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime
from itertools import pairwise

from monitor.notices.duty import Rota

# The last of them may have no end.
Span = tuple[datetime, datetime | None]


def nobody(rota: Rota, start: datetime, end: datetime | None = None) -> list[Span]:
    """The times from `start` at which nobody has the duty."""
    return spans(moments([rota], start, end), lambda at: not rota.named(at), end)


def lost(before: Rota, after: Rota, start: datetime) -> list[Span]:
    """The times from `start` at which somebody had the duty, and nobody would."""

    def so(at: datetime) -> bool:
        return bool(before.named(at)) and not after.named(at)

    return spans(moments([before, after], start, None), so, None)


def moments(
    rotas: Iterable[Rota], start: datetime, end: datetime | None
) -> list[datetime]:
    """`start`, and every moment after it at which another may have the duty."""
    found = {start}
    for rota in rotas:
        found |= {at for one in rota.shifts for at in (one.starts_at, one.ends_at)}
        found |= {rota.begins} if rota.begins else set()
    return sorted(at for at in found if start <= at and (end is None or at < end))


def spans(
    moments: list[datetime], so: Callable[[datetime], bool], end: datetime | None
) -> list[Span]:
    """The times between the moments, joined, that begin with one at which it is so."""
    found: list[Span] = []
    for at, until in pairwise([*moments, end]):
        assert at is not None
        if not so(at):
            continue
        if found and found[-1][1] == at:
            at = found.pop()[0]
        found.append((at, until))
    return found
