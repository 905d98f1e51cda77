"""`sandan.warehouse.publish`: exactly the touched rows, in one snapshot, by one publisher."""

from __future__ import annotations

import fcntl
from datetime import date

import duckdb
import pytest

from sandan import warehouse
from sandan.errors import BusyError, SandanError
from sandan.home import Home
from sandan.warehouse.contract import FAMILIES

MONDAY, TUESDAY = date(2026, 11, 16), date(2026, 11, 17)


@pytest.fixture
def change(home):
    """Run SQL in a warehouse that has every mart, as narrow as its key allows."""
    with warehouse.connect(home) as connection:
        connection.execute(
            "create schema clearance; create schema audit; create schema exchange; create schema public_service; "
            "create schema integrated_service"
        )
        for family in FAMILIES:
            key = "".join(f'"{column}" varchar, ' for column in family.key) or "run_date date, "
            key = "line integer, " if "ledger" in family.tables else key
            for table in family.tables:
                connection.execute(f"create table {family.schema}.{table} ({key} value integer, changed_on date)")
            if family.touched:
                connection.execute(f"create table if not exists {family.touched_model} ({key.rstrip(', ')})")

    def run(sql: str) -> None:
        with warehouse.connect(home) as connection:
            connection.execute(sql)

    return run


FACTS = "select cop_no, value from clearance.clearance_facts order by all"


def test_the_first_run_publishes_every_mart_and_says_who_wrote_it(home, change, published):
    change("insert into clearance.clearance_facts values ('e', '1', 10, '2026-11-16')")
    rows = warehouse.publish(home, MONDAY, "run-7")
    assert rows == {f"{f.schema}.{table}": 0 for f in FAMILIES for table in f.tables} | {"clearance.clearance_facts": 1}
    assert published(FACTS) == [("1", 10)]
    assert published("select author, commit_message from published.snapshots() order by snapshot_id desc limit 1") == [
        ("sandan", "three_lists_daily 2026-11-16 · run run-7")
    ]


def test_a_row_of_an_earlier_run_that_this_run_took_away_goes(home, change, published):
    usage = "select key, value from clearance.list_usage order by all"
    change("insert into clearance.list_usage values ('order', '1', 10, '2026-11-16'), ('order', '2', 20, '2026-11-16')")
    warehouse.publish(home, MONDAY, "a")
    change("delete from clearance.list_usage where key = '1'")
    change("insert into clearance.touched_lists values ('order', '1')")
    warehouse.publish(home, TUESDAY, "b")
    assert published(usage) == [("2", 20)]


def test_a_run_replaces_the_declarations_it_touched_and_leaves_the_others(home, change, published):
    change("insert into clearance.clearance_facts values ('e', '1', 10, '2026-11-16'), ('e', '2', 20, '2026-11-16')")
    change("insert into clearance.check_findings values ('e', '1', 1, '2026-11-16')")
    warehouse.publish(home, MONDAY, "a")
    change("update clearance.clearance_facts set value = 11, changed_on = '2026-11-17' where cop_no = '1'")
    # not touched by the run of Tuesday, so not its to publish
    change("update clearance.clearance_facts set value = 99 where cop_no = '2'")
    change("delete from clearance.check_findings")
    rows = warehouse.publish(home, TUESDAY, "b")
    assert rows["clearance.clearance_facts"] == 1
    assert published(FACTS) == [("1", 11), ("2", 20)]
    assert published("from clearance.check_findings") == []


def test_a_run_again_takes_back_what_it_no_longer_finds(home, change, published):
    change("insert into clearance.clearance_facts values ('e', '1', 10, '2026-11-16'), ('e', '2', 20, '2026-11-16')")
    warehouse.publish(home, MONDAY, "a")
    change("delete from clearance.clearance_facts where cop_no = '2'")
    warehouse.publish(home, MONDAY, "b")
    assert published(FACTS) == [("1", 10)]


def test_logs_are_replaced_by_run_date(home, change, published):
    change("insert into audit.files values ('2026-11-16', 1, null)")
    warehouse.publish(home, MONDAY, "a")
    change("update audit.files set value = 2; insert into audit.files values ('2026-11-17', 3, null)")
    warehouse.publish(home, TUESDAY, "b")
    assert published("select run_date, value from audit.files order by all") == [(MONDAY, 1), (TUESDAY, 3)]


def test_the_same_run_twice_publishes_the_same(home, change, published):
    change("insert into clearance.clearance_facts values ('e', '1', 10, '2026-11-16')")
    warehouse.publish(home, MONDAY, "a")
    before = published("from clearance.clearance_facts")
    warehouse.publish(home, MONDAY, "b")
    assert published("from clearance.clearance_facts") == before


def test_a_new_column_of_a_mart_is_added_and_empty_in_older_rows(home, change, published):
    change("insert into clearance.clearance_facts values ('e', '1', 10, '2026-11-16')")
    warehouse.publish(home, MONDAY, "a")
    change("alter table clearance.clearance_facts add column port_code varchar")
    change("insert into clearance.clearance_facts values ('e', '2', 20, '2026-11-17', 'P')")
    warehouse.publish(home, TUESDAY, "b")
    assert published("select cop_no, port_code from clearance.clearance_facts order by 1") == [("1", None), ("2", "P")]


def test_a_run_that_fails_half_way_leaves_the_snapshot_before(home, change, published):
    change("insert into clearance.clearance_facts values ('e', '1', 10, '2026-11-16')")
    warehouse.publish(home, MONDAY, "a")
    change("update clearance.clearance_facts set value = 11; drop table audit.gate_results")
    with pytest.raises(SandanError, match=r"audit\.gate_results"):
        warehouse.publish(home, MONDAY, "b")
    assert published(FACTS) == [("1", 10)]


def test_a_reader_goes_on_while_a_run_publishes(home, change):
    change("insert into clearance.clearance_facts values ('e', '1', 10, '2026-11-16')")
    warehouse.publish(home, MONDAY, "a")
    with warehouse.connect_published(home) as reader:
        reader.begin()
        assert reader.execute(FACTS).fetchall() == [("1", 10)]
        change("update clearance.clearance_facts set value = 11")
        warehouse.publish(home, MONDAY, "b")
        assert reader.execute(FACTS).fetchall() == [("1", 10)]
        reader.commit()
        assert reader.execute(FACTS).fetchall() == [("1", 11)]


def test_readers_cannot_write(home, change):
    warehouse.publish(home, MONDAY, "a")
    with warehouse.connect_published(home) as reader, pytest.raises(duckdb.Error, match="read-only"):
        reader.execute("delete from clearance.clearance_facts")


def test_a_home_that_moved_has_its_lake_with_it(home, change, tmp_path):
    change("insert into clearance.clearance_facts select 'e', i, i, '2026-11-16' from range(100) as t(i)")
    warehouse.publish(home, MONDAY, "a")
    moved = Home(root=home.root.rename(tmp_path / "moved"), sources=home.sources)
    with warehouse.connect_published(moved) as reader:
        (file,) = reader.execute("select distinct filename from clearance.clearance_facts").fetchone()
    assert file.startswith(str(moved.published))
    warehouse.publish(moved, MONDAY, "b")


def test_a_second_publisher_is_turned_away(home, change):
    home.published.mkdir(parents=True)
    with (home.published / "publisher.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        with pytest.raises(BusyError, match="another run is publishing"):
            warehouse.publish(home, MONDAY, "a")


def test_nothing_published_is_said_in_words(home):
    with pytest.raises(SandanError, match="nothing is published yet"):
        warehouse.connect_published(home)


def test_an_unknown_kind_of_catalog_names_the_known_ones(home, change, monkeypatch):
    monkeypatch.setenv("SANDAN_CATALOG", "mysql:somewhere")
    with pytest.raises(SandanError, match="sqlite:…, postgres:…"):
        warehouse.publish(home, MONDAY, "a")
