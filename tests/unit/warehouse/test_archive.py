"""Records of old months in files: each row in one place, whatever happens in between."""

from __future__ import annotations

from datetime import date

import duckdb
import pyarrow.parquet as pq
import pytest

from sandan import warehouse
from sandan.errors import SandanError
from sandan.month import Month
from sandan.warehouse import archive as archives
from sandan.warehouse.archive import archive, bring_back, file_of, received, remove_left_over
from sandan.warehouse.runs import BEGUN

OLD, LAST, NEW = date(2026, 9, 29), date(2026, 9, 30), date(2026, 10, 1)
#: four items, and four orders less the one in the quarantine
ROWS = 7
QUARANTINED = 260_929_000_001_0000001
SEPTEMBER = Month(date(2026, 9, 1))


@pytest.fixture
def loaded(home, readers):
    """A home with two orders on each of three days, one of them of two items; that of `OLD` is quarantined."""
    for day in (OLD, LAST, NEW):
        items = [{"file_no": 1, "position": 1, "line": line, "gnum": str(line)} for line in (1, 2)]
        orders = [{"file_no": 1, "position": position, "order_no": str(day)} for position in (1, 2)]
        readers.write(day, "shop", {"a.xml": str(day)}, orders=orders, order_items=items)
        warehouse.load(home, day)
    with warehouse.connect(home) as connection:
        connection.execute("create table audit.record_states (record_id bigint, state varchar)")
        connection.execute("insert into audit.record_states values ($1, 'quarantined')", [QUARANTINED])
    return home


def everything(home):
    with warehouse.connect(home, read_only=True) as connection:
        items = f"select run_date, line, gnum, item_no from {received(home, connection, 'order_items')} order by all"
        orders = f"from {received(home, connection, 'orders')} order by all"
        return connection.execute(items).fetchall(), connection.execute(orders).fetchall()


def held(query):
    return query("select strftime(run_date, '%m-%d'), count(*) from raw.order_items group by all order by all")


def file(home):
    return file_of(home, "order_items", SEPTEMBER)


def test_records_of_whole_months_leave_the_table_but_for_what_is_quarantined(loaded, query):
    before = everything(loaded)
    assert archive(loaded, date(2026, 10, 15)) == ROWS
    assert held(query) == [("10-01", 2)]
    assert query("select run_date, record_id % 10 from raw.orders order by all") == [(OLD, 1), (NEW, 1), (NEW, 2)]
    assert everything(loaded) == before
    assert sorted(str(file.relative_to(loaded.archive)) for file in loaded.archive.rglob("*.*")) == [
        "raw/order_items/2026-09.parquet",
        "raw/orders/2026-09.parquet",
    ]


def test_a_month_that_is_not_over_stays(loaded, query):
    assert archive(loaded, LAST) == 0
    assert held(query) == [("09-29", 2), ("09-30", 2), ("10-01", 2)]


def test_done_again_it_does_nothing(loaded):
    before = everything(loaded)
    archive(loaded, NEW)
    assert archive(loaded, NEW) == 0
    assert everything(loaded) == before


def test_a_month_with_a_date_at_work_stays(loaded, query):
    with warehouse.connect(loaded) as connection:
        connection.execute(BEGUN)
        connection.execute("insert into main.runs_begun values ($1)", [OLD])
    assert archive(loaded, NEW) == 0


def test_a_date_that_is_loaded_again_has_its_month_back(loaded, query):
    before = everything(loaded)
    archive(loaded, NEW)
    warehouse.load(loaded, OLD)
    assert held(query) == [("09-29", 2), ("09-30", 2), ("10-01", 2)]
    assert everything(loaded) == before
    assert archive(loaded, NEW) == ROWS
    assert everything(loaded) == before


def test_a_stage_has_the_items_of_its_date_and_no_others(loaded, query):
    archive(loaded, date(2026, 11, 1))
    bring_back(loaded, NEW, since=NEW)
    assert held(query) == [("10-01", 2)]
    bring_back(loaded, NEW)
    assert held(query) == [("09-29", 2), ("09-30", 2), ("10-01", 2)]


@pytest.mark.parametrize("delete", ["no sql", archives.DELETE + " and record_id % 2 = 0"], ids=["killed", "other rows"])
def test_stopped_after_the_file_is_written_it_loses_and_doubles_nothing(loaded, query, monkeypatch, delete):
    before = everything(loaded)
    with monkeypatch.context() as patch:
        patch.setattr(archives, "DELETE", delete)
        with pytest.raises((duckdb.Error, SandanError)):
            archive(loaded, NEW)
    assert file_of(loaded, "orders", SEPTEMBER).exists()
    assert held(query) == [("09-29", 2), ("09-30", 2), ("10-01", 2)]
    assert everything(loaded) == before
    assert archive(loaded, NEW) == ROWS
    assert everything(loaded) == before


def test_what_nobody_reads_any_more_goes(loaded):
    archive(loaded, NEW)
    bring_back(loaded, LAST)
    file(loaded).with_suffix(".new").touch()
    remove_left_over(loaded)
    assert [file for file in loaded.archive.rglob("*") if file.is_file()] == []


def test_a_file_that_is_gone_is_named_and_its_dates_can_run_again(loaded, query):
    archive(loaded, NEW)
    file(loaded).unlink()
    with pytest.raises(SandanError, match=r"2026-09\.parquet is gone"):
        everything(loaded)
    warehouse.load(loaded, OLD)
    assert held(query) == [("09-29", 2), ("10-01", 2)]


def test_a_column_that_came_since_is_empty_in_what_comes_back(loaded):
    before = everything(loaded)
    archive(loaded, NEW)
    pq.write_table(pq.read_table(file(loaded)).drop_columns(["item_no"]), file(loaded))
    assert everything(loaded) == before
    bring_back(loaded, LAST)
    assert everything(loaded) == before


def test_files_are_their_owners_alone(loaded):
    archive(loaded, NEW)
    assert file(loaded).stat().st_mode & 0o077 == 0
