"""A home of its own; and for Airflow, which makes one when it is imported, a folder that is thrown away."""

from __future__ import annotations

import os
import tempfile
from typing import TYPE_CHECKING

import pytest

from sandan.home import PROJECT, Home

if TYPE_CHECKING:
    from pathlib import Path

os.environ.setdefault("AIRFLOW_HOME", tempfile.mkdtemp(prefix="sandan-airflow-"))
os.environ.setdefault("AIRFLOW__CORE__LOAD_EXAMPLES", "False")


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Home:
    home = Home(root=tmp_path / "home", sources=PROJECT / "sources")
    monkeypatch.setenv("SANDAN_HOME", str(home.root))
    monkeypatch.setenv("SANDAN_SOURCES", str(home.sources))
    return home
