"""The file of the warehouse becomes smaller once enough of it is free, and holds the same."""

from __future__ import annotations

import pytest

from sandan import warehouse
from sandan.housekeeping import raw
from sandan.housekeeping.raw import archive_raw, compact_warehouse
from sandan.warehouse.rewrite import rewrite

ROWS = 1_000_000


@pytest.fixture
def filled(home):
    with warehouse.connect(home) as connection:
        connection.execute(f"create table numbers as select range as n, hash(range) as digest from range({ROWS})")
        connection.execute("create view halves as select n / 2 as half from numbers")
    return home


def delete(home, share):
    with warehouse.connect(home) as connection:
        connection.execute(f"delete from numbers where n < {share * ROWS}")


def rows(home):
    with warehouse.connect(home, read_only=True) as connection:
        return connection.execute("select count(*), sum(n), (select sum(half) from halves) from numbers").fetchone()


def test_what_was_deleted_makes_room(filled):
    delete(filled, 0.9)
    before, held = filled.warehouse.stat().st_size, rows(filled)
    assert "written anew" in compact_warehouse(filled, 0)
    assert filled.warehouse.stat().st_size < before / 2
    assert rows(filled) == held
    assert filled.warehouse.stat().st_mode & 0o077 == 0
    assert "left as it is" in compact_warehouse(filled, 0)


def test_rows_stay_in_their_order(filled):
    """What asks for the last dates reads the end of a table."""
    rewrite(filled)
    with warehouse.connect(filled, read_only=True) as connection:
        assert connection.execute("select count(*) from numbers where n <> rowid").fetchone() == (0,)


def test_a_little_room_is_left_to_the_next_runs(filled):
    delete(filled, 0.01)
    before = filled.warehouse.stat().st_ino
    assert "left as it is" in compact_warehouse(filled, 0)
    assert filled.warehouse.stat().st_ino == before


def test_where_the_disk_has_no_room_for_a_copy_it_stays(filled, monkeypatch):
    delete(filled, 0.9)
    monkeypatch.setattr(raw.shutil, "disk_usage", lambda _: type("Usage", (), {"free": 1}))
    assert "no room for a copy" in compact_warehouse(filled, 0)


def test_a_copy_that_a_killed_command_left_goes(filled):
    left = [filled.root / name for name in ("warehouse.fresh", "warehouse.fresh.wal")]
    for file in left:
        file.touch()
    compact_warehouse(filled, 0)
    assert not any(file.exists() for file in left)


def test_before_the_first_run_there_is_nothing_to_do(home):
    assert compact_warehouse(home, 0) == "there is no warehouse"
    assert archive_raw(home, 0) == "nothing is published: nothing archived"
    assert not home.warehouse.exists()
