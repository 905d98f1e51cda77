"""Runs of months on the index: consolidations, and vintages of statistics."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sandan.audit import asked, queries
from sandan.audit.words import VINTAGES, stage, words
from sandan.month import Month, run_of
from sandan.page.cells import Column, both, numbers
from sandan.page.cells import count as counted
from sandan.run import outcomes

if TYPE_CHECKING:
    import duckdb

    from sandan.evidence.ledger import Line
    from sandan.home import Home
    from sandan.page.cells import Row

CONSOLIDATED = ("汇总申报", "consolidated declarations")


def of_months(home: Home, lake: duckdb.DuckDBPyConnection | None, lines: dict[str, Line]) -> list[dict[str, Any]]:
    """What is published of months, and what stopped or waits at the last attempt; the newest month first."""
    published = _published(lake) if lake else []
    rows = [*_attempts(home, published), *published]
    for row in rows:
        row["ledger"] = lines.get(row["run"], {}) if row["is_published"] else {}
    return sorted(rows, key=lambda row: row["month"], reverse=True)


def columns(*shared: Column) -> tuple[Column, ...]:
    """Those of the table; `shared` are those of days too."""
    return (
        Column(("月份", "month"), lambda row: row["month"]),
        Column(("内容", "what"), lambda row: both(row["what"])),
        *shared[:1],
        numbers("警告", "warnings", "warnings", counted),
        *shared[1:],
    )


def _published(lake: duckdb.DuckDBPyConnection) -> list[dict[str, Any]]:
    there = {table for (table,) in lake.execute(queries.TABLES_OF_MONTHS).fetchall()}
    rows = []
    if "consolidations" in there:
        rows += [row | {"what": CONSOLIDATED} for row in asked.rows_now(lake, queries.CONSOLIDATIONS)]
    if "trade_vintages" in there:
        for row in asked.rows_now(lake, queries.VINTAGES):
            chinese, english = words(VINTAGES, row["vintage"])
            number = row["vintage_no"]
            rows.append(
                row | {"what": (f"外贸统计第 {number} 版（{chinese}）", f"statistics, vintage {number}, {english}")}
            )
    return [row | asked.AS_PUBLISHED for row in rows]


def _attempts(home: Home, published: list[Row]) -> list[Row]:
    """Of last attempts: those that stopped or wait. What one could not do once it was published goes to its row."""
    rows: list[Row] = []
    for folder in sorted(home.reports.glob("????-??*")):
        run = run_of(folder.name) if len(folder.name) != len("YYYY-MM-DD") else None
        if not isinstance(run, Month):
            continue
        done = outcomes.of_attempt(home, run)
        is_statistics = folder.name != str(run)
        since = asked.waits_since(done)
        if since or any(not outcome.ok and outcome.stage not in outcomes.AFTER for outcome in done):
            rows.append(
                asked.AS_PUBLISHED
                | {
                    "is_published": False,
                    "month": str(run),
                    "run": str(run),
                    "what": ("外贸统计", "statistics") if is_statistics else CONSOLIDATED,
                    "stopped_at": stage(asked.stopped_at(done)),
                    "waits_since": since,
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
