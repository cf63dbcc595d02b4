"""What a browser says about our pages, in words a test can compare."""

from axe_playwright_python.base import AxeResults
from playwright.sync_api import ConsoleMessage, Page


class Complaints:
    """Errors of scripts and refusals of the content policy, in the browser's words."""

    def __init__(self) -> None:
        self.heard: list[str] = []

    def listen(self, page: Page) -> None:
        page.on("pageerror", lambda error: self.heard.append(str(error)))
        page.on("console", self.note)

    def note(self, message: ConsoleMessage) -> None:
        # A form sent back with 4xx is an answer; the browser reports it as a failure.
        expected = "Failed to load resource: the server responded with a status of 4"
        if message.type == "error" and not message.text.startswith(expected):
            self.heard.append(message.text)


def said(results: AxeResults) -> list[str]:
    """One line for each place that breaks a rule of accessibility."""
    return [
        f"{violation['id']}: {violation['help']} at {node['target']}"
        for violation in results.response["violations"]
        for node in violation["nodes"]
    ]
