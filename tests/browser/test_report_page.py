"""The page of a package as a browser shows it: quiet, complete without a net, nothing out of place."""

from __future__ import annotations

import os
import shutil
from typing import TYPE_CHECKING, Any

import duckdb
import pytest
from playwright.sync_api import sync_playwright

from sandan.home import PROJECT, Home
from sandan.month import Month
from sandan.pack import write_package
from sandan.warehouse.connect import settings
from sandan.warehouse.lake import attach

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from playwright.sync_api import Browser, Page

NAMES = ("chromium", "chromium-browser", "google-chrome", "chrome")
BROWSER = os.environ.get("SANDAN_CHROMIUM") or next(filter(None, map(shutil.which, NAMES)), None)
pytestmark = pytest.mark.skipif(
    BROWSER is None, reason=f"no browser here: looked for {', '.join(NAMES)}; SANDAN_CHROMIUM may name one"
)
#: pixels of A4 between the margins of the page's own style
PRINTED = 703
#: what stands out to the right of the window, each by its tag and class; a drawing may end outside of its own frame
OUTSIDE = """
() => [...document.querySelectorAll('body *')]
    .filter(e => !e.closest('svg') || e.tagName === 'svg')
    .filter(e => e.getBoundingClientRect().right > document.documentElement.clientWidth + 0.5
        || e.clientWidth && e.scrollWidth > e.clientWidth + 1)
    .map(e => `${e.tagName}.${e.className} ${e.textContent.trim().slice(0, 40)}`)
"""


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = Home(root=tmp_path_factory.mktemp("browser"), sources=PROJECT / "sources")
    home.published.mkdir(parents=True)
    with duckdb.connect(config=settings(home)) as connection:
        attach(connection, home)
        connection.execute((PROJECT / "tests" / "data" / "enterprises.sql").read_text(encoding="utf-8"))
    return write_package(home, "3301960", Month.fromisoformat("2026-11")) / "report.html"


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as driver:
        # root, as in a container, has no sandbox
        browser = driver.chromium.launch(executable_path=BROWSER, chromium_sandbox=os.geteuid() != 0)
        yield browser
        browser.close()


@pytest.fixture
def open_page(browser: Browser, report: Path) -> Iterator[Any]:
    said: list[str] = []
    asked: list[str] = []
    pages: list[Page] = []

    def opened(width: int, height: int = 800, media: Any = "screen") -> Page:
        page = browser.new_page(viewport={"width": width, "height": height})
        pages.append(page)
        page.on("console", lambda message: said.append(message.text))
        page.on("pageerror", lambda error: said.append(str(error)))
        page.on("dialog", lambda dialog: (said.append(f"dialog {dialog.message}"), dialog.dismiss()))
        page.on("request", lambda request: asked.append(request.url))
        page.emulate_media(media=media)
        page.goto(report.as_uri(), wait_until="networkidle")
        return page

    yield opened
    for page in pages:
        page.close()
    assert said == []
    assert {url for url in asked if not url.startswith("data:")} == {report.as_uri()}


@pytest.mark.parametrize(("width", "media"), [(1280, "screen"), (390, "screen"), (PRINTED, "print")])
def test_nothing_runs_over(open_page, width, media):
    page = open_page(width, media=media)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert page.evaluate(OUTSIDE) == []


def test_the_first_screen_says_what_to_do_and_what_money_comes(open_page):
    page = open_page(1280)
    for seen in (".actions li >> nth=4", ".figures", "figure >> nth=0", "dl"):
        box = page.locator(seen).first.bounding_box()
        assert box is not None
        assert box["y"] + box["height"] <= 800, seen


def test_it_prints(open_page):
    document = open_page(1280).pdf(prefer_css_page_size=True)
    assert document.startswith(b"%PDF")
