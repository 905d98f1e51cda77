"""`make statistics`: the next vintage of one month's trade, with progress and a summary."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.table import Table

from sandan import warehouse
from sandan.month import CountedMonth
from sandan.run import notes, outcomes
from sandan.run.attended import attended, watched

if TYPE_CHECKING:
    import duckdb
    from rich.console import Console

    from sandan.home import Home
    from sandan.month import Month
    from sandan.run.progress import Watch

LAST = """
select vintage_no, vintage, cast(ended_at as date), data_until, revised_items from audit.trade_vintages
where month = $1 order by vintage_no desc limit 1
"""
CELLS = """
select flow, count(*), sum(items), sum(value_cny), sum(value_usd), sum(returned_value_cny)
from statistics.trade_cells where period = $1 and vintage_no = $2 group by flow order by flow
"""
LEFT_OUT = """
select flow, reason, sum(declarations), sum(items), sum(value_cny)
from statistics.trade_exclusions where period = $1 and vintage_no = $2 group by flow, reason order by flow, reason
"""
HIDDEN = """
select flow, hs_level, cells, hidden_cells, hidden_share, withheld from statistics.trade_suppression
where period = $1 and vintage_no = $2 and hs_level > 0 order by flow, hs_level
"""
FLOWS = {"E": "export, FOB", "I": "import, CIF", "RE": "exports returned", "RI": "imports returned"}


def count(home: Home, month: Month, *, final: bool) -> int:
    """Make the next vintage of `month`; returns the exit status. What stops a run is said in a few lines."""
    return attended(home, f"statistics-{month}", lambda console: _run(console, home, month, final=final))


def _run(console: Console, home: Home, month: Month, *, final: bool) -> None:
    def work(watch: Watch) -> bool:
        from sandan.run.engine import run_vintage

        return run_vintage(month, watch, final=final)

    run = CountedMonth(month.first)
    seconds = watched(console, home, run, work)
    done = {outcome.stage: outcome.result for outcome in outcomes.of_run(home, run)}
    with warehouse.connect_published(home) as lake:
        vintage_no, vintage, published_on, data_until, revised = lake.execute(LAST, [str(month)]).fetchone() or ()
        console.print()
        if not done["count_trade"]["is_new"]:
            console.print(
                f"Nothing has changed since vintage {vintage_no} of {month} ({vintage}, {published_on}): none added"
            )
            return
        console.print(
            f"Vintage {vintage_no} of {month}: {vintage}, on runs up to {data_until}; {revised:,} items revised\n"
        )
        _flows(console, lake, month, vintage_no)
        _left_out(console, lake, month, vintage_no)
        _hidden(console, lake, month, vintage_no)
    console.print(f"Seconds: {sum(seconds.values()):.1f}")
    console.print(f"Published lake: {home.published / 'catalog.sqlite'}   read it: make sql")
    console.print(f"SDMX files:     {home.statistics / str(month) / f'v{vintage_no}'}")
    console.print(f"Quality report: {done['report_quality']}")
    console.print(f"Data docs:      {home.data_docs / 'index.html'}")
    notes.show(console, home, run)


def _flows(console: Console, lake: duckdb.DuckDBPyConnection, month: Month, vintage_no: int) -> None:
    table = Table("trade", box=None)
    for title in ("cells", "items", "CNY", "USD", "came back, CNY"):
        table.add_column(title, justify="right")
    for flow, cells, items, *values in lake.execute(CELLS, [str(month), vintage_no]).fetchall():
        table.add_row(FLOWS[flow], f"{cells:,}", f"{items:,}", *(f"{value:,.2f}" for value in values))
    console.print(table)
    console.print()


def _left_out(console: Console, lake: duckdb.DuckDBPyConnection, month: Month, vintage_no: int) -> None:
    table = Table("not counted", "because", box=None)
    for title in ("lists", "items", "CNY"):
        table.add_column(title, justify="right")
    for flow, reason, lists, items, value in lake.execute(LEFT_OUT, [str(month), vintage_no]).fetchall():
        table.add_row(
            FLOWS[flow].partition(",")[0], reason.replace("_", " "), f"{lists:,}", f"{items:,}", f"{value:,.2f}"
        )
    console.print(table)
    console.print()


def _hidden(console: Console, lake: duckdb.DuckDBPyConnection, month: Month, vintage_no: int) -> None:
    table = Table("hidden in tables for publication", box=None)
    for title in ("HS digits", "cells", "hidden", "of the value"):
        table.add_column(title, justify="right")
    for flow, level, cells, hidden, share, withheld in lake.execute(HIDDEN, [str(month), vintage_no]).fetchall():
        part = "all" if withheld else f"{share:.1%}"
        table.add_row(FLOWS[flow], str(level), f"{cells:,}", f"{hidden:,}", part)
    console.print(table)
    console.print()
