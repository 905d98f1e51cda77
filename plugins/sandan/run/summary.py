"""The end of a run: what came in, what was decided, where it is."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from rich.table import Table

from sandan import warehouse
from sandan.evidence import ledger
from sandan.run import notes, outcomes
from sandan.run.progress import START, TITLES

if TYPE_CHECKING:
    from datetime import date

    import duckdb
    from rich.console import Console

    from sandan.home import Home

RECORDS = """
select sum(received), sum(accepted), sum(superseded), sum(duplicate + stale + draft), sum(quarantined)
from audit.conservation where run_date = $1
"""
QUARANTINED_FILES = "select count(*) from audit.files where run_date = $1 and state = 'quarantined'"
DECLARATIONS = """
select status, count(*) filter (where changed_on = $1), count(*), coalesce(sum(goods_value_cny), 0)
from clearance.clearance_facts group by status
"""
RECEIPTS = """
select count(*), count(*) filter (message = 'CEB900'), count(distinct message)
from exchange.receipts where run_date = $1
"""
MISMATCHES = "select count(*), count(*) filter (since = $1) from public_service.department_mismatches"
STATUSES = ("released", "closed", "waiting", "review", "refused", "cancelled", "returned")
#: shown even when there is none
ALWAYS = 5


def show(console: Console, home: Home, run_date: date, seconds: dict[str, float]) -> None:
    """Print the summary of the run of `run_date`, as it is published. `seconds` is the clock of each stage."""
    with warehouse.connect_published(home) as lake:
        console.print()
        _records(console, lake, run_date)
        _declarations(console, lake, run_date)
        _times(console, seconds)
        _places(console, home)
        _receipts(console, home, lake, run_date)
        _departments(console, home, lake, run_date)
    notes.show(console, home, run_date)


def _records(console: Console, lake: duckdb.DuckDBPyConnection, run_date: date) -> None:
    received, accepted, superseded, ignored, quarantined = (n or 0 for n in _row(lake, RECORDS, run_date))
    (files,) = _row(lake, QUARANTINED_FILES, run_date)
    table = Table("records", "received", "accepted", "superseded", "not applied", "quarantined", box=None)
    table.add_row(str(run_date), *(f"{n:,}" for n in (received, accepted, superseded, ignored, quarantined)))
    console.print(table)
    if files:
        console.print(f"  and {files:,} files quarantined whole")
    console.print()


def _declarations(console: Console, lake: duckdb.DuckDBPyConnection, run_date: date) -> None:
    found = {status: numbers for status, *numbers in lake.execute(DECLARATIONS, [run_date]).fetchall()}
    table = Table("declarations", box=None)
    for title in ("of this run", "all", "goods value, CNY"):
        table.add_column(title, justify="right")
    for nth, status in enumerate(STATUSES):
        decided, all_, value = found.get(status, (0, 0, 0))
        if all_ or nth < ALWAYS:
            table.add_row(status, f"{decided:,}", f"{all_:,}", f"{value:,.2f}")
    table.add_row(
        "[bold]total[/]", *(f"[bold]{sum(n[i] for n in found.values()):,.{2 * (i > 1)}f}[/]" for i in range(3))
    )
    console.print(table)
    console.print()


def _times(console: Console, seconds: dict[str, float]) -> None:
    parts = [f"{TITLES[stage].lower()} {spent:.1f}" for stage, spent in seconds.items()]
    console.print(
        f"Seconds: {', '.join(parts)}; all {sum(seconds.values()):.1f} (Airflow's start {seconds[START]:.1f})"
    )


def _places(console: Console, home: Home) -> None:
    console.print(f"Published lake: {home.published / 'catalog.sqlite'}   read it: make sql")
    console.print("Quarantine:     table audit.quarantine, one row a file or record, with the reason")
    console.print(f"Data docs:      {home.data_docs / 'index.html'}")
    console.print(f"Audit report:   {home.audit / 'index.html'}")
    console.print(f"Ledger:         {ledger.head(home.ledger)}   note it elsewhere; compare: make verify HEAD=…")


def _receipts(console: Console, home: Home, lake: duckdb.DuckDBPyConnection, run_date: date) -> None:
    receipts, unanswerable, kinds = _row(lake, RECEIPTS, run_date)
    console.print(
        f"Receipts:       {home.exchange}/<receiver>/{run_date}, {receipts:,} of {kinds} kinds; "
        f"{unanswerable:,} say only that a format is wrong (CEB900)"
    )


def _departments(console: Console, home: Home, lake: duckdb.DuckDBPyConnection, run_date: date) -> None:
    open_, new = _row(lake, MISMATCHES, run_date)
    done = next(outcome.result for outcome in outcomes.of_run(home, run_date) if outcome.stage == "exchange")
    console.print(
        f"Departments:    {home.exchange}/<department>/{run_date}, {done['rows']:,} rows in "
        f"{done['extracts']:,} extracts; {open_:,} mismatches open, {new:,} new"
    )


def _row(lake: duckdb.DuckDBPyConnection, query: str, run_date: date) -> tuple[Any, ...]:
    row: tuple[Any, ...] | None = lake.execute(query, [run_date] if "$1" in query else []).fetchone()
    if row is None:
        raise LookupError(f"the published lake has no run of {run_date}")
    return row
