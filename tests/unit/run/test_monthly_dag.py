"""The monthly DAG as Airflow sees it, and which month it is for."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import pytest

from sandan.month import Month
from sandan.run import clock
from sandan.run.progress import TITLES
from tests.unit.run.dags import comes_after_all, dag_of, follow_one_another

IN_ORDER = ["begin_month", "consolidate", "gate_consolidated", "approve_consolidated", "publish_month", "applications"]
NOVEMBER = Month.fromisoformat("2026-11")


@pytest.fixture(scope="module")
def dag():
    return dag_of("consolidate_monthly")


def test_the_stages_follow_one_another_in_the_one_slot_of_the_warehouse(dag):
    follow_one_another(dag, IN_ORDER)
    in_slot = {task.task_id for task in dag.tasks if task.pool == "warehouse"}
    assert in_slot == {*IN_ORDER[:-1], "audit_index", "lineage"} - {"approve_consolidated"}


def test_data_docs_are_built_after_a_failed_gate_but_do_not_hide_it(dag):
    docs = dag.get_task("data_docs")
    assert docs.trigger_rule == "all_done"
    assert docs.upstream_task_ids == {"gate_consolidated"}
    assert "publish_month" not in docs.downstream_task_ids


def test_index_and_lineage_are_told_after_all_and_hide_no_failure(dag):
    comes_after_all(dag, "audit_index", {"applications", "data_docs"})
    comes_after_all(dag, "lineage", {"audit_index"})


def test_it_can_be_operated(dag):
    assert dag.max_active_runs == 1
    assert not dag.catchup
    assert all(task.doc_md and task.task_display_name != task.task_id for task in dag.tasks)
    tried_again = [task for task in dag.tasks if task.task_id != "approve_consolidated"]
    assert all(task.retries == 2 and task.retry_delay >= timedelta(minutes=1) for task in tried_again)
    assert {task.task_id for task in tried_again} <= set(TITLES)


def test_the_schedule_gives_the_same_logical_date_as_a_run_by_hand():
    from airflow.sdk import CronDataIntervalTimetable
    from airflow.serialization.encoders import coerce_to_core_timetable

    timetable = coerce_to_core_timetable(CronDataIntervalTimetable(clock.MONTHLY, timezone=clock.ZONE))
    interval = timetable.infer_manual_data_interval(run_after=datetime(2026, 12, 5, 12, tzinfo=clock.BEIJING))
    assert interval.start == clock.logical_date_of_month(NOVEMBER)
    assert interval.end == datetime(2026, 12, 5, 2, 30, tzinfo=clock.BEIJING), "when the day before has run"


def test_a_run_is_for_the_month_of_its_logical_date_or_the_last_that_ended():
    by_hand = clock.logical_date_of_month(NOVEMBER).astimezone(UTC)
    assert clock.run_month(SimpleNamespace(logical_date=by_hand, run_after=by_hand)) == "2026-11"
    just_december_in_beijing = datetime(2026, 11, 30, 16, 5, tzinfo=UTC)
    assert clock.run_month(SimpleNamespace(logical_date=None, run_after=just_december_in_beijing)) == "2026-11"
