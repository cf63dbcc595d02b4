"""A real browser, kept thin: Chromium is the system's, pages the live server's.

Every journey takes `page` (desktop) or `tablet`. Whatever the browser complains about,
a refused script as much as an exception, fails the journey that met it.
"""

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, Playwright, expect, sync_playwright

from tests.acts import baseline
from tests.cast import Cast
from tests.journeys.browser import Complaints, said, sticks_out
from tests.journeys.ward import Ward

DESKTOP = {"width": 1280, "height": 800}
TABLET = {"width": 768, "height": 1024}
PATIENCE = 15_000  # Milliseconds until a wait is given up, on a busy machine too.
NO_CHROMIUM = (
    "There is no Chromium here, so no journey ran. On Debian: apt-get install chromium"
)


@pytest.fixture(scope="session")
def chromium() -> str:
    path = shutil.which("chromium") or shutil.which("chromium-browser")
    if path is None and os.environ.get("CI"):
        pytest.fail(NO_CHROMIUM)
    if path is None:
        pytest.skip(NO_CHROMIUM)
    return path


@pytest.fixture(scope="session")
def playwright() -> Iterator[Playwright]:
    # Playwright keeps an event loop running in this thread, which Django mistakes for
    # asynchronous code of ours.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
    expect.set_options(timeout=PATIENCE)
    with sync_playwright() as started:
        yield started
    del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


@pytest.fixture(scope="session")
def browser(chromium: str, playwright: Playwright) -> Iterator[Browser]:
    launched = playwright.chromium.launch(
        executable_path=chromium, args=["--no-sandbox", "--disable-dev-shm-usage"]
    )
    yield launched
    launched.close()


@pytest.fixture
def open_page(browser: Browser, live_server) -> Iterator[Callable[..., Page]]:
    """`open_page(viewport=..., touch=...)` gives a page of a new, signed-out person."""
    complaints = Complaints()
    contexts = []

    def opened(viewport: dict[str, int] = DESKTOP, touch: bool = False) -> Page:
        context = browser.new_context(
            base_url=live_server.url, viewport=viewport, has_touch=touch, locale="en-US"
        )
        context.set_default_timeout(PATIENCE)
        contexts.append(context)
        page = context.new_page()
        complaints.listen(page)
        return page

    yield opened
    for context in contexts:
        context.close()
    assert complaints.heard == []


@pytest.fixture
def page(open_page: Callable[..., Page]) -> Page:
    return open_page()


@pytest.fixture
def tablet(open_page: Callable[..., Page]) -> Page:
    return open_page(viewport=TABLET, touch=True)


@pytest.fixture
def ward(cast: Cast, live_server) -> Iterator[Ward]:
    """The standing cast, in reach of a browser, with a set from before the dose."""
    baseline(cast)
    with ExitStack() as times:
        yield Ward(cast, live_server.url, times)


@pytest.fixture
def accessible() -> Callable[..., None]:
    """`accessible(page)` fails with the faults that axe finds on it as it stands.

    `accessible(page, "color-contrast")` asks for these rules alone.
    """

    def scanned(page: Page, *rules: str) -> None:
        options = {"resultTypes": ["violations"]}
        options |= {"runOnly": list(rules)} if rules else {}
        found = said(Axe().run(page, options=options))
        assert not found, "\n".join([page.url, *found])

    return scanned


@pytest.fixture
def sound(accessible: Callable[..., None]) -> Callable[..., None]:
    """`sound(page)`: axe finds nothing, in light and dark, and nothing sticks out."""

    def looked_at(page: Page) -> None:
        page.emulate_media(color_scheme="light")
        accessible(page)
        page.emulate_media(color_scheme="dark")
        accessible(page, "color-contrast")  # Colors are all that night changes.
        sticks_out(page)

    return looked_at
