"""Logs of commands, which say why a run stopped and are asked for soon or never. Lineage is no such log, and stays."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sandan.housekeeping.kept import kept_since

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from sandan.home import Home


def remove_logs(home: Home, days: int) -> str:
    """Remove the logs that nobody wrote to for `days`, those of Airflow's tasks too."""
    gone = remove_old((*home.logs.glob("*.log*"), *(home.airflow / "logs").rglob("*")), days)
    for folder in sorted((home.airflow / "logs").rglob("*"), reverse=True):
        if folder.is_dir() and not folder.is_symlink() and not any(folder.iterdir()):
            folder.rmdir()
    return f"{gone:,} logs removed"


def remove_old(entries: Iterable[Path], days: int) -> int:
    """Remove the files among `entries` that are older than `days` and a day; returns how many."""
    # that of this command, and of a task at work, among them
    since = kept_since(max(days, 1)).timestamp()
    gone = [entry for entry in entries if entry.is_file() and entry.lstat().st_mtime < since]
    for entry in gone:
        entry.unlink()
    return len(gone)
