"""What happens together: one transaction, however many verbs take part in it.

A verb called by itself is a transaction of its own. Within a `story` it joins: what it
refuses takes back the whole story, so it needs no savepoint, and what it tells the
audit trail is written in one go at the story's end, where the chain's head is held for
a moment only and saves need not wait for each other.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from functools import wraps
from typing import Any, ParamSpec, TypeVar

from django.db import connection, transaction

P = ParamSpec("P")
R = TypeVar("R")


@dataclass
class Story:
    """What is under way. `hopeful`: a repeated send has not been looked for.

    `told` holds the audit events to come; `head` is the chain's head once it is held.
    """

    hopeful: bool
    told: list[Any] = field(default_factory=list)
    head: Any = None


_under_way: ContextVar[Story | None] = ContextVar("story", default=None)


def under_way() -> Story | None:
    return _under_way.get()


def hopeful() -> bool:
    """Whether the database alone is asked if a row was sent before.

    It answers by refusing the second one; the story is then told again, carefully.
    """
    story = _under_way.get()
    return story is not None and story.hopeful


@contextmanager
def story(write: Callable[[Story], None], hopeful: bool = False) -> Iterator[Story]:
    """All of it or nothing. `write` is handed what was told, before the end."""
    with transaction.atomic():
        begun = Story(hopeful)
        token = _under_way.set(begun)
        try:
            yield begun
            write(begun)
        finally:
            _under_way.reset(token)


@contextmanager
def part() -> Iterator[None]:
    """A part of a story that may fail alone: it takes back what itself did and told."""
    story = _under_way.get()
    kept = (len(story.told), story.head) if story else (0, None)
    try:
        with transaction.atomic():
            yield
    except BaseException:
        if story:
            del story.told[kept[0] :]
            story.head = kept[1]
        raise


@contextmanager
def looking() -> Iterator[None]:
    """Reads that may fail: within a transaction they take nothing of it with them.

    Outside of one they begin none, which on SQLite would hold up whoever writes for as
    long as is computed here.
    """
    if not connection.in_atomic_block:
        yield
        return
    with transaction.atomic():
        yield


def joins(verb: Callable[P, R]) -> Callable[P, R]:
    """The verb is a transaction of its own, or belongs to the story under way."""
    alone = transaction.atomic(verb)

    @wraps(verb)
    def either(*args: P.args, **kwargs: P.kwargs) -> R:
        called = alone if _under_way.get() is None else verb
        return called(*args, **kwargs)

    return either
