"""Parquet of the readers → `raw.*`: every record received, with the run, the file and the position it came from."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sandan import lists
from sandan.errors import SandanError
from sandan.warehouse.archive import restore
from sandan.warehouse.connect import connect
from sandan.warehouse.raw import create_tables
from sandan.warehouse.reference import load_reference

if TYPE_CHECKING:
    from datetime import date
    from pathlib import Path

    import duckdb

    from sandan.home import Home

FILES_A_DAY = 1_000_000

#: The files of the day, numbered. A file that is known from an earlier load of the same date keeps its number, so that
#: a record keeps its id when the date is run again; new ones follow by (source, path). Of equal files the first by
#: (source, name) is read; what the same source delivered on an earlier date is not, unless it is replayed.
NUMBER_FILES = """
create or replace temp table day_files as
with landed as (
    select split_part(filename, '/', -2) as source_id, * exclude (filename)
    from read_parquet($files, union_by_name = true, filename = true)
),
known as (
    select source_id, path, sha256, file_id from raw.files where run_date = $run_date
),
numbered as (
    select
        landed.*,
        known.file_id as known_id,
        row_number() over (partition by known.file_id is null order by source_id, path) as nth
    from landed left join known using (source_id, path, sha256)
),
delivered as (
    select
        numbered.*,
        exists (
            select 1 from raw.files as earlier
            where earlier.run_date < $run_date
                and earlier.source_id = numbered.source_id and earlier.sha256 = numbered.sha256
        ) as is_known
    from numbered
),
judged as (
    select
        * exclude (is_known),
        replayed_from is null and (
            is_known or row_number() over (
                partition by sha256, is_known, replayed_from is null order by source_id, file_name, path
            ) > 1
        ) as is_repeated
    from delivered
)
select
    * exclude (known_id, nth, is_repeated) replace (
        if(is_repeated, 0, records) as records,
        if(is_repeated, 'repeated', state) as state,
        if(is_repeated, null, reason) as reason
    ),
    coalesce(known_id, nth + coalesce((select max(file_id) from known), $first_id)) as file_id
from judged
"""

INSERT_FILES = """
insert into raw.files by name
select cast($run_date as date) as run_date, * exclude (file_no) from day_files order by file_id
"""

INSERT_RECORDS = """
insert into raw.{table} by name
select
    cast($run_date as date) as run_date,
    day_files.file_id * 10000000 + record.position as record_id,
    {own_columns}
    record.* exclude ({reader_columns})
from read_parquet($files, union_by_name = true, filename = true) as record
join day_files
    on day_files.source_id = split_part(record.filename, '/', -2) and day_files.file_no = record.file_no
where day_files.state = 'read'
"""

#: what the files of a source look like; an auditor reads it, so it is none of `raw`
SHAPES = """
create schema if not exists audit;
create table if not exists audit.source_shapes (
    run_date date, source_id varchar, list varchar, name varchar, kind varchar, filled integer, total integer
)
"""
INSERT_SHAPES = """
insert into audit.source_shapes by name
select cast($run_date as date) as run_date, split_part(filename, '/', -2) as source_id, * exclude (filename)
from read_parquet($files, union_by_name = true, filename = true)
"""

COUNT = """
select
    count(*),
    count(*) filter (state = 'repeated'),
    count(*) filter (state = 'quarantined'),
    coalesce(sum(records), 0)
from raw.files where run_date = $run_date
"""


def load(home: Home, run_date: date) -> dict[str, int]:
    """Bring what the readers made of `run_date` into `raw.*`, in one transaction, in place of the date's earlier rows.

    Returns the counts `files`, `repeated`, `quarantined` (files, each) and `records`.
    """
    with connect(home) as connection:
        create_tables(connection)
        connection.begin()
        # a month is in the table or in the archive, never in both
        restore(home, connection, run_date, since=run_date)
        _load_files(connection, home, run_date)
        _load_shapes(connection, home, run_date)
        for heads, items in lists.TABLES.values():
            _load_records(connection, home, run_date, heads)
            if items:
                _load_records(connection, home, run_date, items, items=True)
        load_reference(connection, home)
        counts = connection.execute(COUNT, {"run_date": run_date}).fetchone()
        connection.commit()
    return dict(zip(("files", "repeated", "quarantined", "records"), counts or (), strict=True))


def _load_files(connection: duckdb.DuckDBPyConnection, home: Home, run_date: date) -> None:
    files = parquet_of(home.read_of(run_date), "files")
    if not files:
        connection.execute("delete from raw.files where run_date = $1", [run_date])
        return
    day = int(run_date.strftime("%Y%m%d")) - 20_000_000
    first_id = day * FILES_A_DAY
    connection.execute(NUMBER_FILES, {"files": files, "run_date": run_date, "first_id": first_id})
    last = connection.execute("select max(file_id) from day_files").fetchone()
    if last and last[0] and last[0] >= first_id + FILES_A_DAY:
        raise SandanError(
            f"more than {FILES_A_DAY - 1:,} files landed for {run_date}",
            "let the sources pack their messages: up to 100 records a message, or many messages a zip",
        )
    connection.execute("delete from raw.files where run_date = $1", [run_date])
    connection.execute(INSERT_FILES, {"run_date": run_date})


def _load_shapes(connection: duckdb.DuckDBPyConnection, home: Home, run_date: date) -> None:
    connection.execute(SHAPES)
    connection.execute("delete from audit.source_shapes where run_date = $1", [run_date])
    if files := parquet_of(home.read_of(run_date), "shapes"):
        connection.execute(INSERT_SHAPES, {"files": files, "run_date": run_date})


def _load_records(
    connection: duckdb.DuckDBPyConnection, home: Home, run_date: date, table: str, *, items: bool = False
) -> None:
    connection.execute(f"delete from raw.{table} where run_date = $1", [run_date])
    if files := parquet_of(home.read_of(run_date), table):
        insert = INSERT_RECORDS.format(
            table=table,
            own_columns="" if items else "day_files.file_id,",
            reader_columns="file_no, filename, position" if items else "file_no, filename",
        )
        connection.execute(insert, {"files": files, "run_date": run_date})


def parquet_of(folder: Path, table: str) -> list[str]:
    """The files of `table`, whole or in numbered parts, of every source."""
    return sorted(
        str(file) for pattern in (f"*/{table}.parquet", f"*/{table}-*.parquet") for file in folder.glob(pattern)
    )
