"""The DAG of the trade statistics as Airflow sees it, and which run it is for."""

from __future__ import annotations

from datetime import date
from types import SimpleNamespace

import pytest

from sandan.month import CountedMonth, Month, run_of
from sandan.run import clock
from sandan.run.progress import TITLES
from tests.unit.run.dags import comes_after_all, dag_of, follow_one_another

ASKS = "approve_statistics"
IN_ORDER = ["begin_vintage", "count_trade", "protect", "gate_statistics", ASKS, "publish_vintage"]
NOVEMBER = Month.fromisoformat("2026-11")


@pytest.fixture(scope="module")
def dag():
    return dag_of("trade_statistics_monthly")


def test_the_stages_follow_one_another_in_the_one_slot_of_the_warehouse(dag):
    follow_one_another(dag, IN_ORDER)
    in_slot = {task.task_id for task in dag.tasks if task.pool == "warehouse"}
    assert in_slot == {*IN_ORDER, "audit_index", "lineage"} - {ASKS}


def test_the_quality_report_is_of_what_is_published(dag):
    assert dag.get_task("report_quality").upstream_task_ids == {"publish_vintage"}


def test_data_docs_are_built_after_a_failed_gate_and_not_for_a_vintage_without_news(dag):
    docs = dag.get_task("data_docs")
    assert docs.trigger_rule == "none_skipped"
    assert docs.upstream_task_ids == {"gate_statistics"}


def test_files_are_written_of_what_is_published_with_news_or_without(dag):
    files = dag.get_task("write_files")
    assert files.trigger_rule == "none_failed"
    assert files.upstream_task_ids == {"publish_vintage"}


def test_index_and_lineage_are_told_after_all_and_hide_no_failure(dag):
    comes_after_all(dag, "audit_index", {"write_files", "report_quality", "data_docs"})
    comes_after_all(dag, "lineage", {"audit_index"})


def test_it_can_be_operated(dag):
    assert dag.max_active_runs == 1
    assert not dag.catchup
    assert dag.params["final"] is False
    assert all(task.task_display_name != task.task_id for task in dag.tasks)
    assert {task.task_id for task in dag.tasks} - {ASKS} <= set(TITLES)


def test_a_run_of_statistics_is_told_from_the_consolidation_of_its_month():
    by_hand = clock.logical_date_of_month(NOVEMBER)
    run = clock.counted_month(SimpleNamespace(logical_date=by_hand, run_after=by_hand))
    assert run == "2026-11-statistics"
    assert run_of(run) == CountedMonth(date(2026, 11, 1))
    assert (str(run_of(run)), run_of(run).last) == ("2026-11", date(2026, 11, 30))
    assert run_of("2026-11") == NOVEMBER
    assert run_of("2026-11-30") == date(2026, 11, 30)
