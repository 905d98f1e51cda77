"""Vintages of a month's statistics: one after the other, each on what the daily runs had published when it was made.

A vintage that is published stays as it is; the next has a number of its own. What a run that stopped left in the
warehouse is replaced by the next.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from sandan.errors import SandanError
from sandan.warehouse import about_run, runs
from sandan.warehouse.connect import connect
from sandan.warehouse.published_runs import PublishedRuns, check_complete, check_days

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from sandan.home import Home
    from sandan.month import Month

TABLES = f"""
create schema if not exists audit;
create table if not exists audit.trade_vintages (
    month varchar, vintage_no integer, vintage varchar, made_on date, data_until date, run_id varchar,
    started_at timestamp, ended_at timestamp, rates_simulated boolean, rates_version varchar,
    items bigint, returns bigint, items_left_out bigint, revised_items bigint,
    stage_seconds map(varchar, decimal(19, 5))
);
create table if not exists main.vintages_begun (
    month varchar, vintage_no integer, wanted_final boolean, made_on date, data_until date
);
alter table audit.trade_vintages add column if not exists approvals {about_run.APPROVALS}
"""
BEGUN = "select vintage_no, wanted_final, made_on, data_until from main.vintages_begun where month = $1"
#: the house's policy is a row of the catalogue; without one in force, months stay open until somebody closes them
IS_OLD = """
select exists (
    from reference.rules
    where rule_id = 'STA01' and cast($made_on as date) between valid_from and coalesce(valid_to, date '9999-12-31')
        and cast($first as date) + to_months(cast(parameter as integer))
            < date_trunc('month', cast($data_until as date))
)
"""
ROWS = "select count(*) from statistics.{table} where period = $month and vintage_no = $vintage_no"
RECORD = f"""
insert into audit.trade_vintages by name
with made as (select
    $month as month, $vintage_no as vintage_no, $vintage as vintage, cast($made_on as date) as made_on,
    cast($data_until as date) as data_until,
    (
        select left(md5(string_agg(concat_ws(' ', month, currency, cny_per_unit), '|' order by month, currency)), 12)
        from staging.monthly_rates
    ) as rates_version,
    ({ROWS.format(table="trade_items")}) as items,
    ({ROWS.format(table="trade_returns")}) as returns,
    (
        select coalesce(sum(items), 0) from statistics.trade_exclusions
        where period = $month and vintage_no = $vintage_no
    ) as items_left_out,
    (select count(distinct (ebc_code, cop_no, gnum)) from statistics.revised_items) as revised_items,
    {about_run.COLUMNS}
)
-- values are those of the days' runs, whatever rates have come since
select * replace (
    rates_simulated
    or exists (from audit.runs where rates_simulated and run_date between cast($first as date) and data_until)
    as rates_simulated
)
from made
"""


@dataclass(frozen=True)
class Vintage:
    """A vintage at work. `vintage`: preliminary, revised or final; `data_until`: the last day that was published."""

    vintage_no: int
    vintage: str
    made_on: date
    data_until: date

    @property
    def variables(self) -> dict[str, Any]:
        """What the models know of it, as variables of dbt."""
        return {"vintage_no": self.vintage_no, "vintage": self.vintage, "made_on": self.made_on.isoformat()}


def begin_vintage(home: Home, month: Month, made_on: date, *, final: bool = False) -> int:
    """Note that the next vintage of `month` begins; returns its number. `final`: none is to follow.

    Raises:
        SandanError: the month is not complete, or final already; says what to do.
    """
    published = PublishedRuns(home)
    data_until = check_complete(published, month)
    last_no, last_kind = max(published.vintages_of(month).items(), default=(0, ""))
    if last_kind == "final":
        raise SandanError(
            f"{month} is final with vintage {last_no}: no vintage follows",
            "what came later is told with the months that are open",
        )
    with connect(home) as connection:
        connection.execute(TABLES)
        connection.execute(runs.TABLE)
        check_days(connection, published, date.max, f"the vintage of {month}")
        connection.begin()
        connection.execute("delete from main.vintages_begun where month = $1", [str(month)])
        connection.execute(
            "delete from audit.trade_vintages where month = $1 and vintage_no > $2", [str(month), last_no]
        )
        connection.execute(
            "insert into main.vintages_begun values ($1, $2, $3, $4, $5)",
            [str(month), last_no + 1, final, made_on, data_until],
        )
        connection.commit()
    return last_no + 1


def vintage_at_work(home: Home, month: Month) -> Vintage:
    """The vintage of `month` that began last.

    Raises:
        SandanError: none began.
    """
    with connect(home) as connection:
        begun = connection.execute(BEGUN, [str(month)]).fetchone()
        if not begun:
            raise SandanError(f"no vintage of {month} began", f"make statistics MONTH={month}")
        number, final, made_on, data_until = begun
        known = {"made_on": made_on, "first": month.first, "data_until": data_until}
        (is_old,) = connection.execute(IS_OLD, known).fetchone() or (False,)
    kind = "final" if final or is_old else "revised" if number > 1 else "preliminary"
    return Vintage(number, kind, made_on, data_until)


def check_open(home: Home, month: Month, vintage: Vintage) -> None:
    """Refuse where the vintage is published, or the days are not what they were when it began.

    Raises:
        SandanError: what is published stays, and a vintage stands on days that readers see.
    """
    published = PublishedRuns(home)
    again = f"make statistics MONTH={month} begins one anew"
    if vintage.vintage_no in published.vintages_of(month):
        raise SandanError(f"vintage {vintage.vintage_no} of {month} is published, and stays as it is", again)
    with connect(home) as connection:
        check_days(connection, published, date.max, f"the vintage of {month}")
    if check_complete(published, month) != vintage.data_until:
        raise SandanError(f"a day was published since the vintage of {month} began", again)


def is_news(home: Home, vintage: Vintage) -> bool:
    """Whether the vintage that was built says anything that the one before did not."""
    with connect(home) as connection:
        (revised,) = connection.execute("select exists (from statistics.revised_items)").fetchone() or (False,)
    return vintage.vintage_no == 1 or vintage.vintage == "final" or bool(revised)


def record_vintage(  # noqa: PLR0913 - the columns of one row
    home: Home,
    month: Month,
    vintage: Vintage,
    *,
    run_id: str,
    started_at: datetime,
    ended_at: datetime,
    stage_seconds: dict[str, float],
    approvals: Sequence[dict[str, object]] = (),
) -> bool:
    """Write the row of the vintage; times are Beijing local. Returns whether the exchange rates are the sample."""
    values = {"month": str(month), "first": month.first} | asdict(vintage)
    with connect(home) as connection:
        connection.begin()
        connection.execute(
            "delete from audit.trade_vintages where month = $1 and vintage_no = $2", [str(month), vintage.vintage_no]
        )
        connection.execute(RECORD, values | about_run.values(run_id, started_at, ended_at, stage_seconds, approvals))
        (simulated,) = connection.execute(
            "select rates_simulated from audit.trade_vintages where month = $1 and vintage_no = $2",
            [str(month), vintage.vintage_no],
        ).fetchone() or (False,)
        connection.commit()
    return bool(simulated)
