"""A warehouse in which every expectation of every gate holds."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import duckdb
import pytest

from sandan.gates import gate
from sandan.home import Home
from sandan.lists import TABLES

GOOD = Path(__file__).with_name("good_warehouse.sql")

Execute = Callable[[str], None]


@pytest.fixture(scope="session")
def good_warehouse(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The file of a good warehouse, to be copied."""
    file = Home(root=(root := tmp_path_factory.mktemp("good")), sources=root).warehouse
    with duckdb.connect(file) as warehouse:
        warehouse.execute("CREATE SCHEMA raw")
        for heads, items in TABLES.values():
            warehouse.execute(f"CREATE TABLE raw.{heads} (run_date DATE, record_id BIGINT, file_id BIGINT)")
            if items:
                warehouse.execute(f"CREATE TABLE raw.{items} (run_date DATE, record_id BIGINT, line INTEGER)")
        warehouse.execute(GOOD.read_text(encoding="utf-8"))
    return file


@pytest.fixture
def home(good_warehouse: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Home:
    """A home with a good warehouse and one source that landed files."""
    monkeypatch.setattr(gate, "landed_sources", lambda _home, _run_date: ["platform"])
    home = Home(root=tmp_path, sources=tmp_path / "sources")
    shutil.copyfile(good_warehouse, home.warehouse)
    return home


@pytest.fixture
def execute(home: Home) -> Execute:
    """Change the warehouse; it must be writable at any time between two gates."""

    def run(sql: str) -> None:
        with duckdb.connect(home.warehouse) as warehouse:
            warehouse.execute(sql)

    return run
