"""What a run says, and with which status it ends. The DAG itself is run in `tests/end_to_end`."""

from __future__ import annotations

import os
from datetime import date, datetime
from pathlib import Path
from types import SimpleNamespace

import pytest
from rich.console import Console

from sandan.errors import BusyError, GateFailedError
from sandan.run import day, engine, landing, outcomes
from sandan.run.outcomes import Outcome

FRIDAY = date(2026, 11, 20)


def raiser(error: Exception):
    def run(*_: object) -> None:
        raise error

    return run


@pytest.fixture
def landed(monkeypatch):
    monkeypatch.setattr(day, "land", lambda *_: None)


def test_a_failed_gate_names_gate_expectation_observed_and_report(home, landed, monkeypatch, capfd):
    failed = GateFailedError("staged", ["audit.files · all_there: expected: 3; observed: 2"], Path("/docs/index.html"))
    monkeypatch.setattr(day, "_run", raiser(failed))
    assert day.run(home, FRIDAY) == 1
    out = capfd.readouterr().out
    for part in ("gate staged", "all_there", "observed: 2", "/docs/index.html"):
        assert part in out
    assert "Traceback" not in out


def test_an_unforeseen_error_is_short_and_its_traceback_is_in_the_log(home, landed, monkeypatch, capfd):
    monkeypatch.setattr(day, "_run", raiser(ValueError("no such thing")))
    assert day.run(home, FRIDAY) == 1
    out = capfd.readouterr().out
    assert "ValueError: no such thing" in out
    assert "Traceback" not in out
    (log,) = (home.logs).glob("run-2026-11-20-*.log")
    assert str(log) in out
    assert "Traceback" in log.read_text()


def test_what_libraries_print_goes_to_the_log(home, landed, monkeypatch, capfd):
    monkeypatch.setattr(day, "_run", lambda console, *_: (os.write(1, b"noise\n"), console.print("result")))
    assert day.run(home, FRIDAY) == 0
    out = capfd.readouterr().out
    assert "result" in out
    assert "noise" not in out
    (log,) = (home.logs).glob("run-*.log")
    assert log.read_text() == "noise\n"


def test_two_runs_do_not_share_a_home(home, landed, monkeypatch):
    statuses = []
    monkeypatch.setattr(day, "_run", lambda *_: statuses.append(second()))

    def second() -> int:
        monkeypatch.setattr(day, "_run", raiser(AssertionError("the second run got through")))
        return day.run(home, FRIDAY)

    assert day.run(home, FRIDAY) == 0
    assert statuses == [1]
    # what the second would have shown stands where the first sends all output
    assert any("another run is at work" in log.read_text() for log in (home.logs).glob("run-*.log"))


def test_a_day_without_files_is_simulated(home, monkeypatch, capsys):
    monkeypatch.setattr(landing, "DECLARATIONS", 20)
    landing.land(Console(), home, FRIDAY)
    assert any(home.landing.glob("*/2026-11-20/*"))
    assert "simulated" in capsys.readouterr().out


def test_the_landing_of_real_sources_gets_no_simulated_files(home, capsys):
    real = home.landing_of("export-orders", date(2026, 11, 19))
    real.mkdir(parents=True)
    (real / "a.xml").write_text("<x/>")
    landing.land(Console(), home, FRIDAY)
    assert not any(home.landing.glob("*/2026-11-20"))
    assert "Nothing landed" in capsys.readouterr().out


def test_a_folder_that_no_source_claims_is_left_to_the_notes_at_the_end(home, capsys):
    stray = home.landing_of("nobody", FRIDAY)
    stray.mkdir(parents=True)
    (stray / "a.xml").write_text("<x/>")
    landing.land(Console(), home, FRIDAY)
    assert "nobody" not in capsys.readouterr().out
    assert list(home.landing.iterdir()) == [stray.parent], "nothing is simulated"


def test_a_run_that_stops_says_first_what_it_has_noted(home, landed, monkeypatch, capfd):
    def run_day(run_date, watch) -> bool:
        outcomes.begin(home, run_date)
        surveyed = {"sources": 1, "unclaimed": ["nobody"]}
        outcomes.append(home, run_date, Outcome("survey", "", datetime(2026, 11, 21), 1.0, ok=True, result=surveyed))
        watch.on_task_instance_running(SimpleNamespace(task_id="load"))
        watch.on_task_instance_failed(BusyError("the warehouse is in use", "wait"))
        return False

    monkeypatch.setattr(engine, "prepare_metadata", lambda _: None)
    monkeypatch.setattr(engine, "run_day", run_day)
    assert day.run(home, FRIDAY) == 1
    out = capfd.readouterr().out
    assert out.index("! no source claims the landing folder nobody") < out.index("the warehouse is in use\n  → wait")
    assert "BusyError" not in out, "as short as any other error of ours"


def test_a_wrong_source_stops_before_airflow_starts(home, tmp_path, monkeypatch, capfd):
    from sandan.home import Home

    wrong = Home(root=home.root, sources=tmp_path)
    (tmp_path / "shop.yml").write_text("id: shop\nname: [\n")
    monkeypatch.setattr(day, "_run", raiser(AssertionError("Airflow was started")))
    assert day.run(wrong, FRIDAY) == 1
    assert "shop.yml:" in capfd.readouterr().out
