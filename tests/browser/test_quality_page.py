"""The quality report as a browser shows it: quiet, complete without a net, nothing out of place."""

from __future__ import annotations

from typing import TYPE_CHECKING

import duckdb
import pytest

from sandan.home import PROJECT, Home
from sandan.month import Month
from sandan.quality import write_quality
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
        connection.execute((PROJECT / "tests" / "data" / "statistics.sql").read_text(encoding="utf-8"))
    return write_quality(home, Month.fromisoformat("2026-11"), 2)


@pytest.mark.parametrize(("width", "media"), [(1280, "screen"), (390, "screen"), (PRINTED, "print")])
def test_nothing_runs_over(open_page, outside, width, media):
    page = open_page(width, media=media)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert outside(page) == []


def test_the_first_screen_has_the_figures_and_what_they_do_not_cover(open_page):
    page = open_page(1280)
    for seen in (".tiles", "#not-covered"):
        box = page.locator(seen).first.bounding_box()
        assert box is not None
        assert box["y"] + box["height"] <= 800, seen


def test_every_drawing_is_drawn(open_page):
    page = open_page(1280)
    drawings = page.locator("figure svg")
    assert drawings.count() == 9
    assert all(drawings.nth(n).bounding_box()["height"] > 20 for n in range(drawings.count()))


def test_every_dimension_leads_to_its_section(open_page):
    page = open_page(1280)
    aims = page.eval_on_selector_all("#frameworks + table a", "all => all.map(a => a.getAttribute('href'))")
    assert len(aims) == 6
    assert all(page.locator(f"h2{aim}").count() == 1 for aim in aims)


def test_it_prints(open_page):
    document = open_page(1280).pdf(prefer_css_page_size=True)
    assert document.startswith(b"%PDF")
