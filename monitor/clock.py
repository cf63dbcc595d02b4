"""The one place that knows what time it is.

Everything else is handed `now`, so that a replay or a test can stand at any moment.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

_frozen: list[datetime] = []


def now() -> datetime:
    """The present, aware and in UTC; inside `freeze`, the moment it was given."""
    return _frozen[-1] if _frozen else datetime.now(UTC)


@contextmanager
def freeze(moment: datetime) -> Iterator[None]:
    """Stop the clock at an aware moment, for every thread, until the block ends.

    Blocks nest. Raises ValueError for a moment without a time zone.
    """
    if moment.tzinfo is None:
        raise ValueError("freeze() needs a moment with a time zone.")
    _frozen.append(moment.astimezone(UTC))
    try:
        yield
    finally:
        _frozen.pop()
