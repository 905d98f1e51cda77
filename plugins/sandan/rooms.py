"""Who may open what: persons and secrets are the pipeline's own, all else follows the umask of the account."""

from __future__ import annotations

import os
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from sandan.home import Home


def restricted(home: Home) -> tuple[Path, ...]:
    """The folders that hold persons or secrets, of a killed command too."""
    return (home.landing, home.read, home.archive, home.spill, home.simulation, home.airflow, home.keys)


def restrict(home: Home) -> None:
    """Make the restricted rooms for their owner alone, and take from others what stood open to them before.

    Whoever only reads may not write to the home, and changes nothing; nor is changed what belongs to another account
    (the landing, where somebody else takes files in).
    """
    if not may_write(home.root):
        return
    for room in restricted(home):
        room.mkdir(mode=0o700, parents=True, exist_ok=True)
    # persons lie in the log of its changes too, and both lie in the home itself
    for place in (*restricted(home), home.warehouse, home.warehouse.with_name(f"{home.warehouse.name}.wal")):
        if place.exists() and (status := place.stat()).st_mode & 0o077 and status.st_uid == os.geteuid():
            place.chmod(status.st_mode & 0o700)


def may_write(folder: Path) -> bool:
    """Whether this account may write to a folder, or make it."""
    there = next(place for place in (folder, *folder.parents) if place.exists())
    return os.access(there, os.W_OK)


@contextmanager
def owner_only() -> Iterator[None]:
    """Whatever this process makes inside is its owner's alone."""
    before = os.umask(0o077)
    try:
        yield
    finally:
        os.umask(before)
