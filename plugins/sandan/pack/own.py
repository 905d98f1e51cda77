"""What belongs to one enterprise, taken out of the published lake: the one place that keeps enterprises apart."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sandan.errors import SandanError
from sandan.month import Month
from sandan.warehouse.lake import connect_published

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    import duckdb

    from sandan.home import Home


@dataclass(frozen=True)
class Table:
    """A published table that has `ebc_code`; `rows` says which of an enterprise's rows are of a package.

    `rows` is a condition in which {month} stands for the month (YYYY-MM) and {as_of} for the date of the last run.
    """

    schema: str
    name: str
    rows: str = "true"


OF_MONTH = "strftime(declared_date, '%Y-%m') = '{month}'"
TABLES = (
    Table("integrated_service", "enterprise_worklist", "closed_on is null or strftime(closed_on, '%Y-%m') = '{month}'"),
    Table("integrated_service", "enterprise_rebate_finance"),
    Table("integrated_service", "enterprise_advance"),
    Table("integrated_service", "enterprise_concentration"),
    Table("integrated_service", "enterprise_forex"),
    Table("integrated_service", "enterprise_forex_open"),
    Table("integrated_service", "enterprise_logistics", "month = '{month}'"),
    Table("integrated_service", "enterprise_scorecard", "week > date '{as_of}' - 84 and week <= date '{as_of}'"),
    Table("clearance", "clearance_facts", OF_MONTH),
)
#: the tables of single parcels follow the declarations of the month, which are taken before them
OF_PARCELS = (
    Table("clearance", "clearance_items"),
    Table("clearance", "check_findings"),
    Table("clearance", "returned_items"),
    Table("public_service", "rebate_eligibility"),
    Table("public_service", "rebate_findings"),
)
#: there once a month was consolidated
OF_MONTHS = (Table("clearance", "consolidated_declarations"),)

PACKAGE = "create table memory.main.package as select $1 as enterprise, $2 as month, $3::date as as_of"
LAST_RUN = "select run_date, rates_simulated from audit.runs order by run_date desc limit 1"
FIRST = Table("clearance", "clearance_facts")


@dataclass(frozen=True)
class Own:
    """The rows of one enterprise: a database in memory with `tables`, which has no way to any other row.

    `as_of` is the date of the last published run, `rates_simulated` whether that run had made-up exchange rates.
    """

    connection: duckdb.DuckDBPyConnection
    enterprise: str
    month: Month
    as_of: date
    rates_simulated: bool
    tables: tuple[str, ...]


@contextmanager
def own_rows(home: Home, enterprise: str, month: Month) -> Iterator[Own]:
    """The rows of `enterprise` as of one published snapshot.

    Raises:
        SandanError: nothing is published, no declaration is of the enterprise, or it has nothing in the month.
    """
    with connect_published(home) as lake:
        lake.begin()
        as_of, rates_simulated = lake.execute(LAST_RUN).fetchall()[0]
        published = _published(lake)
        _check_asked(lake, enterprise, month, as_of)
        for table in TABLES:
            _take(lake, table, enterprise, table.rows.format(month=month, as_of=as_of))
        for table in OF_PARCELS:
            _take(lake, table, enterprise, "cop_no in (select cop_no from memory.main.clearance_facts)")
        of_months = tuple(table for table in OF_MONTHS if table.name in published)
        for table in of_months:
            _take(lake, table, enterprise)
        lake.execute(PACKAGE, [enterprise, str(month), as_of])
        lake.commit()
        lake.execute("use memory")
        lake.execute("detach published")
        names = tuple(table.name for table in TABLES + OF_PARCELS + of_months)
        yield Own(lake, enterprise, month, as_of, rates_simulated, names)


def _published(lake: duckdb.DuckDBPyConnection) -> set[str]:
    """The names of what is published.

    Raises:
        SandanError: a table is missing that an edition before this one did not have.
    """
    query = "select table_name from duckdb_tables() where database_name = 'published'"
    names = {name for (name,) in lake.execute(query).fetchall()}
    if missing := [table.name for table in TABLES + OF_PARCELS if table.name not in names]:
        raise SandanError(
            f"the published lake has no {', '.join(missing)}", "run a day with this edition first: make run"
        )
    return names


def _take(lake: duckdb.DuckDBPyConnection, table: Table, enterprise: str, rows: str = "true") -> None:
    """Copy rows of one enterprise. Every row that a package shows comes through here: equal, never alike."""
    query = f"from published.{table.schema}.{table.name} where ebc_code = $1 and ({rows})"
    lake.execute(f"create or replace table memory.main.{table.name} as {query}", [enterprise])


def _check_asked(lake: duckdb.DuckDBPyConnection, enterprise: str, month: Month, as_of: date) -> None:
    _take(lake, FIRST, enterprise)
    first = lake.execute("select min(declared_date) from memory.main.clearance_facts").fetchall()[0][0]
    if first is None:
        raise SandanError(
            f"no published declaration is of an enterprise with the code {enterprise!r}",
            "write the customs code of the e-commerce enterprise (ebcCode) as its declarations have it, all of it",
        )
    if not Month.of(first) <= month <= Month.of(as_of):
        raise SandanError(
            f"nothing of {enterprise} is published for {month}",
            f"its first declaration is of {first}, the last run of {as_of}: ask for a month from "
            f"{Month.of(first)} to {Month.of(as_of)}",
        )
