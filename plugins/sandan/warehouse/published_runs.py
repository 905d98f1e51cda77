"""Which runs readers see; none may build on one that began and is not among them."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any

from sandan.errors import SandanError
from sandan.warehouse.lake import connect_published

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    import duckdb

    from sandan.home import Home
    from sandan.month import Month

#: the tables of published runs, and what tells one from another
TABLES = {
    "runs": "run_date, run_id",
    "consolidations": "month, run_id",
    "trade_vintages": "month, vintage_no, vintage",
}
#: the run that each date up to one that began ended with; none, where it stopped before it published
BEGUN_DAYS = """
select distinct begun.run_date, runs.run_id
from main.runs_begun as begun
left join audit.runs as runs on begun.run_date = runs.run_date
where begun.run_date <= $1
order by begun.run_date
"""


class PublishedRuns:
    """What readers see: dates, months (YYYY-MM) and vintages of months; looked up when asked for."""

    def __init__(self, home: Home) -> None:
        """Open nothing yet: where nothing ever began, there may be no lake."""
        self._home = home

    @property
    def days(self) -> set[tuple[date, str]]:
        """Run dates, each with the run that made it."""
        return self._seen["runs"]

    @property
    def months(self) -> set[tuple[str, str]]:
        """Months that are consolidated, each with the run that made it."""
        return self._seen["consolidations"]

    def vintages_of(self, month: Month) -> dict[int, str]:
        """The vintages of a month, in their order: number → preliminary, revised or final."""
        return {no: kind for of_month, no, kind in sorted(self._seen["trade_vintages"]) if of_month == str(month)}

    @cached_property
    def _seen(self) -> dict[str, set[Any]]:
        """The rows of the tables of runs; the lake is opened once."""
        seen: dict[str, set[Any]] = {table: set() for table in TABLES}
        try:
            lake = connect_published(self._home)
        except SandanError:  # nothing is published yet
            return seen
        with lake:
            known = lake.execute("select table_name from duckdb_tables() where database_name = 'published'").fetchall()
            for table, columns in TABLES.items():
                if (table,) in known:
                    seen[table] = set(lake.execute(f"select {columns} from audit.{table}").fetchall())
        return seen


def check_complete(published: PublishedRuns, month: Month) -> date:
    """Refuse where the last day of `month` is not over for readers; returns the last day that is published.

    Raises:
        SandanError: says which day to run first.
    """
    last = max((day for day, _ in published.days), default=None)
    if not last or last < month.last:
        state = f"the last published run is of {last}" if last else "nothing is published"
        raise SandanError(f"{month} is not complete: {state}", f"first run its last day: make run DATE={month.last}")
    return last


def check_days(connection: duckdb.DuckDBPyConnection, published: PublishedRuns, until: date, builds: object) -> None:
    """Refuse where a date up to `until` began and is not published; `builds` is the run that would stand on it.

    Raises:
        SandanError: names the dates, and how to go on.
    """
    begun = connection.execute(BEGUN_DAYS, [until]).fetchall()
    check_stopped((day for day, run_id in begun if (day, run_id) not in published.days), builds, "make run DATE=")


def check_stopped(stopped: Iterable[object], builds: object, command: str) -> None:
    """Refuse where anything is `stopped`; `command` runs one of them again."""
    if names := [str(name) for name in stopped]:
        raise SandanError(
            f"{', '.join(names)} began and is not published, and {builds} builds on it",
            f"put right what stopped it, then run it again: {command}{names[0]}",
        )
