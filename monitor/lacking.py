"""What the environment lacks is said in one sentence; a traceback would bury it."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager

from django.core.exceptions import ImproperlyConfigured

#: The exit status of a command that could not begin.
COULD_NOT_BEGIN = 2


@contextmanager
def said_in_words(status: int = COULD_NOT_BEGIN) -> Iterator[None]:
    """Ends the process with what is to be set; `--traceback` shows where it is read."""
    try:
        yield
    except ImproperlyConfigured as lack:
        if "--traceback" in sys.argv:
            raise
        sys.stderr.write(f"Error: {lack}\n")
        sys.exit(status)
