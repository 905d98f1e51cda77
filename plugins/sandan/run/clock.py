"""Which date a run is for. Times are Beijing local time; China keeps one zone and no summer time."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Protocol
from zoneinfo import ZoneInfo

from sandan.month import CountedMonth, Month

ZONE = "Asia/Shanghai"
BEIJING = ZoneInfo(ZONE)

#: half an hour after midnight, so that files written at the very end of the day have landed
SCHEDULE = "30 0 * * *"
#: lists of a month are declared by the 15th of the next; on the 5th what was told late has come, for the next month
MONTHLY = "30 2 5 * *"

#: Sunday, hours after the day has run and long before the next
WEEKLY = "30 12 * * 0"


class DatedRun(Protocol):
    """What this module needs to know of Airflow's DagRun."""

    logical_date: datetime | None
    run_after: datetime


def logical_date(run_date: date) -> datetime:
    """The logical date that the schedule gives the run of `run_date`: both ways to run a day meet in one DagRun."""
    return datetime(run_date.year, run_date.month, run_date.day, 0, 30, tzinfo=BEIJING)


def run_date(dag_run: DatedRun) -> str:
    """The date a DagRun works on, `YYYY-MM-DD`; a run triggered without a logical date takes the day that ended."""
    if dag_run.logical_date is None:
        return (dag_run.run_after.astimezone(BEIJING).date() - timedelta(days=1)).isoformat()
    return dag_run.logical_date.astimezone(BEIJING).date().isoformat()


def logical_date_of_month(month: Month) -> datetime:
    """The logical date that the schedule gives the run of `month`: its 5th; it runs on the 5th of the next."""
    return datetime(month.first.year, month.first.month, 5, 2, 30, tzinfo=BEIJING)


def run_month(dag_run: DatedRun) -> str:
    """The month a DagRun is for, `YYYY-MM`; one triggered without a logical date takes the last that ended."""
    if dag_run.logical_date is None:
        return str(Month.of(dag_run.run_after.astimezone(BEIJING).date()).before)
    return str(Month.of(dag_run.logical_date.astimezone(BEIJING).date()))


def counted_month(dag_run: DatedRun) -> str:
    """The run whose statistics a DagRun makes, `YYYY-MM-statistics`, of the month that `run_month` gives."""
    return CountedMonth.fromisoformat(run_month(dag_run)).isoformat()


def last_month() -> Month:
    """The last month that is over in Beijing."""
    return Month.of(datetime.now(BEIJING).date()).before


def yesterday() -> date:
    """The last day that is over in Beijing."""
    return datetime.now(BEIJING).date() - timedelta(days=1)


def now() -> datetime:
    """Beijing local time without zone, as every TIMESTAMP of the warehouse."""
    return datetime.now(BEIJING).replace(tzinfo=None)


def seed_of(run_date: date) -> int:
    """The seed of a date's simulated day: the same date gives the same day, in every home."""
    return run_date.toordinal()
