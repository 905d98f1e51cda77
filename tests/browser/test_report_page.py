"""The page of a package as a browser shows it: quiet, complete without a net, nothing out of place."""

from __future__ import annotations

from typing import TYPE_CHECKING

import duckdb
import pytest

from sandan.home import PROJECT, Home
from sandan.month import Month
from sandan.pack import write_package
from sandan.warehouse.connect import settings
from sandan.warehouse.lake import attach

if TYPE_CHECKING:
    from pathlib import Path

#: pixels of A4 between the margins of the page's own style
PRINTED = 703


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = Home(root=tmp_path_factory.mktemp("browser"), sources=PROJECT / "sources")
    home.published.mkdir(parents=True)
    with duckdb.connect(config=settings(home)) as connection:
        attach(connection, home)
        connection.execute((PROJECT / "tests" / "data" / "enterprises.sql").read_text(encoding="utf-8"))
    return write_package(home, "3301960", Month.fromisoformat("2026-11")) / "report.html"


@pytest.mark.parametrize(("width", "media"), [(1280, "screen"), (390, "screen"), (PRINTED, "print")])
def test_nothing_runs_over(open_page, outside, width, media):
    page = open_page(width, media=media)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert outside(page) == []


def test_the_first_screen_says_what_to_do_and_what_money_comes(open_page):
    page = open_page(1280)
    for seen in (".actions li >> nth=4", ".figures", "figure >> nth=0", "dl"):
        box = page.locator(seen).first.bounding_box()
        assert box is not None
        assert box["y"] + box["height"] <= 800, seen


def test_it_prints(open_page):
    document = open_page(1280).pdf(prefer_css_page_size=True)
    assert document.startswith(b"%PDF")
