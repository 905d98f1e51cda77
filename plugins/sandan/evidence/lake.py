"""What each snapshot changed in the published lake: entries of the catalogue by table, and files with their digests.

The tables of the catalogue are those of the DuckLake specification (https://ducklake.select/docs/stable/specification):
an entry lives from `begin_snapshot` until `end_snapshot`. Small changes have no file, their rows lie in the catalogue.
"""

from __future__ import annotations

import hashlib
import json
from collections import defaultdict
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import duckdb

from sandan.run.pages import rows_of
from sandan.warehouse.lake import CATALOGUE

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from typing import Any

SNAPSHOTS = f"""
select snapshot_id, cast(snapshot_time as varchar), coalesce(author, ''), coalesce(commit_message, '')
from {CATALOGUE}.ducklake_snapshot
join {CATALOGUE}.ducklake_snapshot_changes using (snapshot_id)
-- the first one makes the catalogue itself
where snapshot_id > 0 and snapshot_id > $after
order by snapshot_id
"""
TABLES = f"""
select table_id, any_value(schemas.schema_name || '.' || table_name)
from {CATALOGUE}.ducklake_table as tables join {CATALOGUE}.ducklake_schema as schemas using (schema_id)
group by table_id
"""
ENTRIES = ("ducklake_table", "ducklake_column", "ducklake_data_file")
#: by which readers leave out files that cannot hold what they ask for
STATISTICS = f"""
select stats.*, begin_snapshot, null as end_snapshot
from {CATALOGUE}.ducklake_file_column_stats as stats
join (select data_file_id, begin_snapshot from {CATALOGUE}.ducklake_data_file) using (data_file_id)
where begin_snapshot > $after
"""
FOLDERS = f"""
select table_id, any_value(schemas.path || tables.path) as folder
from {CATALOGUE}.ducklake_table as tables join {CATALOGUE}.ducklake_schema as schemas using (schema_id)
group by table_id
"""
#: a later run that deletes more of a file writes the file of deletions again, with the snapshot of each
FILES = f"""
select coalesce(partial_max, begin_snapshot) as written_by, if(path_is_relative = 1, folder, '') || path
from (
    select table_id, begin_snapshot, partial_max, path, path_is_relative from {CATALOGUE}.ducklake_data_file
    union all
    select table_id, begin_snapshot, partial_max, path, path_is_relative from {CATALOGUE}.ducklake_delete_file
)
join ({FOLDERS}) using (table_id)
where written_by > $after
order by all
"""
DELETIONS = f"""
select table_id, data_file_id, begin_snapshot, partial_max is not null, if(path_is_relative = 1, folder, '') || path
from {CATALOGUE}.ducklake_delete_file join ({FOLDERS}) using (table_id)
where coalesce(partial_max, begin_snapshot) > $after
"""


@dataclass(frozen=True)
class Snapshot:
    """One snapshot, as the catalogue has it."""

    id: int
    at: str
    author: str
    message: str


def snapshots(lake: duckdb.DuckDBPyConnection, after: int = 0) -> list[Snapshot]:
    """The snapshots later than `after`."""
    return [Snapshot(*row) for row in lake.execute(SNAPSHOTS, {"after": after}).fetchall()]


def changes(lake: duckdb.DuckDBPyConnection, after: int = 0) -> dict[int, dict[str, str]]:
    """Of each snapshot later than `after`: table (`schema.table`) → digest of the entries that it began and ended."""
    names = dict(lake.execute(TABLES).fetchall())
    told: dict[tuple[int, str], list[str]] = defaultdict(list)
    for table_id, kind, entry in _entries(lake, after):
        begin, end = entry.pop("begin_snapshot"), entry.pop("end_snapshot", None)
        for snapshot, verb in ((begin, "begins"), (end, "ends")):
            if snapshot is not None and snapshot > after:
                text = json.dumps([verb, kind, entry], ensure_ascii=False, sort_keys=True, default=str)
                told[snapshot, names[table_id]].append(text)
    for (snapshot, table_id), rows in _deleted(lake, after, names).items():
        if snapshot > after:
            told[snapshot, names[table_id]].append(f"deletes {sorted(rows)}")
    found: dict[int, dict[str, str]] = defaultdict(dict)
    for (snapshot, table), texts in sorted(told.items()):
        found[snapshot][table] = hashlib.sha256("\n".join(sorted(texts)).encode()).hexdigest()
    return dict(found)


def files(lake: duckdb.DuckDBPyConnection, after: int = 0) -> dict[int, list[str]]:
    """Of each snapshot later than `after`: the Parquet files that it wrote, as paths below the data."""
    found: dict[int, list[str]] = defaultdict(list)
    for snapshot, path in lake.execute(FILES, {"after": after}).fetchall():
        found[snapshot].append(path)
    return dict(found)


def digests(lake: duckdb.DuckDBPyConnection, paths: Iterable[str]) -> dict[str, str]:
    """Path below the data of the lake → digest of the file as it is now; empty where there is none."""
    folder = data_path(lake)
    return {path: _digest(lake, folder + path) for path in paths}


def data_path(lake: duckdb.DuckDBPyConnection) -> str:
    """Where the files of the lake lie, with the slash behind."""
    (path,) = lake.execute("select data_path from ducklake_settings('published')").fetchone() or ("",)
    return str(path)


def _digest(lake: duckdb.DuckDBPyConnection, place: str) -> str:
    if "://" in place:
        row = lake.execute("select sha256(content) from read_blob($1)", [place]).fetchone()
        return str(row[0]) if row else ""
    try:
        with Path(place).open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except FileNotFoundError:
        return ""


def _entries(lake: duckdb.DuckDBPyConnection, after: int) -> Iterator[tuple[int, str, dict[str, Any]]]:
    since = {"after": after}
    for table in ENTRIES:
        query = f"from {CATALOGUE}.{table} where begin_snapshot > $after or end_snapshot > $after"
        for entry in rows_of(lake, query, since):
            yield entry["table_id"], table, entry
    for entry in rows_of(lake, STATISTICS, since):
        yield entry["table_id"], "statistics", entry
    inlined = lake.execute(f"select table_id, table_name from {CATALOGUE}.ducklake_inlined_data_tables").fetchall()
    for table_id, table in inlined:
        query = f'from {CATALOGUE}."{table}" where begin_snapshot > $after or end_snapshot > $after'
        for entry in rows_of(lake, query, since):
            yield table_id, "row", entry


def _deleted(
    lake: duckdb.DuckDBPyConnection, after: int, names: Iterable[int]
) -> dict[tuple[int, int], set[tuple[int, int]]]:
    """Snapshot and table → file and position of each row of an earlier file that the snapshot deleted."""
    found: dict[tuple[int, int], set[tuple[int, int]]] = defaultdict(set)
    folder = data_path(lake)
    for table_id, file_id, begin, has_snapshots, path in lake.execute(DELETIONS, {"after": after}).fetchall():
        snapshot = "_ducklake_internal_snapshot_id" if has_snapshots else "$begin"
        try:
            query = f"select coalesce({snapshot}, $begin), pos from read_parquet($place)"
            # beside the transaction, which a file that cannot be read would end
            rows = lake.cursor().execute(query, {"begin": begin, "place": folder + path}).fetchall()
        except duckdb.Error:
            rows = [(begin, -1)]  # no position: the digest tells
        for deleted_by, position in rows:
            found[deleted_by, table_id].add((file_id, position))
    for table_id in names:
        # a few deleted rows stand in the catalogue; there is no such table until there are some
        with suppress(duckdb.CatalogException):
            query = f"select begin_snapshot, file_id, row_id from {CATALOGUE}.ducklake_inlined_delete_{table_id}"
            for snapshot, file_id, position in lake.execute(query).fetchall():
                found[snapshot, table_id].add((file_id, position))
    return found
