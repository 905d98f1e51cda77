"""Secrets that an installation makes for itself at first use and keeps in files that only their owner reads."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


def kept(file: Path, make: Callable[[], str]) -> str:
    """What the file holds, trimmed; where there is no file, it is made and holds what `make` gives."""
    if not file.exists():
        file.parent.mkdir(parents=True, exist_ok=True)
        made = file.with_suffix(".new")
        made.touch(mode=0o600)
        made.write_text(make(), encoding="ascii")
        made.rename(file)
    return file.read_text(encoding="utf-8").strip()
