"""Run as a program: the hospital's pager, which notes every message that it takes.

`receiver.py PORT FILE [SECONDS [ANSWER]]` writes one webhook-id a line, and answers
ANSWER (204) after SECONDS (0).
"""

import http.server
import sys
import time
from pathlib import Path

PORT, FILE = int(sys.argv[1]), Path(sys.argv[2])
SECONDS = float(sys.argv[3]) if len(sys.argv) > 3 else 0
ANSWER = int(sys.argv[4]) if len(sys.argv) > 4 else 204


class Pager(http.server.BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["Content-Length"]))
        with FILE.open("a") as taken:
            taken.write(f"{self.headers['webhook-id']}\n")
        time.sleep(SECONDS)
        self.send_response(ANSWER)
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """The file is the log."""


http.server.ThreadingHTTPServer(("127.0.0.1", PORT), Pager).serve_forever()
