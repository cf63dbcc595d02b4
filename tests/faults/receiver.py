"""Run as a program: the hospital's pager, which notes every message that it takes.

`receiver.py PORT FILE [SECONDS [ANSWER]]` writes one webhook-id a line, and answers
ANSWER (204) after SECONDS (0). With MONITOR_WEBHOOK_SECRET it does what a hospital is
told to do (Standard Webhooks): it refuses with 401 what is not signed with the secret,
or was signed more than five minutes ago (or the seconds of PAGER_OLD).
"""

import base64
import hashlib
import hmac
import http.server
import os
import sys
import time
from pathlib import Path

PORT, FILE = int(sys.argv[1]), Path(sys.argv[2])
SECONDS = float(sys.argv[3]) if len(sys.argv) > 3 else 0
ANSWER = int(sys.argv[4]) if len(sys.argv) > 4 else 204
SECRET = os.environ.get("MONITOR_WEBHOOK_SECRET", "")
OLD = float(os.environ.get("PAGER_OLD", "300"))


class Pager(http.server.BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        if SECRET and not self.is_genuine(body):
            self.answer(401)
            return
        with FILE.open("a") as taken:
            taken.write(f"{self.headers['webhook-id']}\n")
        time.sleep(SECONDS)
        self.answer(ANSWER)

    def is_genuine(self, body: bytes) -> bool:
        key, stamp = self.headers["webhook-id"], self.headers["webhook-timestamp"]
        signed = f"{key}.{stamp}.".encode() + body
        digest = hmac.new(SECRET.encode(), signed, hashlib.sha256).digest()
        expected = f"v1,{base64.b64encode(digest).decode()}"
        fresh = abs(time.time() - int(stamp)) < OLD
        given = self.headers["webhook-signature"]
        return fresh and hmac.compare_digest(given, expected)

    def answer(self, status: int) -> None:
        self.send_response(status)
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """The file is the log."""


http.server.ThreadingHTTPServer(("127.0.0.1", PORT), Pager).serve_forever()
