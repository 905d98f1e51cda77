"""A home of its own for each test."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest

from sandan.home import PROJECT, Home
from sandan.housekeeping import kept, readings
from sandan.warehouse.published_runs import PublishedRuns

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Home:
    home = Home(root=tmp_path / "home", sources=PROJECT / "sources")
    home.root.mkdir()
    monkeypatch.setenv("SANDAN_HOME", str(home.root))
    monkeypatch.delenv("SANDAN_KEEP_DAYS", raising=False)
    return home


@pytest.fixture
def published(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Have readers see the runs of some dates."""

    def see(*days: date) -> None:
        seen = {(day, f"run of {day}") for day in days}
        for module in (kept, readings):
            monkeypatch.setattr(module, "PublishedRuns", type("Seen", (PublishedRuns,), {"days": seen}))

    return see
