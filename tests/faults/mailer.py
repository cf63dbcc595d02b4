"""Run as a program: a mail server, which notes the Message-ID of every mail it takes.

`mailer.py PORT FILE HOW`: HOW is `accept`, `hang` (it never says a word), or an answer
to each recipient such as `550`; `450x1` gives it once and accepts from then on.
"""

import socketserver
import sys
import time
from pathlib import Path

PORT, FILE = int(sys.argv[1]), Path(sys.argv[2])
ANSWER, _x, TIMES = sys.argv[3].partition("x")
refused = []


class Mailbox(socketserver.StreamRequestHandler):
    def handle(self) -> None:
        if ANSWER == "hang":
            time.sleep(60)
            return
        self.say("220 here")
        while line := self.rfile.readline():
            word = line[:4].upper()
            if word == b"DATA":
                self.say("354 go on")
                self.take()
            elif word == b"RCPT" and self.refuses():
                self.say(f"{ANSWER} not now")
            elif word == b"QUIT":
                self.say("221 bye")
                return
            else:
                self.say("250 yes")

    def refuses(self) -> bool:
        if ANSWER == "accept" or (TIMES and len(refused) >= int(TIMES)):
            return False
        refused.append(ANSWER)
        return True

    def take(self) -> None:
        lines = []
        while (line := self.rfile.readline()) not in (b".\r\n", b""):
            lines.append(line.decode())
        with FILE.open("a") as taken:
            taken.writelines(one for one in lines if one.startswith("Message-ID"))
        self.say("250 taken")

    def say(self, words: str) -> None:
        self.wfile.write(f"{words}\r\n".encode())


class Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True


Server(("127.0.0.1", PORT), Mailbox).serve_forever()
