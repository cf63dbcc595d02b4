"""What a browser says about our pages, in words a test can compare."""

from contextlib import suppress

from axe_playwright_python.base import AxeResults
from playwright.sync_api import ConsoleMessage, Page, TimeoutError


class Complaints:
    """Errors of scripts and refusals of the content policy, in the browser's words."""

    def __init__(self) -> None:
        self.heard: list[str] = []

    def listen(self, page: Page) -> None:
        page.on("pageerror", lambda error: self.heard.append(str(error)))
        page.on("console", self.note)

    def note(self, message: ConsoleMessage) -> None:
        # A form sent back with 4xx is an answer; the browser reports it as a failure.
        expected = (
            "Failed to load resource: the server responded with a status of 4",
            "Response Status Error Code 4",
        )
        if message.type == "error" and not message.text.startswith(expected):
            self.heard.append(message.text)


def said(results: AxeResults) -> list[str]:
    """One line for each place that breaks a rule of accessibility."""
    return [
        f"{violation['id']}: {violation['help']} at {node['target']}"
        for violation in results.response["violations"]
        for node in violation["nodes"]
    ]


def sticks_out(page: Page) -> None:
    """Fails with what is wider than 320 px: 1280 px enlarged to 400 %."""
    size = page.viewport_size
    page.set_viewport_size({"width": 320, "height": 640})
    with suppress(TimeoutError):  # The chart draws itself anew a moment later.
        page.wait_for_function(f"() => ({WIDE})().length === 0", timeout=3_000)
    wide = page.evaluate(WIDE)
    assert not wide, "\n".join([page.url, *wide])
    page.set_viewport_size(size)


#: What is wider than the window and does not lie in a box that scrolls by itself.
WIDE = """() => {
  if (document.scrollingElement.scrollWidth <= 320) return [];
  const scrolls = (e) => e && e !== document.body
    && (["auto", "scroll", "hidden", "clip"].includes(getComputedStyle(e).overflowX)
        || scrolls(e.parentElement));
  return [...document.body.querySelectorAll("*")]
    .filter((e) => e.getBoundingClientRect().right > 321 && !scrolls(e.parentElement))
    .map((e) => `${e.tagName} ${e.getAttribute("class")} ${e.id}`).slice(0, 8);
}"""
