"""`make consolidate`: the consolidated declarations of one month, with progress and a summary."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.table import Table

from sandan import warehouse
from sandan.evidence import ledger
from sandan.run import notes
from sandan.run.attended import attended, watched

if TYPE_CHECKING:
    import duckdb
    from rich.console import Console

    from sandan.home import Home
    from sandan.month import Month
    from sandan.run.progress import Watch

COUNTS = """
select closed, consolidated, late, left_out_simplified, left_out_returned, forms, lines, members, partly_returned,
       rule_version, value_cny
from clearance.consolidation_counts where month = $1
"""
CURRENCIES = """
select currency, count(distinct form_no), count(*), sum(total_price)
from clearance.consolidated_items where month = $1 group by currency order by currency
"""


def consolidate(home: Home, month: Month) -> int:
    """Consolidate `month`; returns the exit status. What stops a run is said in a few lines, the rest is in the log."""
    return attended(home, f"consolidate-{month}", lambda console: _run(console, home, month))


def _run(console: Console, home: Home, month: Month) -> None:
    def work(watch: Watch) -> bool:
        from sandan.run.engine import run_month

        return run_month(month, watch)

    seconds = watched(console, home, month, work)
    with warehouse.connect_published(home) as lake:
        console.print()
        _lists(console, lake, month)
        _currencies(console, lake, month)
    console.print(f"Seconds: {sum(seconds.values()):.1f}")
    console.print(f"Published lake: {home.published / 'catalog.sqlite'}   read it: make sql")
    console.print(f"Applications:   {home.exchange}/<agent>/{month}/")
    console.print(f"Data docs:      {home.data_docs / 'index.html'}")
    console.print(f"Ledger:         {ledger.head(home.ledger)}   note it elsewhere; compare: make verify HEAD=…")
    notes.show(console, home, month)


def _lists(console: Console, lake: duckdb.DuckDBPyConnection, month: Month) -> None:
    row = lake.execute(COUNTS, [str(month)]).fetchone()
    if row is None:
        raise LookupError(f"the published lake has no month {month}")
    closed, consolidated, late, simplified, returned, forms, lines, members, partly, rule, value = row
    table = Table(f"export lists of {month}", box=None)
    table.add_column("lists", justify="right")
    for title, count in (
        ("consolidated", consolidated),
        ("  of these closed in an earlier month", late),
        ("left out: simplified (flag A)", simplified),
        ("left out: came back whole", returned),
        ("[bold]closed[/]", closed),
    ):
        table.add_row(title, f"{count:,}")
    console.print(table)
    console.print(
        f"\n{forms:,} forms by the rule {rule}, {lines:,} lines of {members:,} items"
        f" ({partly:,} came back in part), {value or 0:,.2f} CNY\n"
    )


def _currencies(console: Console, lake: duckdb.DuckDBPyConnection, month: Month) -> None:
    table = Table("currency", box=None)
    for title in ("forms", "lines", "total"):
        table.add_column(title, justify="right")
    for currency, forms, lines, total in lake.execute(CURRENCIES, [str(month)]).fetchall():
        table.add_row(currency, f"{forms:,}", f"{lines:,}", f"{total:,.2f}")
    console.print(table)
    console.print()
