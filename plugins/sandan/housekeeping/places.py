"""What each place of a home takes of the disk."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    from sandan.home import Home


def sizes(home: Home) -> dict[str, int]:
    """Bytes of each folder and file of the home, by name."""
    return {entry.name: _size(entry) for entry in sorted(home.root.iterdir())} if home.root.is_dir() else {}


def _size(entry: Path) -> int:
    files = entry.rglob("*") if entry.is_dir() else (entry,)
    return sum(file.lstat().st_size for file in files if not file.is_dir())
