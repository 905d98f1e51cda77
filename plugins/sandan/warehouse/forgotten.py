"""What has lost its persons: landing files, with the digest that each came with and has now, and the warehouse.

A date that is forgotten cannot run again: what landed then is no longer there to be judged.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import duckdb

from sandan.errors import SandanError
from sandan.lists import MESSAGES, PERSONAL, TABLES, restricted
from sandan.warehouse import runs
from sandan.warehouse.connect import connect

if TYPE_CHECKING:
    from datetime import date, datetime

    from sandan.home import Home

TABLE = """
create schema if not exists audit;
create table if not exists audit.forgotten (
    forgotten_before date, forgotten_at timestamp, run_date date, source_id varchar, path varchar, sha256 varchar,
    redacted_sha256 varchar
)
"""
#: each file as it should lie in the landing
RECEIVED = """
select source_id, run_date, path, coalesce(redacted_sha256, sha256), redacted_sha256 is null
from raw.files left join audit.forgotten as forgotten using (source_id, run_date, path, sha256)
where run_date < $1
"""
RECORD = """
insert into audit.forgotten
select $1, $2, run_date, source_id, path, sha256, $3
from raw.files anti join audit.forgotten as forgotten using (source_id, run_date, path)
where source_id = $4 and run_date = $5 and path = $6
"""
REDACTED = """
select strftime(run_date, '%Y-%m-%d'), source_id || '/' || path, sha256, redacted_sha256
from audit.forgotten where sha256 is distinct from redacted_sha256 order by all
"""
IS_THERE = "from duckdb_tables() where (schema_name, table_name) = ('audit', 'forgotten')"
#: what of the warehouse has persons, or free text in which a person may stand
PERSONS = """
select schema_name || '.' || table_name, list(column_name order by column_index)
from duckdb_columns()
where
    database_name = current_database()
    and (
        (schema_name = 'staging' and list_contains($personal, column_name))
        or (schema_name = 'raw' and list_contains($received, table_name || '.' || column_name))
    )
group by all
order by all
"""


@dataclass
class Folder:
    """What runs took from a landing folder: path → digest that the file should have now; an archive may hold two."""

    digests: dict[str, set[str]] = field(default_factory=dict)
    #: whether a file still has its persons
    is_due: bool = False


def folders(home: Home, before: date) -> dict[tuple[str, date], Folder]:
    """The landing folders that runs before `before` read, by source and date.

    Raises:
        SandanError: no run of `before` or later is recorded, so that what came before may still be asked for.
    """
    with connect(home) as connection:
        connection.execute(TABLE)
        connection.execute(runs.TABLE)
        if not connection.execute("select 1 from audit.runs where run_date >= $1", [before]).fetchone():
            raise SandanError(
                f"no run of {before} or later is recorded: what came before may still have to run",
                "name a date that has run, or an earlier one",
            )
        found: dict[tuple[str, date], Folder] = {}
        for source_id, run_date, path, digest, is_due in connection.execute(RECEIVED, [before]).fetchall():
            folder = found.setdefault((source_id, run_date), Folder())
            folder.digests.setdefault(path, set()).add(digest)
            folder.is_due |= is_due
        return found


def record(home: Home, before: date, at: datetime, of: tuple[str, date], redacted: dict[str, str]) -> None:
    """Note that the files of a landing folder are redacted: path → digest now."""
    rows = [[before, at, digest, *of, path] for path, digest in redacted.items()]
    with connect(home) as connection:
        connection.executemany(RECORD, rows)


def redacted(connection: duckdb.DuckDBPyConnection) -> dict[str, dict[str, dict[str, str]]]:
    """Date → `source/path` → the digest that it came with, `was`, and the one it `is` left with; of what changed."""
    found: dict[str, dict[str, dict[str, str]]] = defaultdict(dict)
    if connection.execute(IS_THERE).fetchone():
        for run, name, was, now in connection.execute(REDACTED).fetchall():
            found[run][name] = {"was": was, "is": now}
    return found


def tables_of_persons(connection: duckdb.DuckDBPyConnection) -> dict[str, list[str]]:
    """Table (`schema.table`) → columns that forgetting rewrites: these, and no others."""
    received = {
        f"{table}.{column}"
        for message in MESSAGES.values()
        for table, level in zip(TABLES[message.list], ("head", "item"), strict=True)
        if table
        for column in restricted(message, level)
    }
    known = {"personal": list(PERSONAL), "received": sorted(received)}
    return dict(connection.execute(PERSONS, known).fetchall())


def refuse_forgotten(connection: duckdb.DuckDBPyConnection, run_date: date) -> None:
    """Raise SandanError where what landed for `run_date` is forgotten."""
    connection.execute(TABLE)
    last = connection.execute("select max(forgotten_before) from audit.forgotten").fetchone()
    if last and last[0] and run_date < last[0]:
        raise SandanError(
            f"the persons of everything before {last[0]} are forgotten: {run_date} cannot run again",
            "correct what it published by records of a later date",
        )
