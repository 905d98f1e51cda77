"""What lies in the landing for a date, before anything is read."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sandan.read.sources import load_sources

if TYPE_CHECKING:
    from datetime import date
    from pathlib import Path

    from sandan.home import Home


@dataclass(frozen=True)
class Survey:
    """`sources`: ids with at least one file for the date; `unclaimed`: folders with files that no source claims."""

    sources: list[str]
    unclaimed: list[str]


def survey(home: Home, run_date: date) -> Survey:
    """Validate every source file and look at the landing. Raises ConfigurationError."""
    known = load_sources(home.sources)
    folders = sorted(f.name for f in home.landing.iterdir() if f.is_dir()) if home.landing.is_dir() else []
    filled = [name for name in folders if _holds_a_file(home.landing_of(name, run_date))]
    return Survey(
        sources=[name for name in filled if name in known],
        unclaimed=[name for name in filled if name not in known],
    )


def _holds_a_file(folder: Path) -> bool:
    return any(not entry.is_dir() or entry.is_symlink() for entry in folder.rglob("*"))
