"""DuckDB, as the house has it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import duckdb
from peer import LISTS, SQL, THREADS, measure

if TYPE_CHECKING:
    from pathlib import Path


def work(folder: Path, target: Path) -> None:
    connection = duckdb.connect(config={"threads": THREADS, "preserve_insertion_order": False})
    for name in LISTS:
        connection.execute(f"create view {name} as from '{folder / name}.parquet'")
    connection.execute(f"copy ({SQL}) to '{target}'")


if __name__ == "__main__":
    measure(work)
