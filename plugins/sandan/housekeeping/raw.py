"""The warehouse: old records in files of their own, and a file without the room that they took."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

from sandan.housekeeping.kept import first_kept
from sandan.warehouse.archive import archive
from sandan.warehouse.connect import connect
from sandan.warehouse.rewrite import remove_half_written, rewrite

if TYPE_CHECKING:
    from sandan.home import Home

#: below this share of free blocks the next runs fill them again
FREE_SHARE = 1 / 4


def archive_raw(home: Home, days: int) -> str:
    """Take the records of whole months older than `days` out of `raw`; raises as `archive` does."""
    first = first_kept(home, days)
    if first is None:
        return "nothing is published: nothing archived"
    rows = archive(home, first)
    return f"{rows:,} rows of months before {first:%Y-%m} archived"


def compact_warehouse(home: Home, days: int) -> str:  # noqa: ARG001 - every step has the same shape
    """Write the file of the warehouse anew where more than a quarter of it is free; DuckDB never makes it smaller.

    Raises:
        BusyError: another process has the warehouse.
    """
    if not home.warehouse.exists():
        return "there is no warehouse"
    remove_half_written(home)
    with connect(home) as connection:
        connection.execute("checkpoint")
        block, total, used, free = connection.execute(
            "select block_size, total_blocks, used_blocks, free_blocks from pragma_database_size()"
        ).fetchone() or (0, 0, 0, 0)
    if free <= FREE_SHARE * total:
        return f"{free / max(total, 1):.0%} of the warehouse is free: left as it is"
    if shutil.disk_usage(home.root).free < block * used:
        return f"{free / total:.0%} of the warehouse is free, and the disk has no room for a copy: left as it is"
    rewrite(home)
    return f"{free / total:.0%} of the warehouse was free: written anew"
