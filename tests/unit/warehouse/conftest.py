"""A home of its own for each test, and the Parquet that readers leave."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from sandan.home import Home

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

FILE_TYPES = {
    "file_no": pa.int32(),
    "bytes": pa.int64(),
    "records": pa.int64(),
    "relaxed": pa.list_(pa.string()),
    "replayed_from": pa.date32(),
    "replayed_positions": pa.list_(pa.int32()),
}
FILE_COLUMNS = (
    "file_no path file_name sha256 bytes message list flow edition code_lists relaxed records state reason "
    "replayed_from replayed_positions".split()
)


@dataclass(frozen=True)
class Readers:
    """Writes what the readers of a source would."""

    home: Home

    def write(self, day: date, source_id: str, files: dict[str, str], **tables: list[dict[str, Any]]) -> None:
        """`files`: path → digest, numbered from 1 by path; `tables`: table → records, each with its `file_no`."""
        folder = self.home.read_of(day) / source_id
        folder.mkdir(parents=True, exist_ok=True)
        rows: list[dict[str, Any]] = [
            dict.fromkeys(FILE_COLUMNS)
            | {"file_no": n, "path": path, "file_name": path, "sha256": digest, "bytes": 1, "relaxed": []}
            | {"message": "CEB303", "list": "order", "flow": "E", "records": self._records(tables, n), "state": "read"}
            for n, (path, digest) in enumerate(sorted(files.items()), start=1)
        ]
        schema = pa.schema([(name, FILE_TYPES.get(name, pa.string())) for name in FILE_COLUMNS])
        pq.write_table(pa.Table.from_pylist(rows, schema), folder / "files.parquet")
        for table, records in tables.items():
            pq.write_table(pa.Table.from_pylist(records), folder / f"{table}.parquet")

    @staticmethod
    def _records(tables: dict[str, list[dict[str, Any]]], file_no: int) -> int:
        return sum(record["file_no"] == file_no and "line" not in record for rows in tables.values() for record in rows)


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(root=tmp_path / "home", sources=tmp_path / "sources")


@pytest.fixture
def readers(home: Home) -> Readers:
    return Readers(home)


@pytest.fixture
def query(home: Home) -> Callable[[str], list[Any]]:
    """Rows of the warehouse; of one column, its values."""
    from sandan import warehouse

    def run(sql: str) -> list[Any]:
        with warehouse.connect(home, read_only=True) as connection:
            rows = connection.execute(sql).fetchall()
        return [row[0] if len(row) == 1 else row for row in rows]

    return run


@pytest.fixture
def published(home: Home) -> Callable[[str], list[tuple[Any, ...]]]:
    """Rows of the lake."""
    from sandan import warehouse

    def rows(sql: str) -> list[tuple[Any, ...]]:
        with warehouse.connect_published(home) as lake:
            return lake.execute(sql).fetchall()

    return rows
