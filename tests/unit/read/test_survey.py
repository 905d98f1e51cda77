"""What lies in the landing: taken, of another date, or taken by nobody — and then said."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest
from read_helpers import DAY, Landing

from sandan.read import survey

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def landing(tmp_path: Path) -> Landing:
    return Landing.under(tmp_path)


def test_survey_finds_sources_and_unclaimed_folders(landing: Landing) -> None:
    landing.put("export-orders", "deep/er/m.xml", b"x")
    landing.put("unheard-of", "m.xml", b"x")
    landing.home.landing_of("export-waybills", DAY).mkdir(parents=True)  # an empty folder is no delivery
    (landing.home.landing / "import-orders" / "2026-11-19").mkdir(parents=True)
    (landing.home.landing / "import-orders" / "2026-11-19" / "m.xml").touch()

    found = survey(landing.home, DAY)

    assert (found.sources, found.unclaimed) == (["export-orders"], ["unheard-of"])


@pytest.mark.parametrize(
    ("path", "unclaimed"),
    [
        ("m.xml", "m.xml"),
        (".DS_Store", ".DS_Store"),
        ("unheard-of/2026-11-19/m.xml", "unheard-of"),
        ("unheard-of/m.xml", "unheard-of"),
        ("Export-Orders/2026-11-20/m.xml", "Export-Orders"),
        ("export-orders/m.xml", "export-orders/m.xml"),
        ("export-orders/.DS_Store", "export-orders/.DS_Store"),
        ("export-orders/2026-11-20", "export-orders/2026-11-20"),
        ("export-orders/20261118/m.xml", "export-orders/20261118"),
        ("export-orders/2026-W47-5/m.xml", "export-orders/2026-W47-5"),
        ("export-orders/2026-02-30/m.xml", "export-orders/2026-02-30"),
        ("export-orders/2026-11-20 copy/m.xml", "export-orders/2026-11-20 copy"),
        ("export-waybills", "export-waybills"),
    ],
)
def test_what_no_run_takes_is_unclaimed(landing: Landing, path: str, unclaimed: str) -> None:
    file = landing.home.landing / path
    file.parent.mkdir(parents=True)
    file.touch()
    landing.put("import-orders", "m.xml", b"x")

    found = survey(landing.home, DAY)

    assert (found.sources, found.unclaimed) == (["import-orders"], [unclaimed])


def test_a_link_to_nothing_and_a_name_that_is_no_text(landing: Landing) -> None:
    landing.home.landing.mkdir(parents=True)
    (landing.home.landing / "export-orders").symlink_to("nowhere")
    (landing.home.landing / os.fsdecode(b"\xff.xml")).touch()

    assert survey(landing.home, DAY).unclaimed == ["export-orders", "\ufffd.xml"]


def test_survey_without_a_landing(landing: Landing) -> None:
    found = survey(landing.home, DAY)

    assert (found.sources, found.unclaimed) == ([], [])


def test_what_was_read_of_a_source_that_sends_no_more_is_forgotten(landing: Landing) -> None:
    landing.put("export-orders", "m.xml", b"x")
    read = landing.home.read_of(DAY)
    for source in ("export-orders", "export-receipts"):
        (read / source).mkdir(parents=True)

    survey(landing.home, DAY)

    assert [folder.name for folder in read.iterdir()] == ["export-orders"]
