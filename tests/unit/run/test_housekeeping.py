"""`make housekeeping` and its DAG."""

from __future__ import annotations

import pytest

from sandan.errors import BusyError, SandanError
from sandan.housekeeping import STEPS
from sandan.run import housekeeping_stages
from sandan.run.cli import main
from sandan.run.housekeeping import written
from tests.unit.run.dags import dag_of, follow_one_another


@pytest.fixture
def steps(monkeypatch):
    """Steps that note how many days they are to keep."""
    done: dict[str, int] = {}
    for name in STEPS:
        monkeypatch.setitem(STEPS, name, lambda _, days, name=name: done.update({name: days}) or f"{name} done")
    return done


def test_every_step_is_done_and_every_place_has_its_size(home, steps, capfd):
    home.landing.mkdir(parents=True)
    (home.landing / "a.xml").write_bytes(b"1" * 1500)
    assert main(["housekeeping", "--keep-days", "7"]) == 0
    said = capfd.readouterr().out
    assert steps == dict.fromkeys(STEPS, 7)
    assert all(f"{name}: {name} done" in said for name in STEPS)
    assert ["landing", "1.5", "kB", "1.5", "kB"] in [line.split() for line in said.splitlines()]


def test_another_run_is_waited_for(home, steps, capfd):
    from sandan.lock import only_one

    with only_one(home.root / "run.lock", "", ""):
        assert main(["housekeeping"]) == 1
    assert "another run is at work" in capfd.readouterr().out
    assert steps == {}


@pytest.mark.parametrize(
    ("size", "text"), [(0, "0 B"), (999, "999 B"), (1000, "1.0 kB"), (2_500_000, "2.5 MB"), (3e15, "3000.0 TB")]
)
def test_sizes_are_told_in_decimal_units(size, text):
    assert written(size) == text


def test_the_dag_does_every_step_and_opens_the_warehouse_in_its_slot(home, steps, monkeypatch):
    monkeypatch.setenv("SANDAN_KEEP_DAYS", "9")
    dag = dag_of("housekeeping_weekly")
    for task in dag.tasks:
        assert task.python_callable() == f"{task.task_id} done"
    assert steps == dict.fromkeys(STEPS, 9)
    follow_one_another(dag, ["readings", "raw", "warehouse"])
    assert {task.task_id for task in dag.tasks if task.pool == "warehouse"} == {"readings", "raw", "warehouse"}
    assert dag.max_active_runs == 1
    assert not dag.catchup
    assert all(task.doc_md and task.retries == 2 for task in dag.tasks)


@pytest.mark.parametrize(
    ("error", "raised"), [(BusyError("in use", "wait"), "BusyError"), (SandanError("w", "c"), "AirflowFailException")]
)
def test_only_a_lock_is_tried_again(home, monkeypatch, error, raised):
    def fail(*_):
        raise error

    monkeypatch.setitem(STEPS, "raw", fail)
    with pytest.raises(Exception, match=str(error).split()[0]) as stopped:
        housekeeping_stages.raw()
    assert type(stopped.value).__name__ == raised
