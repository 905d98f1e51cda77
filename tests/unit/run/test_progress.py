"""Progress where there is no terminal: one plain line a stage."""

from __future__ import annotations

import io
from datetime import date, datetime
from types import SimpleNamespace

from rich.console import Console

from sandan.run import outcomes
from sandan.run.outcomes import Outcome
from sandan.run.progress import Watch

DAY = date(2026, 11, 20)


def starts(task_id: str) -> SimpleNamespace:
    return SimpleNamespace(task_id=task_id)


def test_each_stage_gives_a_line_with_its_counts(home):
    out = io.StringIO()
    outcomes.begin(home, DAY)
    with Watch(Console(file=out), home, DAY) as watch:
        for source in ("bank", "shop"):
            watch.on_task_instance_running(starts("read"))
            outcomes.append(
                home, DAY, Outcome("read", source, datetime(2026, 11, 20), 1.0, ok=True, result={"files": 2})
            )
            watch.on_task_instance_success()
        watch.on_task_instance_running(starts("load"))
    lines = out.getvalue().splitlines()
    assert [line.split()[1] for line in lines] == ["Start", "Read", "Load"]
    assert lines[1].endswith("2 sources, 4 files")
    assert set(watch.seconds) == {"airflow", "read", "load"}


def test_who_answers_for_a_gate_gets_no_line(home):
    out = io.StringIO()
    with Watch(Console(file=out), home, DAY) as watch:
        for task in ("gate_staged", "data_docs", "approve_staged", "publish"):
            watch.on_task_instance_running(starts(task))
    assert list(watch.seconds) == ["airflow", "gate_staged", "data_docs", "publish"]


def test_the_first_error_is_kept_with_its_stage(home):
    out = io.StringIO()
    first = ValueError("first")
    with Watch(Console(file=out), home, DAY) as watch:
        watch.on_task_instance_running(starts("load"))
        watch.on_task_instance_failed(first)
        watch.on_task_instance_running(starts("data_docs"))
        watch.on_task_instance_failed(ValueError("second"))
    assert watch.error is first
    assert first.__notes__ == ["in the stage “Load”"]
    assert [line[0] for line in out.getvalue().splitlines()] == ["✓", "✗", "✗"]
