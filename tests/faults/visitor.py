"""Run as a program: two people at their browsers, who press a button until it works.

`visitor.py PORT CODE READING NURSE INVESTIGATOR`: the nurse saves sets of the
participant, the investigator asks about the reading; the last two are the cookies of
their sessions. What was answered is printed, `set KEY` or `question KEY`; who got no
answer sends the same form again, as a browser does. Any answer but the one to a form
that was kept is printed as `answered STATUS`.
"""

import http.client
import sys
import time
import urllib.parse
import uuid
from datetime import datetime
from zoneinfo import ZoneInfo

PORT, CODE, READING = int(sys.argv[1]), sys.argv[2], sys.argv[3]
NURSE, INVESTIGATOR = sys.argv[4:]
TOKEN = "t" * 32
HEADERS = {"X-CSRFToken": TOKEN, "Content-Type": "application/x-www-form-urlencoded"}
#: Well and ill in turn, so that levels change under the killing.
PRESSURES = ("122/76", "86/48", "76/40")
SET = {
    "RESP": "18",
    "OXYSAT": "97",
    "OXYGEN_DEVICE": "room_air",
    "HR": "104",
    "TEMP": "38.6",
    "TEMP_unit": "Cel",
    "ACVPU": "A",
}
PATIENCE, REST = 60, 0.02


def send(path: str, form: dict[str, str], session: str) -> None:
    cookie = f"sessionid={session}; csrftoken={TOKEN}"
    body = urllib.parse.urlencode(form)
    while True:
        try:
            asked = http.client.HTTPConnection("127.0.0.1", PORT, timeout=PATIENCE)
            asked.request("POST", path, body, HEADERS | {"Cookie": cookie})
            status = asked.getresponse().status
        except (OSError, http.client.HTTPException):
            time.sleep(REST)
            continue
        finally:
            asked.close()
        if status == 302:
            return
        print(f"answered {status}", flush=True)
        time.sleep(REST)


def main() -> None:
    number = 2
    while True:
        number, key = number + 1, str(uuid.uuid4())
        if number % 3:
            about = f"reading:{READING}"
            form = {"key": key, "about": about, "text": f"{number}?"}
            send(f"/participants/{CODE}/ask/?about={about}", form, INVESTIGATOR)
            print(f"question {key}", flush=True)
        else:
            here = datetime.now(ZoneInfo("America/New_York"))
            pressure = PRESSURES[number // 3 % len(PRESSURES)]
            told = {"key": key, "at": f"{here:%d %b %H:%M}", "BP": pressure}
            send(f"/participants/{CODE}/observe/", SET | told, NURSE)
            print(f"set {key}", flush=True)
        time.sleep(REST)


main()
