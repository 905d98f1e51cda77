"""Connections to DuckDB: bounded in memory, threads and spill, and never downloading anything."""

from __future__ import annotations

from typing import TYPE_CHECKING

import duckdb

from sandan.errors import BusyError
from sandan.warehouse.limits import memory_limit, threads

if TYPE_CHECKING:
    from sandan.home import Home

#: how DuckDB begins to say that another process has the file
LOCKED = "Could not set lock on file"

Setting = str | bool | int | float | list[str]


def connect(home: Home, *, read_only: bool = False) -> duckdb.DuckDBPyConnection:
    """The warehouse of `home`, created at first use. Close it: DuckDB gives the file to one process at a time.

    Raises:
        BusyError: another process has it.
    """
    home.root.mkdir(parents=True, exist_ok=True)
    is_new = not home.warehouse.exists()
    try:
        connection = duckdb.connect(home.warehouse, read_only=read_only, config=settings(home))
    except duckdb.IOException as error:
        if LOCKED in str(error):
            raise busy(home) from error
        raise
    if is_new:  # it holds persons
        home.warehouse.chmod(0o600)
    return connection


def busy(home: Home) -> BusyError:
    """The error of whoever finds the warehouse locked."""
    return BusyError(
        f"the warehouse {home.warehouse} is in use by another process",
        "wait for the other run to end, or close the program that holds it; readers use `make sql`",
    )


def settings(home: Home) -> dict[str, Setting]:
    """The settings every connection of ours starts with; the dbt profile repeats the first three."""
    return {
        "memory_limit": memory_limit(),
        "threads": threads(),
        "temp_directory": str(home.spill),
        # a join that has gone wrong must not fill the disk of the machine
        "max_temp_directory_size": "200GB",
        "preserve_insertion_order": False,
        "autoinstall_known_extensions": False,
        "autoload_known_extensions": False,
        # DuckDB would hash 70 MB each time the lake is opened, half a second; the installer compared these files with
        # the digests of the lock, and nothing else is ever loaded
        "allow_unsigned_extensions": True,
    }
