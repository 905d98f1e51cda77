"""Marts → published lake: one transaction a run, which replaces exactly the rows that the run touched or made.

A reader sees the snapshot before or the snapshot after; a run killed in between leaves the one before.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sandan.errors import SandanError
from sandan.lock import only_one
from sandan.month import Month
from sandan.warehouse.connect import connect_beside
from sandan.warehouse.contract import FAMILIES, MONTHLY, Family, of_vintage
from sandan.warehouse.lake import attach, written_tables

if TYPE_CHECKING:
    from datetime import date

    import duckdb

    from sandan.home import Home


AUTHOR = "sandan"


def message_of(run: date | Month, run_id: str) -> str:
    """What the snapshot of a run says of itself."""
    return (
        f"{'consolidate_monthly' if isinstance(run, Month) else 'three_lists_daily'} {run.isoformat()} · run {run_id}"
    )


def publish(home: Home, run_date: date, run_id: str) -> dict[str, int]:
    """Bring the marts into the published lake, in one transaction; returns the rows written per table.

    Raises:
        BusyError: another publisher is at work, or another process has the warehouse.
        SandanError: a mart is missing.
    """
    return _publish(home, run_date, FAMILIES, message_of(run_date, run_id))


def publish_month(home: Home, month: Month, run_id: str) -> dict[str, int]:
    """The same for what consolidating `month` made."""
    return _publish(home, month.last, MONTHLY, message_of(month, run_id))


def publish_vintage(home: Home, month: Month, vintage_no: int, run_id: str) -> dict[str, int]:
    """The same for a vintage of the statistics of `month`."""
    message = f"trade_statistics_monthly {month} · vintage {vintage_no} · run {run_id}"
    return _publish(home, month.last, of_vintage(month, vintage_no), message)


def _publish(home: Home, run_date: date, families: tuple[Family, ...], message: str) -> dict[str, int]:
    # of two publishers at once, DuckLake may keep the inserts of both
    lock = only_one(
        home.published / "publisher.lock", "another run is publishing", "wait for it to end, then run this one again"
    )
    # the lake's files are for others: what writes the warehouse makes files for its owner alone
    with lock, connect_beside(home) as connection:
        attach(connection, home)
        connection.begin()
        rows: dict[str, int] = {}
        written = written_tables(connection)
        marts, published = (_columns(connection, database) for database in ("warehouse", "published"))
        for family in families:
            for table in family.tables:
                name = f"{family.schema}.{table}"
                _shape(connection, family, name, marts.get(name, {}), published.get(name, {}))
            rows |= _replace(connection, family, run_date, written)
        connection.execute("call published.set_commit_message($1, $2)", [AUTHOR, message])
        connection.commit()
    return rows


def _shape(
    connection: duckdb.DuckDBPyConnection, family: Family, name: str, mart: dict[str, str], published: dict[str, str]
) -> None:
    """Make the published table have every column of its mart; both are told as column → type."""
    if not mart:
        raise SandanError(f"the warehouse has no {name}", "check the dbt project: the published contract names it")
    if not published:
        connection.execute(f"create schema if not exists published.{family.schema}")
        columns = ", ".join(f'"{column}" {type_}' for column, type_ in mart.items())
        connection.execute(f"create table published.{name} ({columns})")
        if family.partitioned_by:
            connection.execute(f"alter table published.{name} set partitioned by ({family.partitioned_by})")
        return
    for column in (column for column in mart if column not in published):
        connection.execute(f'alter table published.{name} add column "{column}" {mart[column]}')


def _columns(connection: duckdb.DuckDBPyConnection, database: str) -> dict[str, dict[str, str]]:
    """Of each table of a database, as `schema.table`, its columns and their types."""
    tables: dict[str, dict[str, str]] = {}
    for name, column, type_ in connection.execute(
        "select schema_name || '.' || table_name, column_name, data_type from duckdb_columns() "
        "where database_name = $1 order by column_index",
        [database],
    ).fetchall():
        tables.setdefault(name, {})[column] = type_
    return tables


def _replace(
    connection: duckdb.DuckDBPyConnection, family: Family, run_date: date, written: set[str]
) -> dict[str, int]:
    """Replace the rows of a family; of tables that were never `written` there is nothing to take away."""
    names = [f"{family.schema}.{table}" for table in family.tables]
    if family.key:
        key = ", ".join(f'"{column}"' for column in family.key)
        # a row that the run took away stands only in the lake, as written by an earlier run of the same date
        places = [f"warehouse.{name}" for name in names] + [f"published.{name}" for name in names if name in written]
        changed = " union ".join(f"select {key} from {place} where changed_on = $1" for place in places)
        if family.touched:
            changed += f" union select {key} from warehouse.{family.touched_model}"
        connection.execute(f"create or replace temp table touched as {changed}", [run_date])
        touched = f"where ({key}) in (select ({key}) from touched)"
    else:
        touched = "where " + family.rows.format(run_date=f"date '{run_date.isoformat()}'")
    return {name: _rewrite(connection, name, touched, was_written=name in written) for name in names}


def _rewrite(connection: duckdb.DuckDBPyConnection, name: str, touched: str, *, was_written: bool) -> int:
    """Replace the touched rows of a table; returns how many it has now."""
    if was_written:
        connection.execute(f"delete from published.{name} {touched}")
    elif not connection.execute(f"from warehouse.{name} {touched} limit 1").fetchone():
        return 0
    inserted = connection.execute(
        f"insert into published.{name} by name select * from warehouse.{name} {touched}"
    ).fetchone()
    return inserted[0] if inserted else 0
