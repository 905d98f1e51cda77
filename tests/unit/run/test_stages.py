"""What a stage tells Airflow, and what it leaves for the summary."""

from __future__ import annotations

import logging
from datetime import date, datetime
from types import SimpleNamespace

import pytest
from airflow.sdk.exceptions import AirflowFailException

from sandan import warehouse
from sandan.errors import BusyError, SandanError
from sandan.run import outcomes, recorded, stages
from sandan.run.outcomes import Outcome
from sandan.warehouse import runs

DAY = date(2026, 11, 20)


@pytest.fixture
def begun(home):
    outcomes.begin(home, DAY)
    surveyed = {"sources": 0, "unclaimed": []}
    outcomes.append(home, DAY, Outcome("survey", "", datetime(2026, 11, 21), 1.0, ok=True, result=surveyed))


@pytest.mark.parametrize(
    ("error", "raised"),
    [(BusyError("in use", "wait"), BusyError), (SandanError("wrong", "correct it"), AirflowFailException)],
)
def test_only_a_lock_is_left_to_the_retries(home, begun, monkeypatch, error, raised):
    def load(*_: object) -> None:
        raise error

    monkeypatch.setattr(warehouse, "load", load)
    with pytest.raises(raised, match=str(error).split()[0]) as stopped:
        stages.load(DAY.isoformat())
    assert not issubclass(BusyError, AirflowFailException)
    assert error in (stopped.value, stopped.value.__cause__)
    assert not outcomes.of_run(home, DAY)[-1].ok


def test_publishing_says_which_dates_are_behind(home, begun, monkeypatch, caplog):
    behind = ["2026-11-21", "2026-11-22"]
    told = runs.Recorded([], rates_simulated=True, register_simulated=False, tariff_simulated=True, behind=behind)
    monkeypatch.setattr(recorded, "get_current_context", lambda: {"dag_run": SimpleNamespace(run_id="r")})
    monkeypatch.setattr(runs, "record_run", lambda *_, **__: told)
    monkeypatch.setattr(warehouse, "publish", lambda *_: {"audit.runs": 1})
    with caplog.at_level(logging.WARNING):
        result = stages.publish(DAY.isoformat())
    assert "now behind, run them again in this order: 2026-11-21, 2026-11-22" in caplog.text
    assert result["behind"] == ["2026-11-21", "2026-11-22"]
    assert outcomes.of_run(home, DAY)[-1].result == result


def test_a_transformation_leaves_the_models_that_ran_and_lineage_is_told_of_them(home, begun, monkeypatch):
    names = {"seeds": ["rules"], "staging": ["files", "orders"]}
    monkeypatch.setattr(warehouse, "transform", lambda _home, _day, *parts: [n for part in parts for n in names[part]])
    assert stages.transform(DAY.isoformat(), "stage", ["seeds", "staging"]) == 3
    dag_run = SimpleNamespace(dag_id="three_lists_daily", run_id="r")
    monkeypatch.setattr(stages, "get_current_context", lambda: {"dag_run": dag_run})
    asked = []
    monkeypatch.setattr("sandan.lineage.tell", lambda *given: asked.append(given) or {"events": 2})
    assert stages.lineage(DAY.isoformat()) == {"events": 2}
    ((_, run, job, run_id, done),) = asked
    assert (run, job, run_id) == (DAY, "three_lists_daily", "r")
    assert done[-1].result == {"nodes": 3, "models": ["rules", "files", "orders"]}
