"""Old records of `raw`: out of the warehouse, a Parquet file a table and month, and back again.

A run reads the records of its own date, so those of old months need no place in the warehouse. Two things are read at
any age, by record id, and stay: declarations, whose receipts tell their numbers, and what is quarantined, which may be
sent again. A test asks DuckDB whether models read anything else (tests/dbt/test_scans.py).

`main.months_archived` says of which tables and months there is a file: it changes in one transaction with the table. So
a file that it does not name is what a killed command left, and nobody reads it.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import duckdb

from sandan import lists
from sandan.errors import SandanError
from sandan.month import Month
from sandan.warehouse.connect import connect, quoted
from sandan.warehouse.raw import create_tables
from sandan.warehouse.runs import BEGUN, TABLE

if TYPE_CHECKING:
    from datetime import date
    from pathlib import Path

    from sandan.home import Home

KEPT = "declarations"
#: table → whether it holds items, of which none is read at any age
TABLES = {table: table == pair[1] for pair in lists.TABLES.values() for table in pair if table and table != KEPT}
ARCHIVED = "create table if not exists main.months_archived (table_name varchar, month varchar)"
#: a date that is at work reads its records after they were loaded
AT_WORK = "select run_date from main.runs_begun anti join audit.runs using (run_date)"
MONTHS = "select distinct strftime(run_date, '%Y-%m') from raw.{table} where run_date < $1 order by all"
OF_MONTH = "from raw.{table} where run_date between date '{month.first}' and date '{month.last}' and {kind}"
NOT_QUARANTINED = """
not exists (from audit.record_states as states where {table}.record_id = states.record_id and state = 'quarantined')
"""
WRITE = f"copy ({OF_MONTH} order by record_id) to {{file}} (format parquet, compression zstd)"
DELETE = f"delete {OF_MONTH}"


def archive(home: Home, before: date) -> int:
    """Take the records of months that were over before `before` out of `raw`; returns how many rows.

    A month with a date that began and is not published stays. A killed command loses nothing: the next goes on.

    Raises:
        BusyError: another process has the warehouse.
    """
    rows = 0
    # whatever is made while the warehouse is open is the owner's alone
    with connect(home) as connection:
        for statement in (BEGUN, TABLE, ARCHIVED):
            connection.execute(statement)
        create_tables(connection)
        at_work = {Month.of(day) for (day,) in connection.execute(AT_WORK).fetchall()}
        there = set(archived(connection))
        for table in TABLES:
            for (name,) in connection.execute(MONTHS.format(table=table), [before.replace(day=1)]).fetchall():
                month = Month.fromisoformat(name)
                if month not in at_work and (table, month) not in there:
                    rows += _take_out(home, connection, table, month)
    remove_left_over(home)
    return rows


def restore(home: Home, connection: duckdb.DuckDBPyConnection, until: date, since: date | None = None) -> None:
    """Bring the records of all months up to that of `until` back into `raw`, but those before `since`.

    To be called in a transaction: the files are still there after it, until `remove_left_over` takes them away. Of a
    file that is gone the month is empty, until its dates run again.
    """
    connection.execute(ARCHIVED)
    for table, month in archived(connection):
        if (since is None or Month.of(since) <= month) and month <= Month.of(until):
            file = file_of(home, table, month)
            if file.exists():
                connection.execute(f"insert into raw.{table} by name from read_parquet({quoted(str(file))})")
            connection.execute(
                "delete from main.months_archived where (table_name, month) = ($1, $2)", [table, str(month)]
            )


def bring_back(home: Home, until: date, since: date | None = None) -> None:
    """The same as a command of its own: before a stage reads what it did not load, or all of it is to be rewritten.

    Raises:
        BusyError: another process has the warehouse.
    """
    if any(home.archive.rglob("*.parquet")):
        with connect(home) as connection:
            connection.begin()
            restore(home, connection, until, since)
            connection.commit()


def received(home: Home, connection: duckdb.DuckDBPyConnection, table: str) -> str:
    """All rows of a table of `raw`, as SQL to select from, wherever they are.

    Raises:
        SandanError: a file of the archive is gone.
    """
    files = [file_of(home, name, month) for name, month in archived(connection) if name == table]
    for file in files:
        if not file.exists():
            raise SandanError(
                f"{file} is gone", f"put it back; or run the dates of {file.stem} again, in order: make run DATE="
            )
    if not files:
        return f"raw.{table}"
    names = ", ".join(quoted(str(file)) for file in files)
    return f"(from raw.{table} union all by name from read_parquet([{names}], union_by_name = true))"


def archived(connection: duckdb.DuckDBPyConnection) -> list[tuple[str, Month]]:
    """The tables and months that are in files."""
    try:
        # beside the transaction, which an error would end; to look for the table first, DuckDB looks through the lake
        rows = connection.cursor().execute("select table_name, month from main.months_archived order by all").fetchall()
    except duckdb.CatalogException:
        return []
    return [(table, Month.fromisoformat(month)) for table, month in rows]


def file_of(home: Home, table: str, month: Month) -> Path:
    """Where the records of a month lie, or would."""
    return home.archive / "raw" / table / f"{month}.parquet"


def remove_left_over(home: Home) -> None:
    """Remove the files that `main.months_archived` does not name.

    Raises:
        BusyError: another process has the warehouse.
    """
    if files := [file for file in home.archive.rglob("*") if file.is_file()]:
        with connect(home) as connection:
            known = {file_of(home, *of) for of in archived(connection)}
        for file in files:
            if file not in known:
                file.unlink()


def _take_out(home: Home, connection: duckdb.DuckDBPyConnection, table: str, month: Month) -> int:
    file = file_of(home, table, month)
    file.parent.mkdir(parents=True, exist_ok=True)
    new = file.with_suffix(".new")
    of_month = {
        "table": table,
        "month": month,
        "kind": "true" if TABLES[table] else NOT_QUARANTINED.format(table=table),
    }
    rows = connection.execute(WRITE.format(file=quoted(str(new)), **of_month)).fetchone()
    if rows == (0,):
        new.unlink()
        return 0
    with new.open("rb") as written:
        os.fsync(written.fileno())
    new.replace(file)
    connection.begin()
    gone = connection.execute(DELETE.format(**of_month)).fetchone()
    connection.execute("insert into main.months_archived values ($1, $2)", [table, str(month)])
    if gone != rows:
        raise SandanError(
            f"{file} has not the rows of raw.{table}", "nothing was removed: see whether the disk is sound"
        )
    connection.commit()
    return rows[0] if rows else 0
