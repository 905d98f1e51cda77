"""The page of a package as a browser shows it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def report(package_page: Path) -> Path:
    return package_page


def test_the_first_screen_says_what_to_do_and_what_money_comes(open_page):
    page = open_page(1280)
    for seen in (".actions li >> nth=4", ".figures", "figure >> nth=0", "dl"):
        box = page.locator(seen).first.bounding_box()
        assert box is not None
        assert box["y"] + box["height"] <= 800, seen
