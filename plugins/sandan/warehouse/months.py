"""Months and their order. A month takes the lists that no earlier month took: it may begin when those are settled."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sandan.errors import SandanError
from sandan.warehouse.connect import connect
from sandan.warehouse.lake import connect_published

if TYPE_CHECKING:
    from datetime import date, datetime

    import duckdb

    from sandan.home import Home
    from sandan.month import Month

TABLES = """
create schema if not exists audit;
create table if not exists audit.consolidations (
    month varchar, run_id varchar, started_at timestamp, ended_at timestamp, rates_simulated boolean,
    stage_seconds map(varchar, decimal(19, 5))
);
create table if not exists main.months_begun (month varchar)
"""
RECORD = """
insert into audit.consolidations by name
select
    $month as month,
    $run_id as run_id,
    cast($started_at as timestamp) as started_at,
    cast($ended_at as timestamp) as ended_at,
    not exists (from raw.exchange_rates) as rates_simulated,
    map_from_entries(cast($stage_seconds as struct(k varchar, v decimal(19, 5))[])) as stage_seconds
"""
#: the run that each month that began ended with; none, where it stopped before it published
BEGUN = """
select distinct begun.month, done.run_id
from main.months_begun as begun
left join audit.consolidations as done on begun.month = done.month
order by begun.month
"""
STOPPED_DAYS = "select distinct run_date from main.runs_begun where run_date <= $1 order by run_date"


@dataclass(frozen=True)
class RecordedMonth:
    """What an operator has to know of a consolidated month.

    `behind`: later months (YYYY-MM, in order) that were consolidated before and stand on what this run replaced.
    """

    rates_simulated: bool
    behind: list[str]


def begin_month(home: Home, month: Month) -> None:
    """Note that `month` begins.

    Raises:
        SandanError: the month may not be consolidated now; says why, and what to do first.
    """
    published_days, published_months = _published(home)
    if not published_days or max(published_days)[0] < month.last:
        last = f"the last published run is of {max(published_days)[0]}" if published_days else "nothing is published"
        raise SandanError(f"{month} is not complete: {last}", f"first run its last day: make run DATE={month.last}")
    with connect(home) as connection:
        connection.execute(TABLES)
        _check_days(connection, published_days, month)
        _check_months(connection.execute(BEGUN).fetchall(), published_months, month)
        connection.begin()
        connection.execute("delete from audit.consolidations where month = $1", [str(month)])
        connection.execute("delete from main.months_begun where month = $1", [str(month)])
        connection.execute("insert into main.months_begun values ($1)", [str(month)])
        connection.commit()


def record_month(  # noqa: PLR0913 - the columns of one row
    home: Home,
    month: Month,
    *,
    run_id: str,
    started_at: datetime,
    ended_at: datetime,
    stage_seconds: dict[str, float],
) -> RecordedMonth:
    """Write the row of `month` in place of an earlier one; times are Beijing local."""
    with connect(home) as connection:
        connection.begin()
        connection.execute("delete from audit.consolidations where month = $1", [str(month)])
        connection.execute(
            RECORD,
            {
                "month": str(month),
                "run_id": run_id,
                "started_at": started_at,
                "ended_at": ended_at,
                "stage_seconds": [{"k": stage, "v": seconds} for stage, seconds in stage_seconds.items()],
            },
        )
        (rates_simulated,) = connection.execute(
            "select rates_simulated from audit.consolidations where month = $1", [str(month)]
        ).fetchone() or (False,)
        later = connection.execute(
            "select distinct month from main.months_begun where month > $1 order by month", [str(month)]
        ).fetchall()
        connection.commit()
    return RecordedMonth(rates_simulated, [name for (name,) in later])


def _check_days(connection: duckdb.DuckDBPyConnection, published: set[tuple[date, str]], month: Month) -> None:
    runs = dict(connection.execute("select run_date, run_id from audit.runs").fetchall())
    begun = [day for (day,) in connection.execute(STOPPED_DAYS, [month.last]).fetchall()]
    if stopped := [str(day) for day in begun if (day, runs.get(day)) not in published]:
        raise SandanError(
            f"{', '.join(stopped)} began and is not published, and {month} builds on it",
            f"put right what stopped it, then run it again: make run DATE={stopped[0]}",
        )


def _check_months(begun: list[tuple[str, str]], published: set[tuple[str, str]], month: Month) -> None:
    """`begun`: each month that ever began, with its run; `published`: those that readers see."""
    if stopped := [name for name, run_id in begun if name < str(month) and (name, run_id) not in published]:
        raise SandanError(
            f"{', '.join(stopped)} began and is not published, and {month} builds on it",
            f"put right what stopped it, then run it again: make consolidate MONTH={stopped[0]}",
        )
    names = [name for name, _ in begun]
    later = [name for name in names if name > str(month)]
    if later and str(month) not in names:
        raise SandanError(
            f"{later[0]} is consolidated, and took the lists of {month} that were there",
            f"leave it so; what changed since goes to {later[0]} too: make consolidate MONTH={later[0]}",
        )
    if not later and names and max(names) < str(month.before):
        skipped = type(month).fromisoformat(max(names)).after
        raise SandanError(
            f"{skipped} is not consolidated, and {month} would take its lists",
            f"consolidate it first: make consolidate MONTH={skipped}",
        )


def _published(home: Home) -> tuple[set[tuple[date, str]], set[tuple[str, str]]]:
    """Days and months that readers see, each with its run."""
    try:
        lake = connect_published(home)
    except SandanError:  # nothing is published yet
        return set(), set()
    with lake:
        days = lake.execute("select run_date, run_id from audit.runs").fetchall()
        known = lake.execute(
            "select 1 from duckdb_tables() where database_name = 'published' and table_name = 'consolidations'"
        ).fetchone()
        months = lake.execute("select month, run_id from audit.consolidations").fetchall() if known else []
    return set(days), set(months)
