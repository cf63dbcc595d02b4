"""Forms as pages show them, and what a person, a tool or an enemy might send.

By hand, longer: `python -m tests.faults.posts --rounds 10000 --seed 7 [--db postgres]`.
"""

import argparse
import os
import random
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser

import pytest

#: What is typed into a field beside what the form offers by itself.
ODD = (
    "",
    " ",
    "0",
    "-1",
    "1e400",
    "NaN",
    "Infinity",
    "38,5",
    "9" * 30,
    "9223372036854775808",
    "null",
    "on",
    "[]",
    "{}",
    "../../etc/passwd",
    "\x00",
    "‮abc",
    "´ß漢字🙂",
    "' OR 1=1 --",
    "<script>alert(1)</script>",
    "{{ 7*7 }}",
    "%s%s%n",
    "=HYPERLINK(1)",
    "2026-11-19T14:30",
    "0001-01-01T00:00",
    "9999-12-31T23:59",
    "2026-02-30",
    "24:61",
    "00000000-0000-0000-0000-000000000000",
    "x" * 3000,
)
#: What fits somewhere, for the fields that a page leaves empty.
PLAIN = ("38.5", "120/70", "12", "ward round", "2026-11-19T14:20", "four lamps")


@dataclass
class Form:
    """Where a form is sent, and its fields: name -> what the page offers for it."""

    action: str
    fields: dict[str, list[str]] = field(default_factory=dict)

    def filled(self, chance: random.Random) -> dict[str, str]:
        """Fields as the page offers them, or odd, or left out, and some of our own."""
        sent, odd = {}, chance.choice((0, 0.1, 0.5))
        for name, offered in self.fields.items():
            if chance.random() < odd:
                sent[name] = chance.choice(ODD)
            elif chance.random() < 0.8:
                sent[name] = chance.choice(offered or PLAIN)
        if chance.random() < 0.1:
            sent[chance.choice(("id", "by", "voided", "pk", "x"))] = chance.choice(ODD)
        return sent


class Forms(HTMLParser):
    """The forms of a page that are sent by POST."""

    def __init__(self, path: str) -> None:
        super().__init__()
        self.path, self.found = path, []
        self.form: Form | None = None
        self.select = ""

    def handle_starttag(self, tag: str, attributes: list) -> None:
        said = {name: value or "" for name, value in attributes}
        if tag == "form" and said.get("method", "").lower() == "post":
            self.form = Form(said.get("action") or self.path)
            self.found.append(self.form)
        if said.get("hx-post"):
            self.found.append(Form(said["hx-post"]))
        if self.form is None:
            return
        if tag == "select":
            self.select = said.get("name", "")
        name = self.select if tag == "option" else said.get("name", "")
        if name and tag in {"input", "select", "textarea", "button", "option"}:
            offered = self.form.fields.setdefault(name, [])
            offered += [said["value"]] if "value" in said else []

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self.form = None
        if tag == "select":
            self.select = ""


def forms_of(path: str, text: str) -> Iterator[Form]:
    page = Forms(path)
    page.feed(text)
    for form in page.found:
        form.fields.pop("csrfmiddlewaretoken", None)
        yield form


def main() -> int:
    asked = argparse.ArgumentParser(description="Random posts at every form.")
    asked.add_argument("--rounds", type=int, default=10_000)
    asked.add_argument("--seed", type=int, default=7)
    asked.add_argument("--db", default="sqlite", choices=("sqlite", "postgres"))
    told = asked.parse_args()
    os.environ["MONITOR_POST_ROUNDS"] = str(told.rounds)
    os.environ["MONITOR_FAULT_SEED"] = str(told.seed)
    sys.argv = [sys.argv[0], "--db", told.db]
    test = "tests/faults/test_posts.py"
    return int(pytest.main([test, "--db", told.db, "-n", "0", "-s", "-q"]))


if __name__ == "__main__":
    raise SystemExit(main())
