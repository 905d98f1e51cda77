"""What was read of published dates goes, and of no others."""

from __future__ import annotations

import os
import time
from datetime import date, datetime

import pytest

from sandan.housekeeping.readings import remove_readings
from sandan.read.survey import dates
from sandan.run import outcomes
from sandan.run.outcomes import Outcome

FIRST, SECOND, LAST = date(2026, 11, 18), date(2026, 11, 19), date(2026, 11, 20)


def ran(home, day, *, published=True):
    (home.read_of(day) / "shop").mkdir(parents=True)
    (home.read_of(day) / "shop" / "files.parquet").touch()
    outcomes.begin(home, day)
    for stage in ("survey", "publish") if published else ("survey",):
        outcomes.append(home, day, Outcome(stage, "", datetime(2026, 11, 21), 1.0, ok=True))


@pytest.fixture
def three(home, published):
    for day in (FIRST, SECOND, LAST):
        ran(home, day)
    published(FIRST, SECOND, LAST)
    return home


@pytest.mark.parametrize(("days", "left"), [(0, [LAST]), (1, [SECOND, LAST]), (2, [FIRST, SECOND, LAST])])
def test_older_than_what_is_kept(three, days, left):
    remove_readings(three, days)
    assert dates(three.read) == left
    assert sorted(entry.name for entry in three.read.iterdir()) == [str(day) for day in left]


def test_a_date_that_is_at_work_again_is_left(three):
    """It reads first and begins as it loads: readers see its last attempt meanwhile."""
    ran_again = three.read_of(FIRST) / "shop"
    outcomes.begin(three, FIRST)
    remove_readings(three, 0)
    assert ran_again.exists()
    assert dates(three.read) == [FIRST, LAST]


def test_a_date_that_readers_do_not_see_is_left(three, published):
    published(SECOND, LAST)
    remove_readings(three, 0)
    assert dates(three.read) == [FIRST, LAST]


def test_where_nothing_is_published_nothing_goes(home):
    ran(home, FIRST)
    remove_readings(home, 0)
    assert dates(home.read) == [FIRST]


def test_what_a_killed_command_left_goes_after_a_day(three):
    old, new = (three.read / f".reading-{name}" for name in ("old", "new"))
    for left in (old, new):
        left.mkdir()
    os.utime(old, (time.time() - 90_000,) * 2)
    remove_readings(three, 31)
    assert (old.exists(), new.exists()) == (False, True)
