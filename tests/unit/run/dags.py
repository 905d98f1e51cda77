"""What the tests of the three DAGs look at alike."""

from __future__ import annotations

from itertools import pairwise

from airflow.dag_processing.dagbag import DagBag

from sandan.home import PROJECT


def dag_of(name: str):
    """The DAG of a file of the same name."""
    bag = DagBag(str(PROJECT / "dags" / f"{name}.py"))
    assert bag.import_errors == {}
    return bag.dags[name]


def follow_one_another(dag, in_order: list[str]) -> None:
    for before, after in pairwise(in_order):
        assert after in dag.get_task(before).downstream_task_ids, f"{before} → {after}"


def comes_after_all(dag, name: str, after: set[str]) -> None:
    """A task that hides no failure: Airflow takes the state of a run from what stands before a teardown."""
    last = dag.get_task(name)
    assert last.upstream_task_ids == after
    assert last.is_teardown
    assert not last.on_failure_fail_dagrun
