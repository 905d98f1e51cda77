"""What commands that were killed left: rows that DuckDB put aside, files half read, half written, half copied."""

from __future__ import annotations

import shutil
import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    from sandan.home import Home


def remove_left_over(home: Home, seconds: float = 0) -> list[Path]:
    """Remove it, but for what somebody wrote to in the last `seconds`; returns the folders and files that went."""
    patterns = (
        (home.spill, "*"),
        (home.root, ".reading-*"),
        (home.read, ".reading-*"),
        (home.landing, ".forgetting-*"),
        (home.landing, ".replaying-*"),
    )
    last = time.time() - seconds
    there = [entry for folder, pattern in patterns for entry in folder.glob(pattern)]
    gone = [entry for entry in there if entry.stat().st_mtime <= last]
    for entry in gone:
        shutil.rmtree(entry) if entry.is_dir() else entry.unlink()
    return gone
