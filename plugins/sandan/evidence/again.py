"""The landing read again: digests of its files as they are now, and records that `raw` holds in another way."""

from __future__ import annotations

import tempfile
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pyarrow.parquet as pq

from sandan import lists
from sandan.read import read_again
from sandan.warehouse.archive import received
from sandan.warehouse.load import parquet_of
from sandan.warehouse.raw import record_tables

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import date

    import duckdb

    from sandan.home import Home

#: a record that only one side has differs in whatever it says
DIFFERENCES = """
with again as (
    select files.path, record.*
    from read_parquet($tables, union_by_name = true) as record
    join read_parquet($files) as files using (file_no)
    -- of equal files one was read
    semi join raw.files as landed
        on landed.run_date = $run_date and landed.source_id = $source_id and landed.path = files.path
            and landed.state = 'read'
    where files.path in (select unnest($paths))
),
held as (
    select files.path, cast(record.record_id % 10000000 as integer) as "position", record.* exclude ({own})
    from {received} as record
    join raw.files as files on files.file_id = record.record_id // 10000000 and files.run_date = record.run_date
    where record.run_date = $run_date and files.source_id = $source_id and files.path in (select unnest($paths))
),
compared as (
    select path, "position", list_filter([{different}], name -> name is not null) as fields
    from again full join held using ({key})
    where $position is null or "position" = $position
)
select path, "position", list_sort(list_distinct(flatten(list(fields))))
from compared where len(fields) > 0
group by path, "position" order by path, "position"
"""

TOO_MANY = """
select distinct files.path, record.record_id % 10000000 as "position"
from {received} as record
join raw.files as files on files.file_id = record.record_id // 10000000 and files.run_date = record.run_date
where record.run_date = $run_date and files.source_id = $source_id and files.path in (select unnest($paths))
    and ($position is null or record.record_id % 10000000 = $position)
order by all
"""


@dataclass(frozen=True)
class Reading:
    """What a source landed for a date, as it is read now into `folder`. `digests`: path → digest."""

    home: Home
    run_date: date
    source_id: str
    folder: Path
    digests: dict[str, str]

    def differences(
        self, warehouse: duckdb.DuckDBPyConnection, paths: Iterable[str], position: int | None = None
    ) -> list[str]:
        """The records of these files, or the one at `position`, that `raw` holds in another way, each with the fields.

        Values are not shown: they may be a person's.

        Raises:
            SandanError: some of `raw` is in the archive, and gone from there.
        """
        known = record_tables()
        found = []
        for table in (name for names in lists.TABLES.values() for name in names if name):
            files = parquet_of(self.folder, table)
            if not files:
                found += self._too_many(warehouse, table, sorted(paths), position)
                continue
            is_item = "line" in known[table]
            key = ("path", "position", "line") if is_item else ("path", "position")
            own = ("run_date", "record_id") if is_item else ("run_date", "record_id", "file_id", "position")
            fields = [name for name in known[table] if name not in (*own, "line")]
            query = DIFFERENCES.format(
                received=received(self.home, warehouse, table),
                own=", ".join(own),
                key=", ".join(f'"{name}"' for name in key),
                different=", ".join(f'if(again."{f}" is distinct from held."{f}", \'{f}\', null)' for f in fields),
            )
            values = {
                "tables": files,
                "files": parquet_of(self.folder, "files"),
                "paths": sorted(paths),
                "run_date": self.run_date,
                "source_id": self.source_id,
                "position": position,
            }
            for path, at, names in warehouse.execute(query, values).fetchall():
                place = f"landing/{self.source_id}/{self.run_date}/{path}, record {at}"
                found.append(f"raw.{table}: {', '.join(names)} not as in {place}")
        return found

    def _too_many(
        self, warehouse: duckdb.DuckDBPyConnection, table: str, paths: list[str], position: int | None
    ) -> list[str]:
        """The records that `raw` holds of files in which there are none of this kind."""
        rows = warehouse.execute(
            TOO_MANY.format(received=received(self.home, warehouse, table)),
            {"paths": paths, "run_date": self.run_date, "source_id": self.source_id, "position": position},
        ).fetchall()
        return [
            f"raw.{table}: no record of landing/{self.source_id}/{self.run_date}/{p}, record {at}" for p, at in rows
        ]


@contextmanager
def reading(home: Home, run_date: date, source_id: str, path: str | None = None) -> Iterator[Reading]:
    """Read the files of a source and date again, or the one of `path`; what was read goes at the end.

    Raises:
        ConfigurationError: the source has no YAML any more, or a wrong one.
    """
    # in the home, whose disk has room for a day
    with tempfile.TemporaryDirectory(prefix=".reading-", dir=home.root) as scratch:
        folder = Path(scratch) / source_id
        folder.mkdir()
        read_again(home, run_date, source_id, folder, path)
        files = pq.read_table(folder / "files.parquet", columns=["path", "sha256"]).to_pylist()
        yield Reading(home, run_date, source_id, Path(scratch), {file["path"]: file["sha256"] for file in files})
