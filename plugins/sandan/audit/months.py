"""Runs of months on the index: consolidations, and vintages of statistics."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from markupsafe import Markup

from sandan.audit import asked, queries
from sandan.audit.days import at_of
from sandan.audit.words import VINTAGES, stage, words
from sandan.evidence import lake as lakes
from sandan.evidence.record import run_of as run_of_snapshot
from sandan.month import CountedMonth, Month, run_of
from sandan.page.cells import Column, both, numbers
from sandan.page.cells import count as counted
from sandan.run import outcomes

if TYPE_CHECKING:
    from datetime import datetime

    import duckdb

    from sandan.audit.words import Pair
    from sandan.evidence.ledger import Line
    from sandan.home import Home
    from sandan.page.cells import Row

CONSOLIDATED = ("汇总申报", "consolidated declarations")
COUNTED = ("外贸统计", "statistics")


def of_months(home: Home, lake: duckdb.DuckDBPyConnection | None, lines: dict[str, Line]) -> list[dict[str, Any]]:
    """What is published of months, and what stopped or waits at the last attempt; the newest month first."""
    published = _published(lake) if lake else []
    rows = [*_attempts(home, lake, published), *published]
    for row in rows:
        row["ledger"] = lines.get(row["run"], {}) if row["is_published"] else {}
        row["has_report"] = (home.audit / row["page"]).exists()
    return sorted(rows, key=lambda row: row["month"], reverse=True)


def columns(*shared: Column) -> tuple[Column, ...]:
    """Those of the table; `shared` are those of days too."""
    return (
        Column(("月份", "month"), _link),
        Column(("内容", "what"), lambda row: both(row["what"])),
        *shared[:1],
        numbers("警告", "warnings", "warnings", counted),
        *shared[1:],
    )


def page_of(run: Month, vintage_no: int | None) -> str:
    """The page of a run, in the folder of the report; of an attempt at a vintage that stopped, one of its own."""
    return f"{run.isoformat()}/{f'v{vintage_no}' if vintage_no else 'index'}.html"


def vintage(number: int, kind: str) -> Pair:
    """What a vintage is called."""
    chinese, english = words(VINTAGES, kind)
    return f"外贸统计第 {number} 版（{chinese}）", f"statistics, vintage {number}, {english}"


def snapshots_of(month: Month, snapshots: list[lakes.Snapshot]) -> dict[int, lakes.Snapshot]:
    """The last of the snapshots of each run: of statistics by the number of the vintage, of a consolidation under 0."""
    found = {}
    for snapshot in snapshots:
        run, _, number = run_of_snapshot(snapshot).get("run", "").partition(" · vintage ")
        if run == str(month) and bool(number) == isinstance(month, CountedMonth):
            found[int(number or 0)] = snapshot
    return found


def has_stopped(done: list[outcomes.Outcome], published: dict[int, lakes.Snapshot]) -> bool:
    """Whether the last attempt stopped or waits; one that found no news did not, nor one killed as it published."""
    if not done or outcomes.published(done) or outcomes.found_no_news(done):
        return False
    at: datetime | None = max((at_of(snapshot) for snapshot in published.values()), default=None)
    return not outcomes.is_before(done, at)


def _published(lake: duckdb.DuckDBPyConnection) -> list[dict[str, Any]]:
    there = {table for (table,) in lake.execute(queries.TABLES_OF_MONTHS).fetchall()}
    rows = []
    if "consolidations" in there:
        rows += [
            row | {"what": CONSOLIDATED, "page": page_of(Month.fromisoformat(row["month"]), None)}
            for row in asked.rows_now(lake, queries.CONSOLIDATIONS)
        ]
    if "trade_vintages" in there:
        for row in asked.rows_now(lake, queries.VINTAGES):
            number, month = row["vintage_no"], CountedMonth.fromisoformat(row["month"])
            rows.append(row | {"what": vintage(number, row["vintage"]), "page": page_of(month, number)})
    return [row | asked.AS_PUBLISHED for row in rows]


def _attempts(home: Home, lake: duckdb.DuckDBPyConnection | None, published: list[Row]) -> list[Row]:
    """Of last attempts: those that stopped or wait. What one could not do once it was published goes to its row."""
    rows: list[Row] = []
    snapshots = lakes.snapshots(lake) if lake else []
    for folder in sorted(home.reports.glob("????-??*")):
        run = run_of(folder.name) if len(folder.name) != len("YYYY-MM-DD") else None
        if not isinstance(run, Month):
            continue
        done = outcomes.of_attempt(home, run)
        is_statistics = isinstance(run, CountedMonth)
        if has_stopped(done, snapshots_of(run, snapshots)):
            rows.append(
                asked.AS_PUBLISHED
                | {
                    "is_published": False,
                    "month": str(run),
                    "run": str(run),
                    "page": page_of(run, None),
                    "what": COUNTED if is_statistics else CONSOLIDATED,
                    "stopped_at": stage(asked.stopped_at(done)),
                    "waits_since": asked.waits_since(done),
                    "warnings": None,
                    "approvals": [],
                }
            )
            continue
        of_run = (row for row in published if row["month"] == str(run) and ("vintage_no" in row) == is_statistics)
        # of vintages the last, which comes first
        if row := next(of_run, None):
            row["undone"] = asked.undone(done)
    return rows


def _link(row: Row) -> Markup | str:
    month = str(row["month"])
    return Markup('<a href="{}"><b>{}</b></a>').format(row["page"], month) if row["has_report"] else month
