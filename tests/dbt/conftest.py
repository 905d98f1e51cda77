from __future__ import annotations

import os
import subprocess
import sys
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from sandan import warehouse
from sandan.home import PROJECT, Home
from tests.days import PARTS

if TYPE_CHECKING:
    from collections.abc import Callable

RUN_DATE = date(2026, 11, 20)


@pytest.fixture(scope="session")
def home(tmp_path_factory: pytest.TempPathFactory) -> Home:
    """A home in which a date without any list has run: every table is there, and empty."""
    home = Home(root=tmp_path_factory.mktemp("dbt"), sources=PROJECT / "sources")
    warehouse.load(home, RUN_DATE)
    warehouse.transform(home, RUN_DATE, *PARTS, "consolidation", "statistics")
    return home


@pytest.fixture(scope="session")
def dbt(home: Home) -> Callable[..., subprocess.CompletedProcess[str]]:
    """The dbt of this environment, on that home. A process of its own, since dbt is parsed anew."""

    def run(*command: str) -> subprocess.CompletedProcess[str]:
        folders = ("--project-dir", "--profiles-dir", "--target-path", "--log-path")
        places = (PROJECT / "dbt_project", PROJECT / "dbt_project", home.root / "dbt_test", home.logs)
        options = [str(part) for option in zip(folders, places, strict=True) for part in option]
        return subprocess.run(  # noqa: S603 # no word of it comes from outside
            [str(Path(sys.executable).with_name("dbt")), "--no-partial-parse", *command, *options],
            env=os.environ
            | {"SANDAN_HOME": str(home.root), "PYTHONPATH": str(PROJECT / "plugins"), "DO_NOT_TRACK": "1"},
            capture_output=True,
            text=True,
            check=False,
        )

    return run
