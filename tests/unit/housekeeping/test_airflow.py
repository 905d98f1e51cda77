"""Airflow's metadata and logs: what is old goes, and lineage stays."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
import time

from sandan.housekeeping import airflow
from sandan.housekeeping.airflow import CONNECTION, clean_airflow
from sandan.housekeeping.logs import remove_logs

DAY = 86_400
METADATA = """
from sandan.home import Home
from sandan.run.environment import configure
home = Home.from_environment()
configure(home)
from sandan.run.engine import prepare_metadata
prepare_metadata(home)
from airflow.models.dag import DagModel
from airflow.models.dagbundle import DagBundleModel
from airflow.models.dagrun import DagRun
from airflow.utils.session import create_session
from airflow.utils.types import DagRunType
from datetime import datetime, timedelta, UTC
with create_session() as session:
    session.add(DagBundleModel(name="b"))
    session.flush()
    session.add(DagModel(dag_id="d", bundle_name="b"))
    session.flush()
    for days in (90, 60, 1):
        began = datetime.now(UTC) - timedelta(days=days)
        run = DagRun(dag_id="d", run_id=str(days), logical_date=began, run_after=began, run_type=DagRunType.MANUAL,
            start_date=began)
        session.add(run)
"""


def runs(home):
    with sqlite3.connect(home.airflow / "airflow.db") as metadata:
        return {name for (name,) in metadata.execute("select run_id from dag_run")}


def test_old_runs_go_and_those_of_a_week_stay(home, monkeypatch):
    clean = {name: value for name, value in os.environ.items() if not name.startswith("AIRFLOW")}
    subprocess.run([sys.executable, "-c", METADATA], env=clean, check=True, capture_output=True)  # noqa: S603 - our own code
    assert runs(home) == {"90", "60", "1"}
    # what a task of Airflow finds where the connection should be
    monkeypatch.setenv(CONNECTION, "airflow-db-not-allowed:///")
    assert clean_airflow(home, 31) == "2 of 3 runs removed from Airflow's metadata"
    assert runs(home) == {"1"}
    assert clean_airflow(home, 0) == "0 of 1 runs removed from Airflow's metadata"


def test_metadata_of_a_server_are_not_ours(home, monkeypatch):
    monkeypatch.setattr(airflow.subprocess, "run", None)
    assert "not in this home" in clean_airflow(home, 31)


def test_old_logs_go_and_lineage_stays(home):
    old = [home.logs / "run-1.log", home.airflow / "logs" / "dag_id=d" / "run_id=1" / "attempt=1.log"]
    kept = [home.logs / "run-2.log", home.airflow / "logs" / "dag_id=d" / "run_id=2" / "attempt=1.log"]
    lineage = home.logs / "lineage" / "2026-01-01.jsonl"
    for file in (*old, *kept, lineage):
        file.parent.mkdir(parents=True, exist_ok=True)
        file.touch()
    for file in (*old, lineage):
        os.utime(file, (time.time() - 40 * DAY,) * 2)
    assert remove_logs(home, 31) == "2 logs removed"
    assert [file.exists() for file in (*old, *kept, lineage)] == [False, False, True, True, True]
    assert remove_logs(home, 0) == "0 logs removed", "whoever writes it is at work"
    assert [folder.name for folder in (home.airflow / "logs" / "dag_id=d").iterdir()] == ["run_id=2"]
