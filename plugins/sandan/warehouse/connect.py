"""Connections to DuckDB: bounded in memory, threads and spill, and never downloading anything."""

from __future__ import annotations

import os
import tempfile
from contextlib import contextmanager, nullcontext
from pathlib import Path
from typing import TYPE_CHECKING

import duckdb

from sandan.errors import BusyError
from sandan.rooms import may_write, owner_only
from sandan.warehouse.limits import memory_limit, threads

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sandan.home import Home

#: how DuckDB begins to say that another process has the file
LOCKED = "Could not set lock on file"

Setting = str | bool | int | float | list[str]


@contextmanager
def connect(home: Home, *, read_only: bool = False) -> Iterator[duckdb.DuckDBPyConnection]:
    """The warehouse of `home`, created at first use: DuckDB gives the file to one process at a time.

    It holds persons, and so does the log that DuckDB makes beside it as it writes. So whatever else is made while it
    is open for writing is its owner's alone too: write what others read before or after.

    Raises:
        BusyError: another process has it.
    """
    home.root.mkdir(parents=True, exist_ok=True)
    with nullcontext() if read_only else owner_only():
        with _unless_busy(home):
            connection = duckdb.connect(home.warehouse, read_only=read_only, config=settings(home))
        with connection:
            yield connection


@contextmanager
def connect_beside(home: Home) -> Iterator[duckdb.DuckDBPyConnection]:
    """A connection with the warehouse attached read-only, as `warehouse`: for what is to be written elsewhere.

    Raises:
        BusyError: another process has it.
    """
    with duckdb.connect(config=settings(home)) as connection:
        with _unless_busy(home):
            connection.execute(f"attach {quoted(str(home.warehouse))} as warehouse (read_only)")
        yield connection


@contextmanager
def _unless_busy(home: Home) -> Iterator[None]:
    try:
        yield
    except duckdb.IOException as error:
        if LOCKED in str(error):
            raise busy(home) from error
        raise


def quoted(text: str) -> str:
    """`text` as a SQL string; DuckDB takes no parameters in ATTACH, LOAD and COPY."""
    return "'" + text.replace("'", "''") + "'"


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
        "temp_directory": str(_spill(home)),
        # a join that has gone wrong must not fill the disk of the machine
        "max_temp_directory_size": "200GB",
        "preserve_insertion_order": False,
        "autoinstall_known_extensions": False,
        "autoload_known_extensions": False,
        # DuckDB would hash 70 MB each time the lake is opened, half a second; the installer compared these files with
        # the digests of the lock, and nothing else is ever loaded
        "allow_unsigned_extensions": True,
    }


def _spill(home: Home) -> Path:
    """Beside the data; of an account that may only read, where all accounts put such things: it sees no persons."""
    if may_write(home.root):
        return home.spill
    return Path(tempfile.gettempdir()) / f"sandan-spill-{os.geteuid()}"
