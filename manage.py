#!/usr/bin/env python
"""Django's command line, started on this project's settings."""

import os
import sys


def data_directory(arguments: list[str]) -> str | None:
    """The value of `demo --data DIR`: settings read it before any command runs."""
    if "demo" not in arguments[:1]:
        return None
    for at, argument in enumerate(arguments):
        if argument == "--data" and at + 1 < len(arguments):
            return arguments[at + 1]
        if argument.startswith("--data="):
            return argument.removeprefix("--data=")
    return None


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "monitor.settings")
    if chosen := data_directory(sys.argv[1:]):
        os.environ["MONITOR_DATA"] = chosen
        os.environ.pop("DATABASE_URL", None)  # The database lies in that directory.
    from django.core.management import execute_from_command_line

    from monitor.lacking import said_in_words

    with said_in_words():
        execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
