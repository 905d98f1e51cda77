"""The file of the warehouse, written anew: DuckDB keeps the room of what was deleted, and its bytes until reused."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from sandan.rooms import owner_only
from sandan.warehouse.connect import connect, connect_beside, quoted

if TYPE_CHECKING:
    from pathlib import Path

    from sandan.home import Home


def rewrite(home: Home) -> None:
    """Copy the warehouse into a new file, which then takes its place, whole or not at all.

    Raises:
        BusyError: another process has the warehouse.
    """
    remove_half_written(home)
    # a log of changes beside it would be taken for one of the new file
    with connect(home) as connection:
        connection.execute("checkpoint")
    fresh = _fresh(home)
    with owner_only(), connect_beside(home) as connection:
        # by date, as the rows came: what asks for some dates then reads no others
        connection.execute("set preserve_insertion_order = true")
        connection.execute(f"attach {quoted(str(fresh))} as fresh")
        connection.execute("copy from database warehouse to fresh")
        connection.execute("detach fresh")
    with fresh.open("rb") as written:
        os.fsync(written.fileno())
    fresh.replace(home.warehouse)


def remove_half_written(home: Home) -> None:
    """Remove the copy that a killed command left."""
    for file in home.root.glob(f"{_fresh(home).name}*"):
        file.unlink()


def _fresh(home: Home) -> Path:
    return home.warehouse.with_suffix(".fresh")
