"""The pages of the audit report as a browser shows them: quiet, complete without a net, every link leads somewhere."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

import pytest
from lxml import html

from sandan.audit import write_audit, write_month
from tests.data import audit_home

if TYPE_CHECKING:
    from sandan.home import Home

#: pixels of A4 between the margins of the page's own style
PRINTED = 703
PAGES = (
    "index.html",
    "2026-11-20/index.html",
    "2026-11-20/records.html",
    "2026-11-21/index.html",
    "2026-10/index.html",
    "2026-10-statistics/v2.html",
    "2026-11-statistics/index.html",
)


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Home:
    home = audit_home.make(tmp_path_factory.mktemp("browser"))
    for day in (audit_home.GOOD, audit_home.BAD, audit_home.STOPPED):
        write_audit(home, day)
    audit_home.add_months(home)
    for month in (audit_home.MONTH, audit_home.STOPPED_MONTH):
        write_month(home, month)
    return home


@pytest.fixture(params=PAGES)
def report(home: Home, request: pytest.FixtureRequest) -> Path:
    return home.audit / request.param


@pytest.mark.parametrize(("width", "media"), [(1280, "screen"), (390, "screen"), (PRINTED, "print")])
def test_nothing_runs_over(open_page, outside, width, media):
    page = open_page(width, media=media)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert outside(page) == []


def test_every_link_leads_somewhere(open_page):
    links = open_page(1280).eval_on_selector_all("a", "all => all.map(a => a.href)")
    assert links
    for link in links:
        parts = urlsplit(link)
        file = Path(unquote(parts.path))
        assert parts.scheme == "file"
        assert file.is_file(), link
        if parts.fragment:
            assert html.parse(file).getroot().get_element_by_id(parts.fragment) is not None, link


def test_it_prints(open_page):
    assert open_page(1280).pdf(prefer_css_page_size=True).startswith(b"%PDF")


@pytest.mark.parametrize("report", [PAGES[1], PAGES[5]], indirect=True)
def test_the_first_screen_has_the_answers(open_page):
    page = open_page(1280)
    for seen in ("#said", "#blamed", "#trust .verdict", "#done"):
        box = page.locator(seen).first.bounding_box()
        assert box is not None
        assert box["y"] + box["height"] <= 800, seen


@pytest.mark.parametrize("report", PAGES[1:2], indirect=True)
def test_every_drawing_is_drawn(open_page):
    drawings = open_page(1280).locator("figure svg")
    # learned bounds, the funnel of exports, that of rebates
    assert drawings.count() == 3
    assert all(drawings.nth(n).bounding_box()["height"] > 20 for n in range(drawings.count()))
