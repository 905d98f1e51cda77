"""What lies in the landing for a date, before anything is read."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from sandan.read.landing import name_text
from sandan.read.sources import load_sources

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator
    from pathlib import Path

    from sandan.home import Home


@dataclass(frozen=True)
class Survey:
    """What a run takes from the landing, and what no run will ever take.

    `sources`: ids with at least one file for the date. `unclaimed`: paths relative to the landing, whatever the date:
    folders that are no source's, folders of a source that are no date's, files beside such folders.
    """

    sources: list[str]
    unclaimed: list[str]


def survey(home: Home, run_date: date) -> Survey:
    """Validate every source file and look at the landing. Raises ConfigurationError."""
    known = load_sources(home.sources)
    sources = [folder.name for folder in _folders(home, known) if _holds_a_file(home.landing_of(folder.name, run_date))]
    _forget(home.read_of(run_date), sources)
    return Survey(sources=sources, unclaimed=unclaimed(home, known))


def unclaimed(home: Home, known: Collection[str]) -> list[str]:
    """What no run will ever take, of the sources that are known; see `Survey`."""
    folders = _folders(home, known)
    lost = [entry for entry in _entries(home.landing) if entry not in folders]
    lost += [entry for folder in folders for entry in _undated(folder)]
    return sorted(name_text(str(entry.relative_to(home.landing))) for entry in lost)


def _folders(home: Home, known: Collection[str]) -> list[Path]:
    return [entry for entry in _entries(home.landing) if entry.name in known and entry.is_dir()]


def _entries(landing: Path) -> list[Path]:
    return sorted(landing.iterdir()) if landing.is_dir() else []


def _forget(read: Path, sources: list[str]) -> None:
    """Drop what an earlier run read of sources that sent nothing for the date: the load takes all it finds."""
    for folder in read.iterdir() if read.is_dir() else []:
        if folder.name not in sources:
            shutil.rmtree(folder)


def dates(folder: Path) -> list[date]:
    """The dates for which `folder` has a folder, in order."""
    found = ((entry, _date(entry.name)) for entry in folder.iterdir()) if folder.is_dir() else ()
    return sorted(day for entry, day in found if day and entry.is_dir())


def _undated(folder: Path) -> Iterator[Path]:
    return (entry for entry in folder.iterdir() if not (_date(entry.name) and entry.is_dir()))


def _date(name: str) -> date | None:
    try:
        day = date.fromisoformat(name)
    except ValueError:
        return None
    return day if day.isoformat() == name else None


def _holds_a_file(folder: Path) -> bool:
    return any(not entry.is_dir() or entry.is_symlink() for entry in folder.rglob("*"))
