"""Outside tools against a demo that runs on this machine: headers, sqlmap, wapiti.

    manage.py demo --data DIR --port 8123
    python3 -m venv TOOLS && TOOLS/bin/pip install sqlmap wapiti3
    python -m tests.faults.outside --port 8123 --tools TOOLS/bin

Each goes through to its end: what bounds it is how many pages and parameters it is
given. Their reports lie in the directory that it names. Exit status 1: something was
found, or a tool did not come to its end.
"""

import argparse
import json
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
    "/knowledge/?q=fever",
    "/knowledge/ctcae/?version=v5&q=fever",
)
#: What wapiti looks at. It follows no links: of each filter's values it would make an
#: address of its own, some 290 of them from five pages.
STARTS = (
    *("/", "/queue/", "/due/?site=02", "/handover/", "/questions/", "/rota/"),
    *("/adverse-events/?site=02", "/audit/reviews/", "/knowledge/?q=fever"),
    *("{participant}", "{participant}audit/?action=dose", "{participant}observe/"),
    *("{participant}treat/", "{participant}facts/", "/account/", "/permissions/"),
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
#: What is found and is as it should be, with the reason.
ARGUED = {"Secure Flag cookie": "a demo speaks HTTP; in production both carry it"}
MODULES = "sql,xss,file,redirect,csrf,crlf,http_headers,cookieflags,csp,methods"


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


def sqlmap(tools: Path, url: str, cookies: str, into: Path) -> list[str]:
    """What it found in the parameters of an address."""
    command = [tools / "sqlmap", "-u", url, f"--cookie={cookies}", "--batch"]
    command += ["--level=1", "--risk=1", "--technique=BEU", f"--output-dir={into}"]
    said = run([*command, "--disable-coloring", "--flush-session"])
    if "[*] ending @" not in said:
        return [f"It did not come to its end: {said[-500:]}"]
    return re.findall(r".*(?:is vulnerable|is injectable|appears to be '.*).*", said)


def wapiti(tools: Path, base: str, told: tuple[str, str], into: Path) -> list[str]:
    """What it found, a line for each kind; and that it was signed in, or was not."""
    cookies, participant = told
    report = into / "wapiti.json"
    command = [tools / "wapiti", "-u", f"{base}/", "-H", f"Cookie: {cookies}"]
    for start in STARTS:
        command += ["-s", base + start.format(participant=participant)]
    command += ["-m", MODULES, "-x", f"{base}/logout/", "-d", "0", "--tasks", "2"]
    command += ["-t", "30"]
    command += ["-f", "json", "-o", report, "--store-session", into / "wapiti"]
    said = run([*command, "--no-bugreport", "--flush-session"])
    if not report.exists():
        return [f"It did not come to its end: {said[-500:]}"]
    found = json.loads(report.read_text())
    print("wapiti went through", found["infos"]["crawled_pages_nbr"], "pages")
    return [
        f"{kind}: {one['info']} {one['method']} {one['path']} {one['parameter']}"
        for part in ("vulnerabilities", "anomalies")
        for kind, every in found[part].items()
        for one in every
    ]


def run(command: list[str | Path]) -> str:
    ran = subprocess.run(command, capture_output=True, text=True, check=False)
    return ran.stdout + ran.stderr


def main() -> int:
    asked = argparse.ArgumentParser(description="Outside tools against the demo.")
    asked.add_argument("--port", type=int, default=8000)
    asked.add_argument("--tools", type=Path, required=True)
    told = asked.parse_args()
    base, into = f"http://127.0.0.1:{told.port}", Path(tempfile.mkdtemp())
    faults = header_faults(base)
    print("headers:", faults or "as they should be")
    cookies, participant = signed_in(base, "chen")
    for query in QUERIES:
        url = base + query.format(participant=participant)
        found = sqlmap(told.tools, url, cookies, into)
        print("sqlmap", query, found or "nothing", flush=True)
        faults += found
    found = wapiti(told.tools, base, (cookies, participant), into)
    print("wapiti", *(found or ["nothing"]), sep="\n  ")
    for kind, reason in ARGUED.items():
        print(f"{kind}: {reason}")
    faults += [one for one in found if not one.startswith(tuple(ARGUED))]
    print(f"Reports: {into}")
    return int(bool(faults))


if __name__ == "__main__":
    raise SystemExit(main())
