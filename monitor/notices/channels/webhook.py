"""A signed POST to the hospital's pager or chat, as Standard Webhooks describes it.

webhook-id is the message's key, the same at every attempt; webhook-signature is
`v1,` and the base64 HMAC-SHA256 of "id.timestamp.body". A receiver refuses a timestamp
that is minutes off and an id that it has seen, so that nothing can be replayed.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import http.client
import json
import urllib.error
import urllib.request
from typing import Any

from django.conf import settings

from monitor import clock
from monitor.notices.channels.base import PATIENCE, Message, Undelivered
from monitor.trials.models import User

# Answers after which it is worth trying again; all others of 400 to 499 are final.
TRY_AGAIN = {408, 425, 429}
READ = 200


def ready() -> bool:
    return bool(settings.MONITOR_WEBHOOK_URL)


def address(user: User) -> str:
    return user.username


def send(message: Message) -> str:
    """Raises Undelivered: final where the receiver will never take it."""
    return post(settings.MONITOR_WEBHOOK_URL, body(message), message.key)


def body(message: Message) -> bytes:
    told = {
        "id": message.key,
        "to": message.address,
        "participant": message.participant,
        "kind": message.kind,
        "level": message.level,
        "site": message.site,
        "at": message.at.isoformat(),
        "site_time": message.site_time,
        "link": message.link,
    }
    return json.dumps(told, sort_keys=True).encode()


def headers(key: str, content: bytes) -> dict[str, str]:
    stamp = str(int(clock.now().timestamp()))
    return {
        "Content-Type": "application/json",
        "webhook-id": key,
        "webhook-timestamp": stamp,
        "webhook-signature": f"v1,{signature(key, stamp, content)}",
    }


def signature(key: str, stamp: str, content: bytes) -> str:
    signed = f"{key}.{stamp}.".encode() + content
    secret = settings.MONITOR_WEBHOOK_SECRET.encode()
    return base64.b64encode(hmac.digest(secret, signed, hashlib.sha256)).decode()


class StayHere(urllib.request.HTTPRedirectHandler):
    """A redirect would carry the message to somebody who was not chosen."""

    def redirect_request(self, *_: Any) -> None:
        return None


OPENER = urllib.request.build_opener(StayHere)


def post(url: str, content: bytes, key: str) -> str:
    asked = urllib.request.Request(
        url, data=content, headers=headers(key, content), method="POST"
    )
    try:
        with OPENER.open(asked, timeout=PATIENCE) as answer:
            said = answer.read(READ).decode(errors="replace")
            return f"{answer.status} {said}"
    except urllib.error.HTTPError as refused:
        refused.close()
        final = 300 <= refused.code < 500 and refused.code not in TRY_AGAIN
        raise Undelivered(f"{refused.code}", final=final) from refused
    except (OSError, http.client.HTTPException) as failure:
        raise Undelivered(type(failure).__name__) from failure
