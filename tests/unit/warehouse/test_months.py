"""`sandan.warehouse.begin_month`: a month takes what no earlier month took, so months come in their order."""

from __future__ import annotations

from datetime import date, datetime

import pytest

from sandan import warehouse
from sandan.errors import SandanError
from sandan.month import Month
from sandan.warehouse.contract import FAMILIES, MONTHLY
from sandan.warehouse.months import RecordedMonth, record_month
from sandan.warehouse.runs import BEGUN, TABLE

OCTOBER, NOVEMBER, DECEMBER = (Month.fromisoformat(f"2026-{n}") for n in (10, 11, 12))


@pytest.fixture
def change(home):
    """Run SQL in a warehouse that has every mart of a day and of a month."""
    with warehouse.connect(home) as connection:
        for schema in ("clearance", "audit", "exchange", "public_service", "integrated_service", "raw"):
            connection.execute(f"create schema {schema}")
        connection.execute("create table raw.exchange_rates (month varchar)")
        for family in FAMILIES:
            key = "".join(f'"{column}" varchar, ' for column in family.key) or "run_date date, stage varchar, "
            for table in set(family.tables) - {"runs", "ledger", "tracking_events"}:
                connection.execute(f"create table {family.schema}.{table} ({key} value integer, changed_on date)")
            if family.touched:
                connection.execute(f"create table if not exists {family.touched_model} ({key.rstrip(', ')})")
        connection.execute(
            "create table clearance.tracking_events "
            '(ebc_code varchar, cop_no varchar, event varchar, "at" timestamp, changed_on date)'
        )
        for table in MONTHLY[0].tables:
            connection.execute(f"create table clearance.{table} (month varchar, value integer)")
        connection.execute(BEGUN)
        connection.execute(TABLE)

    def run(sql: str) -> None:
        with warehouse.connect(home) as connection:
            connection.execute(sql)

    return run


@pytest.fixture
def day(home, change):
    """The run of a date begins and, unless it stops, is published."""

    def run(when: date, *, stops: bool = False) -> None:
        warehouse.begin(home, when)
        if not stops:
            change(f"insert into audit.runs (run_date, run_id) values ('{when}', 'run of {when}')")
            warehouse.publish(home, when, f"run of {when}")

    return run


@pytest.fixture
def consolidate(home):
    """A month begins and, unless it stops, is published; returns the months that are then behind."""

    def run(month: Month, *, stops: bool = False) -> list[str]:
        warehouse.begin_month(home, month)
        if stops:
            return []
        done = record(home, month)
        warehouse.publish_month(home, month, f"run of {month}")
        return done.behind

    return run


def record(home, month: Month) -> RecordedMonth:
    now = datetime(2026, 12, 5)
    return record_month(home, month, run_id=f"run of {month}", started_at=now, ended_at=now, stage_seconds={"a": 1})


def test_a_month_waits_for_its_last_day(day, consolidate):
    with pytest.raises(SandanError, match=r"2026-10 is not complete: nothing is published\n.*make run DATE=2026-10-31"):
        consolidate(OCTOBER)
    day(date(2026, 10, 30))
    with pytest.raises(SandanError, match=r"the last published run is of 2026-10-30"):
        consolidate(OCTOBER)
    day(date(2026, 11, 1))
    assert consolidate(OCTOBER) == [], "a day on which nothing ran has nothing to say"


def test_a_day_that_stopped_holds_its_month(day, consolidate):
    day(date(2026, 10, 31))
    day(date(2026, 11, 30))
    day(date(2026, 10, 20), stops=True)
    with pytest.raises(SandanError, match=r"2026-10-20 began and is not published.*\n.*make run DATE=2026-10-20"):
        consolidate(OCTOBER)
    with pytest.raises(SandanError, match="2026-10-20"):
        consolidate(NOVEMBER)


def test_a_day_that_stopped_after_the_month_does_not_hold_it(day, consolidate):
    day(date(2026, 10, 31))
    day(date(2026, 11, 1), stops=True)
    assert consolidate(OCTOBER) == []


def test_a_month_that_stopped_holds_later_ones(day, consolidate):
    day(date(2026, 11, 30))
    consolidate(OCTOBER, stops=True)
    with pytest.raises(SandanError, match=r"2026-10 began and is not published.*\n.*make consolidate MONTH=2026-10"):
        consolidate(NOVEMBER)
    consolidate(OCTOBER)
    assert consolidate(NOVEMBER) == []


def test_no_month_is_skipped(day, consolidate):
    day(date(2026, 12, 31))
    consolidate(OCTOBER)
    with pytest.raises(SandanError, match=r"2026-11 is not consolidated.*\n.*make consolidate MONTH=2026-11"):
        consolidate(DECEMBER)


def test_a_month_comes_too_late_when_a_later_one_has_its_lists(day, consolidate):
    day(date(2026, 12, 31))
    consolidate(NOVEMBER)
    with pytest.raises(SandanError, match=r"2026-11 is consolidated, and took the lists of 2026-10"):
        consolidate(OCTOBER)


def test_a_month_run_again_leaves_later_ones_behind(day, consolidate):
    day(date(2026, 12, 31))
    assert [consolidate(month) for month in (OCTOBER, NOVEMBER, DECEMBER)] == [[], [], []]
    assert consolidate(OCTOBER) == ["2026-11", "2026-12"]


def test_days_after_a_month_did_not_know_its_forms(home, day):
    day(date(2026, 10, 31))
    day(date(2026, 11, 1))
    day(date(2026, 11, 2), stops=True)
    warehouse.begin_month(home, OCTOBER)
    assert record(home, OCTOBER).days_behind == ["2026-11-01", "2026-11-02"]


def test_a_month_replaces_its_own_rows_and_says_who_wrote_them(day, change, consolidate, published):
    forms = "select month, value from clearance.consolidated_declarations order by all"
    events = 'select cop_no, event, "at" from clearance.tracking_events order by all'
    closed, end = datetime(2026, 10, 30), datetime(2026, 10, 31, 23, 59, 59)
    change(f"insert into clearance.tracking_events values ('E', '1', 'closed', '{closed}', '2026-10-31')")
    day(date(2026, 11, 30))
    day(date(2026, 10, 31))
    change("insert into clearance.consolidated_declarations values ('2026-10', 1), ('2026-10', 2)")
    change(f"insert into clearance.tracking_events values ('E', '1', 'consolidated', '{end}', '2026-10-31')")
    consolidate(OCTOBER)
    assert published(events) == [("1", "closed", closed), ("1", "consolidated", end)]
    change("insert into clearance.consolidated_declarations values ('2026-11', 3)")
    consolidate(NOVEMBER)
    change("delete from clearance.consolidated_declarations where value <> 1")
    change("delete from clearance.tracking_events where event = 'consolidated'")
    consolidate(OCTOBER)
    assert published(forms) == [("2026-10", 1), ("2026-11", 3)]
    assert published(events) == [("1", "closed", closed)]
    assert published("select commit_message from published.snapshots() order by snapshot_id desc limit 1") == [
        ("consolidate_monthly 2026-10 · run run of 2026-10",)
    ]


def test_a_month_that_fails_half_way_leaves_the_snapshot_before(day, change, consolidate, published):
    day(date(2026, 10, 31))
    change("insert into clearance.consolidated_declarations values ('2026-10', 1)")
    consolidate(OCTOBER)
    change("update clearance.consolidated_declarations set value = 2; drop table audit.gate_results")
    with pytest.raises(SandanError, match=r"audit\.gate_results"):
        consolidate(OCTOBER)
    assert published("select value from clearance.consolidated_declarations") == [(1,)]
