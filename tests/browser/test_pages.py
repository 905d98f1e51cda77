"""What holds of every page of the house: nothing runs over, and it prints."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pathlib import Path

#: pixels of A4 between the margins of the pages' own style
PRINTED = 703


@pytest.fixture(params=["package_page", "quality_page"])
def report(request: pytest.FixtureRequest) -> Path:
    return request.getfixturevalue(request.param)


@pytest.mark.parametrize(("width", "media"), [(1280, "screen"), (390, "screen"), (PRINTED, "print")])
def test_nothing_runs_over(open_page, outside, width, media):
    page = open_page(width, media=media)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert outside(page) == []


def test_it_prints(open_page):
    document = open_page(1280).pdf(prefer_css_page_size=True)
    assert document.startswith(b"%PDF")
