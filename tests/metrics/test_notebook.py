"""The notebook without a browser, against SQL on the same lake."""

from __future__ import annotations

import csv
import os
import shutil
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import pyarrow.parquet as pq
import pytest

from sandan import warehouse
from sandan.home import PROJECT, Home

if TYPE_CHECKING:
    from collections.abc import Callable
    from decimal import Decimal
    from pathlib import Path

    Published = Callable[[str, str], dict[str, Decimal]]

NOTEBOOK = PROJECT / "notebooks" / "foreign_trade.py"
TITLES = ("Top commodities", "Partners", "Month on month", "Seasonality", "Concentration")
TOTAL = "hs_level = 0 and partner = 'ALL'"
HEADINGS = "period = '2026-11' and hs_level = 4 and partner = 'ALL'"
PARTNERS = "period = '2026-11' and hs_level = 0 and partner <> 'ALL'"


def run(home: Home, *command: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(  # noqa: S603 # no word of it comes from outside
        [sys.executable, *command],
        env=os.environ | {"SANDAN_HOME": str(home.root), "PYTHONPATH": str(PROJECT / "plugins")},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture(scope="module")
def tables(home: Home, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("tables")
    done = run(home, str(NOTEBOOK), "--", "--export", str(folder))
    assert done.returncode == 0, done.stderr
    return folder


@pytest.fixture(scope="module")
def published(home: Home) -> Published:
    """Value in CNY of exports by a column, of the last vintage of each month; added up where a value comes twice."""
    with warehouse.connect_published(home) as lake:

        def of(column: str, rows: str) -> dict[str, Decimal]:
            query = f"""
                select {column}, sum(value_cny) from statistics.trade_published
                join (select period, max(vintage_no) as vintage_no from statistics.trade_published group by period)
                    using (period, vintage_no)
                where flow = 'E' and {rows} group by all
            """
            return dict(lake.execute(query).fetchall())

        yield of


def rows(tables: Path, name: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = pq.read_table(tables / f"{name}.parquet").to_pylist()
    assert found
    return found


@pytest.mark.parametrize(
    ("name", "key", "level"), [("top_commodities", "hs_code", HEADINGS), ("top_partners", "partner", PARTNERS)]
)
def test_what_is_on_top_is_what_is_published(
    tables: Path, published: Published, name: str, key: str, level: str
) -> None:
    found = rows(tables, name)
    assert {row[key]: row["value"] for row in found} == published(key, level)
    shown = [row["value"] for row in found if not row["hidden"]]
    assert shown == sorted(shown, reverse=True)
    assert {row["value"] for row in found if row["hidden"]} <= {None}
    assert all(row["name"] for row in found)


def test_csv_and_parquet_say_the_same(tables: Path) -> None:
    assert len(list(tables.iterdir())) == 2 * 5
    for parquet in tables.glob("*.parquet"):
        with parquet.with_suffix(".csv").open(encoding="utf-8", newline="") as text:
            told = list(csv.DictReader(text))
        found = rows(tables, parquet.stem)
        assert told == [{key: "" if value is None else str(value) for key, value in row.items()} for row in found]


def test_month_on_month(tables: Path, published: Published) -> None:
    totals = published("period", TOTAL)
    months = {row["period"]: row for row in rows(tables, "by_month")}
    assert {period: row["value"] for period, row in months.items()} == totals
    assert months["2026-11"]["on_month_before"] == pytest.approx(float(totals["2026-11"] / totals["2026-10"] - 1))
    assert months["2026-11"]["on_year_before"] == pytest.approx(float(totals["2026-11"] / totals["2025-11"] - 1))
    assert months["2025-01"]["on_month_before"] is None


def test_seasonality_is_that_of_whole_years(tables: Path, published: Published) -> None:
    totals = published("period", TOTAL)
    year = [float(totals[f"2025-{month:02}"]) for month in range(1, 13)]
    found = rows(tables, "seasonality")
    assert [row["seasonal_index"] for row in found] == pytest.approx([12 * value / sum(year) for value in year])
    assert {row["years"] for row in found} == {1}


def test_concentration_is_bounded_by_what_is_hidden(tables: Path, published: Published) -> None:
    found = {(row["period"], row["of"]): row for row in rows(tables, "concentration")}
    goods, partners = found["2026-11", "headings"], found["2026-11", "partners"]
    # by partner, no heading is hidden: added up, they give what the notebook does not see
    values = published("hs_code", HEADINGS.replace("partner =", "partner <>")).values()
    index = float(sum((value / sum(values)) ** 2 for value in values))
    assert goods["hhi_at_least"] < index < goods["hhi_at_most"]
    assert (goods["shown"], goods["hidden"]) == (4, 2)
    assert partners["hhi_at_least"] == pytest.approx(partners["hhi_at_most"])
    assert partners["largest_five"] == pytest.approx(1)


def test_it_shows_in_a_browser_without_one(home: Home, tmp_path: Path) -> None:
    page = tmp_path / "page.html"
    # marimo leaves what it saw beside the notebook
    notebook = shutil.copy(NOTEBOOK, tmp_path)
    done = run(home, "-m", "marimo", "export", "html", str(notebook), "--output", str(page))
    assert done.returncode == 0, done.stderr
    text = page.read_text("utf-8")
    assert all(title in text for title in TITLES)


def test_nothing_published_is_said(tmp_path: Path) -> None:
    done = run(Home(root=tmp_path, sources=tmp_path), str(NOTEBOOK))
    assert done.returncode != 0
    assert "make run" in done.stderr
