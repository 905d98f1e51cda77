"""One process at a time for what must not be done twice at once."""

from __future__ import annotations

import fcntl
from contextlib import contextmanager
from typing import TYPE_CHECKING

from sandan.errors import BusyError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@contextmanager
def only_one(file: Path, problem: str, remedy: str) -> Iterator[None]:
    """Hold the lock of `file`, made where it is missing. The system lets go of it when the process ends, however.

    Raises:
        BusyError: another process holds it; says `problem` and `remedy`.
    """
    file.parent.mkdir(parents=True, exist_ok=True)
    with file.open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise BusyError(problem, remedy) from error
        yield


@contextmanager
def in_turn(file: Path) -> Iterator[None]:
    """The same, and whoever comes meanwhile waits."""
    file.parent.mkdir(parents=True, exist_ok=True)
    with file.open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
