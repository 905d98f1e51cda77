"""A browser for the pages of the house, each the fixture `report` of its test: quiet, and complete without a net."""

from __future__ import annotations

import os
import shutil
from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import sync_playwright

from sandan.home import PROJECT, Home
from sandan.month import Month
from sandan.pack import write_package
from sandan.quality import write_quality
from tests.lakes import ENTERPRISES, STATISTICS, in_lake

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from playwright.sync_api import Browser, Page

NOVEMBER = Month.fromisoformat("2026-11")
NAMES = ("chromium", "chromium-browser", "google-chrome", "chrome")
BROWSER = os.environ.get("SANDAN_CHROMIUM") or next(filter(None, map(shutil.which, NAMES)), None)
#: what stands out to the right of the window, each by its tag and class; a drawing may end outside of its own frame
OUTSIDE = """
() => [...document.querySelectorAll('body *')]
    .filter(e => !e.closest('svg') || e.tagName === 'svg')
    .filter(e => e.getBoundingClientRect().right > document.documentElement.clientWidth + 0.5
        || e.clientWidth && e.scrollWidth > e.clientWidth + 1)
    .map(e => `${e.tagName}.${e.className} ${e.textContent.trim().slice(0, 40)}`)
"""


@pytest.fixture(scope="session")
def package_page(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = in_lake(Home(root=tmp_path_factory.mktemp("package"), sources=PROJECT / "sources"), ENTERPRISES)
    return write_package(home, "3301960", NOVEMBER) / "report.html"


@pytest.fixture(scope="session")
def quality_page(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = in_lake(Home(root=tmp_path_factory.mktemp("quality"), sources=PROJECT / "sources"), STATISTICS)
    return write_quality(home, NOVEMBER, 2)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    if BROWSER is None:
        pytest.skip(f"no browser here: looked for {', '.join(NAMES)}; SANDAN_CHROMIUM may name one")
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


@pytest.fixture
def outside() -> Callable[[Page], list[str]]:
    """What runs over the right edge of a page."""
    return lambda page: page.evaluate(OUTSIDE)
