"""A real browser, and the briefings it reads. `make test-browser` installs what is needed."""

import os
import shutil
from pathlib import Path

import pytest
from browser_needs import imported, needed

PROGRAMS = ("chromium", "chromium-browser", "google-chrome", "chrome")
# the browser asks nothing of the network by itself; a container has no sandbox for it
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
DESKTOP = {"width": 1280, "height": 800}


@pytest.fixture(scope="session")
def chromium():
    """Return the path of the browser."""
    named = os.environ.get("VRN_CHROMIUM")
    found = named or next(filter(None, map(shutil.which, PROGRAMS)), None)
    return needed(found, f"none of {', '.join(PROGRAMS)} is installed, and VRN_CHROMIUM is not set")


# One module and no longer: while Playwright is open no other test of this thread can run asyncio.
@pytest.fixture(scope="module")
def browser(chromium):
    playwright = imported("playwright.sync_api")
    with playwright.sync_playwright() as driver:
        opened = driver.chromium.launch(executable_path=chromium, args=list(FLAGS))
        yield opened
        opened.close()


@pytest.fixture(scope="session")
def axe():
    """Return the script of axe-core, as the package of its Python wrapper carries it."""
    return (Path(imported("axe_playwright_python").__file__).parent / "axe.min.js").read_text()


@pytest.fixture
def folder(kind, request):
    """Return the folder of a briefing; `VRN_BRIEFING` names one of your own to look at instead."""
    own = os.environ.get("VRN_BRIEFING")
    return Path(own).resolve() if own else request.getfixturevalue(f"{kind}_briefing")


@pytest.fixture
def tab(browser):
    """A tab that records what a page asks for and says, and lets nothing but files through."""
    context = browser.new_context(viewport=DESKTOP, locale="en-GB", reduced_motion="reduce")
    page = context.new_page()
    page.asked, page.said = [], []

    def answer(route):
        if route.request.url.startswith(("file:", "data:", "about:")):
            return route.continue_()
        page.asked.append(route.request.url)
        return route.abort()

    page.route("**/*", answer)
    page.on("console", lambda message: page.said.append(message.text))
    page.on("pageerror", lambda error: page.said.append(str(error)))
    yield page
    context.close()
