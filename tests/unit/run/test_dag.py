"""The DAG as Airflow sees it."""

from __future__ import annotations

import subprocess
import sys
from datetime import timedelta

import pytest

from sandan.home import PROJECT
from tests.unit.run.dags import comes_after_all, dag_of, follow_one_another

FILE = PROJECT / "dags" / "three_lists_daily.py"
IN_ORDER = [
    "survey", "read", "load", "gate_received", "approve_received", "stage", "gate_staged", "approve_staged", "match",
    "gate_matched", "approve_matched", "build_marts", "gate_marts", "approve_marts", "serve", "gate_public_service",
    "approve_public_service", "advise", "gate_integrated_service", "approve_integrated_service", "publish", "exchange",
]  # fmt: skip
APPROVALS = {name for name in IN_ORDER if name.startswith("approve_")}
NO_WAREHOUSE = {"survey", "read", "exchange", "data_docs"} | APPROVALS


@pytest.fixture(scope="module")
def dag():
    return dag_of("three_lists_daily")


def test_the_stages_follow_one_another(dag):
    follow_one_another(dag, IN_ORDER)


def test_data_docs_are_built_after_a_failed_gate_but_do_not_hide_it(dag):
    docs = dag.get_task("data_docs")
    assert docs.trigger_rule == "all_done"
    assert docs.upstream_task_ids == {"gate_integrated_service"}


@pytest.mark.parametrize(
    ("name", "after"), [("audit_report", {"exchange", "data_docs"}), ("lineage", {"audit_report"})]
)
def test_report_and_lineage_come_after_all_and_hide_no_failure(dag, name, after):
    comes_after_all(dag, name, after)
    assert {task.task_id for task in dag.leaves} == {"lineage"}


def test_what_opens_the_warehouse_takes_the_one_slot(dag):
    assert {task.task_id for task in dag.tasks if task.pool == "warehouse"} == {
        *IN_ORDER,
        "data_docs",
        "audit_report",
        "lineage",
    } - NO_WAREHOUSE


def test_one_mapped_task_a_source_named_by_it(dag):
    read = dag.get_task("read")
    assert read.is_mapped
    assert read.partial_kwargs["map_index_template"] == "{{ source }}"


def test_it_can_be_operated(dag):
    assert dag.max_active_runs == 1
    assert not dag.catchup
    assert dag.doc_md
    assert all(task.doc_md for task in dag.tasks), "the docstring of a stage is its documentation"
    assert all(task.task_display_name != task.task_id for task in dag.tasks)
    tried_again = [task for task in dag.tasks if task.task_id not in APPROVALS]
    assert all(task.retries == 2 and task.retry_delay >= timedelta(minutes=1) for task in tried_again)
    assert all(dag.get_task(name).retries == 0 for name in APPROVALS), "nobody is asked twice"


def test_the_dag_file_imports_nothing_slow():
    slow = ("dbt", "openlineage", "sqlglot", "great_expectations", "duckdb", "pyarrow", "lxml")
    code = f"import sys; sys.path.insert(0, {str(FILE.parent)!r}); import three_lists_daily; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)  # noqa: S603 - our own code
    assert not {module.partition(".")[0] for module in done.stdout.split()} & set(slow)
