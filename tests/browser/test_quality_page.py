"""The quality report as a browser shows it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def report(quality_page: Path) -> Path:
    return quality_page


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
