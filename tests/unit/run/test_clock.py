"""Which date a run is for."""

from __future__ import annotations

from datetime import UTC, date, datetime
from types import SimpleNamespace

from sandan.run import clock

FRIDAY = date(2026, 11, 20)


def dag_run(logical_date: datetime | None, run_after: datetime) -> SimpleNamespace:
    return SimpleNamespace(logical_date=logical_date, run_after=run_after)


def test_a_run_by_hand_is_for_the_date_asked_for():
    logical_date = clock.logical_date(FRIDAY)
    assert clock.run_date(dag_run(logical_date.astimezone(UTC), logical_date)) == "2026-11-20"


def test_the_schedule_gives_the_same_logical_date_as_a_run_by_hand():
    from airflow.sdk import CronDataIntervalTimetable
    from airflow.serialization.encoders import coerce_to_core_timetable

    timetable = coerce_to_core_timetable(CronDataIntervalTimetable(clock.SCHEDULE, timezone=clock.ZONE))
    saturday_noon = datetime(2026, 11, 21, 12, tzinfo=clock.BEIJING)
    interval = timetable.infer_manual_data_interval(run_after=saturday_noon)
    assert interval.start == clock.logical_date(FRIDAY)
    assert interval.end > datetime(2026, 11, 21, tzinfo=clock.BEIJING), "the day must be over when its run starts"


def test_a_run_without_a_logical_date_is_for_the_day_that_ended():
    just_after_midnight_in_beijing = datetime(2026, 11, 20, 16, 5, tzinfo=UTC)
    assert clock.run_date(dag_run(None, just_after_midnight_in_beijing)) == "2026-11-20"
