"""One JSON object a line, with nothing in it that could describe a participant."""

import json
import logging
import traceback
from datetime import UTC, datetime
from typing import Any


class JsonFormatter(logging.Formatter):
    """Writes time, level, logger and message.

    A path or an exception's own text may quote what somebody typed. So a request is
    written as its route, and an exception as its type and the places it went through.
    """

    def format(self, record: logging.LogRecord) -> str:
        entry: dict[str, Any] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(),
            "level": record.levelname,
            "logger": record.name,
        }
        request = getattr(record, "request", None)
        entry |= described_request(record, request) if request else {}
        entry.setdefault("message", message(record))
        if record.exc_info and record.exc_info[0]:
            entry |= described_exception(record.exc_info)
        return json.dumps(entry)


def message(record: logging.LogRecord) -> str:
    """The sentence; with an exception about, only its fixed words."""
    return str(record.msg) if record.exc_info else record.getMessage()


def described_request(record: logging.LogRecord, request: Any) -> dict[str, Any]:
    match = getattr(request, "resolver_match", None)
    return {
        "message": "request",
        "method": getattr(request, "method", None),
        "route": match.route if match else None,
        "status": getattr(record, "status_code", None),
    }


def described_exception(exc_info: Any) -> dict[str, Any]:
    kind, _, trace = exc_info
    places = traceback.extract_tb(trace)
    return {
        "exception": kind.__name__,
        "trace": [f"{at.filename}:{at.lineno} {at.name}" for at in places],
    }
