"""Months and their order. A month takes the lists that no earlier month took: it may begin when those are settled."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sandan.errors import SandanError
from sandan.warehouse import about_run
from sandan.warehouse.connect import connect
from sandan.warehouse.published_runs import PublishedRuns, check_complete, check_days, check_stopped

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from sandan.home import Home
    from sandan.month import Month

TABLES = f"""
create schema if not exists audit;
create table if not exists audit.consolidations (
    month varchar, run_id varchar, started_at timestamp, ended_at timestamp, rates_simulated boolean,
    stage_seconds map(varchar, decimal(19, 5))
);
alter table audit.consolidations add column if not exists approvals {about_run.APPROVALS};
create table if not exists main.months_begun (month varchar)
"""
RECORD = f"insert into audit.consolidations by name select $month as month, {about_run.COLUMNS}"
#: the run that each month that began ended with; none, where it stopped before it published
BEGUN = """
select distinct begun.month, done.run_id
from main.months_begun as begun
left join audit.consolidations as done on begun.month = done.month
order by begun.month
"""


@dataclass(frozen=True)
class RecordedMonth:
    """What an operator has to know of a consolidated month.

    `behind`: later months (YYYY-MM, in order) that were consolidated before and stand on what this run replaced;
    `days_behind`: run dates after the month (YYYY-MM-DD, in order), which did not know its forms, or others.
    """

    rates_simulated: bool
    behind: list[str]
    days_behind: list[str]


def begin_month(home: Home, month: Month) -> None:
    """Note that `month` begins.

    Raises:
        SandanError: the month may not be consolidated now; says why, and what to do first.
    """
    published = PublishedRuns(home)
    check_complete(published, month)
    with connect(home) as connection:
        connection.execute(TABLES)
        check_days(connection, published, month.last, month)
        _check_months(connection.execute(BEGUN).fetchall(), published.months, month)
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
    approvals: Sequence[dict[str, object]] = (),
) -> RecordedMonth:
    """Write the row of `month` in place of an earlier one; times are Beijing local."""
    with connect(home) as connection:
        connection.begin()
        connection.execute("delete from audit.consolidations where month = $1", [str(month)])
        connection.execute(
            RECORD, {"month": str(month)} | about_run.values(run_id, started_at, ended_at, stage_seconds, approvals)
        )
        (rates_simulated,) = connection.execute(
            "select rates_simulated from audit.consolidations where month = $1", [str(month)]
        ).fetchone() or (False,)
        later = connection.execute(
            "select distinct month from main.months_begun where month > $1 order by month", [str(month)]
        ).fetchall()
        (days,) = connection.execute(about_run.LATER_DAYS, {"run_date": month.last}).fetchone() or ([],)
        connection.commit()
    return RecordedMonth(rates_simulated, [name for (name,) in later], days)


def _check_months(begun: list[tuple[str, str]], published: set[tuple[str, str]], month: Month) -> None:
    """`begun`: each month that ever began, with its run; `published`: those that readers see."""
    stopped = (name for name, run_id in begun if name < str(month) and (name, run_id) not in published)
    check_stopped(stopped, month, "make consolidate MONTH=")
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
