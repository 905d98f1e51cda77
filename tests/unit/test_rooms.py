"""Which rooms are their owner's alone, and that whatever else is written follows the account's umask."""

from __future__ import annotations

import os
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest

from sandan import rooms, warehouse
from sandan.home import PROJECT, Home
from sandan.run.cli import main
from sandan.run.staged import staged
from sandan.warehouse.connect import settings

DAY = date(2026, 11, 20)
ROOMS = ("airflow", "archive", "keys", "landing", "read", "simulation", "spill")
KILLED = """
import os, signal
from sandan import warehouse
from sandan.home import Home
with warehouse.connect(Home.from_environment()) as connection:
    connection.execute("create table persons as select 'somebody' as name")
    os.kill(os.getpid(), signal.SIGKILL)
"""


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Home:
    monkeypatch.setenv("SANDAN_HOME", str(tmp_path / "home"))
    return Home.from_environment()


@pytest.fixture(autouse=True)
def usual_umask():
    """That of most accounts."""
    before = os.umask(0o022)
    yield
    os.umask(before)


def mode(place: Path) -> int:
    return place.stat().st_mode & 0o777


def by_a_command(_: Home) -> None:
    assert main(["check"]) == 0


def by_a_task(_: Home) -> None:
    with staged("survey", DAY.isoformat()):
        pass


@pytest.mark.parametrize("work", [by_a_command, by_a_task])
def test_restricted_rooms_are_made_for_their_owner_alone(home, work):
    work(home)
    assert {room.name: mode(room) for room in home.root.iterdir() if room.name in ROOMS} == dict.fromkeys(ROOMS, 0o700)
    assert mode(home.root) == 0o755


@pytest.mark.parametrize("work", [by_a_command, by_a_task])
def test_what_stood_open_is_closed_and_what_is_for_others_is_not(home, work):
    files = [home.warehouse, home.root / "warehouse.duckdb.wal", home.root / "ledger.jsonl"]
    shared = [home.published, home.data_docs, home.audit, home.exchange, home.reports, home.logs]
    for folder in [*(home.root / name for name in ROOMS), *shared]:
        folder.mkdir(parents=True)
    for file in files:
        file.touch()
    work(home)
    assert {mode(home.root / name) for name in ROOMS} == {0o700}
    assert {mode(folder) for folder in shared} == {0o755}
    assert [mode(file) for file in files] == [0o600, 0o600, 0o644]


def test_the_landing_of_another_account_stays_as_it_is(home, monkeypatch):
    home.landing.mkdir(parents=True)
    monkeypatch.setattr(rooms.os, "geteuid", lambda: os.getuid() + 1)
    rooms.restrict(home)
    assert mode(home.landing) == 0o755


def test_an_account_that_only_reads_changes_nothing_and_spills_elsewhere(home, monkeypatch):
    monkeypatch.setattr(rooms.os, "access", lambda *_: False)
    rooms.restrict(home)
    assert not home.root.exists()
    assert not Path(settings(home)["temp_directory"]).is_relative_to(home.root)


def test_a_killed_writer_leaves_a_log_of_changes_that_its_owner_alone_reads(home):
    command = [sys.executable, "-c", KILLED]
    environment = os.environ | {"PYTHONPATH": str(PROJECT / "plugins")}
    subprocess.run(command, env=environment, check=False)  # noqa: S603 - our own code
    left = [home.warehouse, home.root / "warehouse.duckdb.wal"]
    assert [mode(file) for file in left] == [0o600, 0o600]
    with warehouse.connect(home, read_only=True) as connection:
        assert connection.execute("from persons").fetchall() == [("somebody",)]
