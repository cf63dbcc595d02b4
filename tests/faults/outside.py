"""Outside tools against a demo that runs on this machine: headers, sqlmap, wapiti.

    manage.py demo --data DIR --port 8123
    python3 -m venv TOOLS && TOOLS/bin/pip install sqlmap wapiti3
    python -m tests.faults.outside --port 8123 --tools TOOLS/bin --seconds 300

Their reports lie in the directory that it names. Exit status 1: something was found.
"""

import argparse
import re
import subprocess
import tempfile
from http.cookiejar import CookieJar
from pathlib import Path
from urllib.parse import urlencode
from urllib.request import HTTPCookieProcessor, Request, build_opener

#: Each with the parameters that its page reads.
QUERIES = (
    "/?site=02&sort=level&cohort=1&level=warning",
    "/due/?site=02",
    "/queue/?site=02&status=open",
    "/adverse-events/?site=02",
    "{participant}audit/?action=dose&actor=reyes&page=1",
    "{participant}observe/?panel=labs",
)
HEADERS = {
    "Content-Security-Policy": r"default-src 'none'(?!.*unsafe)",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin|no-referrer",
    "Permissions-Policy": r"camera=\(\)",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cache-Control": "no-store",
}
MODULES = "sql,xss,file,redirect,csrf,http_headers,cookieflags,csp,methods"


def signed_in(base: str, name: str) -> tuple[str, str]:
    """(the cookies of a session, the address of a participant)."""
    jar = CookieJar()
    browser = build_opener(HTTPCookieProcessor(jar))
    page = browser.open(f"{base}/login/").read().decode()
    found = re.search(r'csrfmiddlewaretoken" value="([^"]+)"', page)
    assert found, "There is no door at this address."
    told = {"csrfmiddlewaretoken": found[1], "username": name, "next": "/"}
    told["password"] = f"demo-{name}-2026"
    sent = Request(f"{base}/login/", urlencode(told).encode())
    sent.add_header("Referer", f"{base}/login/")
    board = browser.open(sent).read().decode()
    participant = re.search(r"/participants/[0-9A-Za-z-]+/", board)
    assert participant, "Nobody is on the board."
    return "; ".join(f"{one.name}={one.value}" for one in jar), participant[0]


def header_faults(base: str) -> list[str]:
    answer = build_opener().open(f"{base}/login/")
    return [
        f"{name} is {answer.headers.get(name)!r}"
        for name, wanted in HEADERS.items()
        if not re.search(wanted, answer.headers.get(name) or "")
    ]


OUT_OF_TIME = "out of time"


def sqlmap(
    tools: Path, url: str, cookies: str, into: Path, seconds: int
) -> tuple[list[str], str]:
    """(what it found, what else is to be said)."""
    command = [tools / "sqlmap", "-u", url, f"--cookie={cookies}", "--batch"]
    command += ["--level=1", "--risk=1", "--technique=BEU", f"--output-dir={into}"]
    said = run([*command, "--disable-coloring", "--flush-session"], seconds)
    found = re.findall(r".*(?:is vulnerable|is injectable|appears to be '.*).*", said)
    return found, OUT_OF_TIME if said == OUT_OF_TIME else "nothing"


def wapiti(tools: Path, base: str, cookies: str, into: Path, seconds: int) -> str:
    report = into / "wapiti.txt"
    command = [tools / "wapiti", "-u", f"{base}/", "-H", f"Cookie: {cookies}"]
    command += ["-m", MODULES, "-x", f"{base}/logout/", "-d", "1", "--tasks", "2"]
    command += ["--max-links-per-page", "10", "--max-scan-time", str(seconds // 2)]
    command += ["--max-attack-time", str(seconds // 18), "-f", "txt", "-o", report]
    run([*command, "--no-bugreport", "--flush-session"], seconds * 2)
    return report.read_text() if report.exists() else "wapiti wrote no report"


def run(command: list[str | Path], seconds: int) -> str:
    try:
        ran = subprocess.run(
            command, capture_output=True, text=True, timeout=seconds, check=False
        )
    except subprocess.TimeoutExpired:
        return OUT_OF_TIME
    return ran.stdout + ran.stderr


def main() -> int:
    asked = argparse.ArgumentParser(description="Outside tools against the demo.")
    asked.add_argument("--port", type=int, default=8000)
    asked.add_argument("--tools", type=Path, required=True)
    asked.add_argument("--seconds", type=int, default=300, help="for each tool")
    told = asked.parse_args()
    base, into = f"http://127.0.0.1:{told.port}", Path(tempfile.mkdtemp())
    faults = header_faults(base)
    print("headers:", faults or "as they should be")
    cookies, participant = signed_in(base, "chen")
    for query in QUERIES:
        url = base + query.format(participant=participant)
        seconds = told.seconds // len(QUERIES)
        found, said = sqlmap(told.tools, url, cookies, into, seconds)
        print("sqlmap", query, found or said)
        faults += found
    print(wapiti(told.tools, base, cookies, into, told.seconds))
    print(f"Reports: {into}")
    return int(bool(faults))


if __name__ == "__main__":
    raise SystemExit(main())
