"""Airflow's own metadata: runs and tasks of long ago. The home's database alone; a server's is its operator's."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
from contextlib import closing
from typing import TYPE_CHECKING

from sandan.errors import SandanError
from sandan.housekeeping.kept import kept_since
from sandan.run.environment import settings

if TYPE_CHECKING:
    from pathlib import Path

    from sandan.home import Home

#: what a run adds to; what describes the DAGs stays
TABLES = ("dag_run", "task_instance", "task_instance_history", "task_reschedule", "xcom", "log", "job", "trigger")
CONNECTION = "AIRFLOW__DATABASE__SQL_ALCHEMY_CONN"
#: a run that waits for a person, or one that cleans, is not to remove itself
LEAST_DAYS = 7
BUSY_SECONDS = 30


def clean_airflow(home: Home, days: int) -> str:
    """Remove runs that began more than `days` and a week ago, with all that Airflow noted of them.

    Of each DAG the last one that the schedule started stays: the next is counted from it.

    Raises:
        SandanError: Airflow did not.
    """
    database = home.airflow / "airflow.db"
    if not database.exists():
        return "Airflow's metadata are not in this home: left to whoever keeps them"
    command = [sys.executable, "-m", "airflow", "db", "clean", "--yes", "--skip-archive", "--error-on-cleanup-failure"]
    command += ["--clean-before-timestamp", kept_since(max(days, LEAST_DAYS)).isoformat(), "--tables", ",".join(TABLES)]
    before = _runs(database)
    # a task of Airflow is not told where the metadata are
    places = {CONNECTION: settings(home)[CONNECTION], "AIRFLOW_HOME": str(home.airflow)}
    done = subprocess.run(command, env=os.environ | places, capture_output=True, text=True, check=False)  # noqa: S603 - our own command
    if done.returncode:
        raise SandanError(f"Airflow could not clean its metadata\n{done.stderr[-2000:]}", "see what it says, try again")
    with closing(sqlite3.connect(database, timeout=BUSY_SECONDS)) as metadata:
        metadata.execute("vacuum")
    return f"{before - _runs(database):,} of {before:,} runs removed from Airflow's metadata"


def _runs(database: Path) -> int:
    with closing(sqlite3.connect(database, timeout=BUSY_SECONDS)) as metadata:
        (count,) = metadata.execute("select count(*) from dag_run").fetchone()
        return int(count)
