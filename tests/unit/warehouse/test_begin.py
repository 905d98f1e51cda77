"""`sandan.warehouse.begin`: no run builds on what no reader has seen."""

from __future__ import annotations

from datetime import date

import pytest

from sandan import warehouse
from sandan.errors import SandanError
from sandan.warehouse.lake import attach
from sandan.warehouse.runs import TABLE

MONDAY, TUESDAY, WEDNESDAY = date(2026, 11, 16), date(2026, 11, 17), date(2026, 11, 18)


@pytest.fixture
def end(home):
    """End the run of a date in the warehouse and, unless it is killed in between, in the lake."""

    def run(day: date, run_id: str, *, in_lake: bool = True) -> None:
        home.published.mkdir(parents=True, exist_ok=True)
        with warehouse.connect(home) as connection:
            connection.execute("insert into audit.runs (run_date, run_id) values ($1, $2)", [day, run_id])
            if in_lake:
                attach(connection, home)
                connection.execute("use published")
                connection.execute(TABLE)
                connection.execute("insert into audit.runs (run_date, run_id) values ($1, $2)", [day, run_id])

    return run


def test_a_date_that_stopped_holds_later_ones_until_it_is_published(home, end):
    warehouse.begin(home, MONDAY)
    with pytest.raises(SandanError, match=r"2026-11-16 began and is not published.*\n.*make run DATE=2026-11-16"):
        warehouse.begin(home, TUESDAY)
    warehouse.begin(home, MONDAY)
    end(MONDAY, "a")
    warehouse.begin(home, TUESDAY)


def test_a_run_killed_before_the_lake_had_it_is_not_published(home, end):
    warehouse.begin(home, MONDAY)
    end(MONDAY, "a", in_lake=False)
    with pytest.raises(SandanError, match="2026-11-16"):
        warehouse.begin(home, TUESDAY)


def test_a_published_date_that_stopped_when_run_again_counts_as_stopped(home, end):
    warehouse.begin(home, MONDAY)
    end(MONDAY, "a")
    warehouse.begin(home, MONDAY)
    with pytest.raises(SandanError, match="2026-11-16"):
        warehouse.begin(home, WEDNESDAY)


def test_an_earlier_date_may_begin_whatever_later_ones_did(home):
    warehouse.begin(home, TUESDAY)
    warehouse.begin(home, MONDAY)
