"""The DAG in this process: what Airflow imports is paid once, and no scheduler or server has to start.

Import only after `environment.configure`: Airflow reads its configuration when it is imported.
"""

from __future__ import annotations

import os
from datetime import timedelta
from typing import TYPE_CHECKING

import airflow
from airflow.dag_processing.dagbag import DagBag
from airflow.models.pool import Pool
from airflow.sdk.listener import get_listener_manager
from airflow.utils import db
from airflow.utils.session import create_session
from airflow.utils.state import DagRunState

from sandan.errors import SandanError
from sandan.home import PROJECT
from sandan.run import clock
from sandan.run.approvals import POLICY

if TYPE_CHECKING:
    from datetime import date, datetime

    from sandan.home import Home
    from sandan.month import Month

DAGS = PROJECT / "dags"


def prepare_metadata(home: Home) -> None:
    """Make or migrate Airflow's database, unless this version of Airflow did so before."""
    mark = home.airflow / "metadata_version"
    if not mark.exists() or mark.read_text() != airflow.__version__:
        # makes a new database from the models at once, and migrates an older one
        db.initdb()
        mark.write_text(airflow.__version__)
    Pool.create_or_update_pool(
        "warehouse", slots=1, description="what opens the warehouse: one at a time", include_deferred=False
    )


def run_day(run_date: date, listener: object) -> bool:
    """Run `three_lists_daily` for `run_date`; `listener` hears of its tasks. True when every task succeeded."""
    return _run(
        "three_lists_daily", clock.logical_date(run_date), clock.logical_date(run_date + timedelta(days=1)), listener
    )


def run_month(month: Month, listener: object) -> bool:
    """The same for `consolidate_monthly` and `month`."""
    begins, ends = (clock.logical_date_of_month(m) for m in (month, month.after))
    return _run("consolidate_monthly", begins, ends, listener)


def run_vintage(month: Month, listener: object, *, final: bool) -> bool:
    """The same for `trade_statistics_monthly` and `month`; `final`: no vintage is to follow."""
    begins, ends = (clock.logical_date_of_month(m) for m in (month, month.after))
    return _run("trade_statistics_monthly", begins, ends, listener, {"final": final})


def _run(
    dag_id: str, begins: datetime, ends: datetime, listener: object, conf: dict[str, object] | None = None
) -> bool:
    # somebody is watching, reads the warnings at the end and can run the date again; nobody answers a task meanwhile
    os.environ[POLICY] = os.environ.get(POLICY) or "accept"
    bag = DagBag(str(DAGS / f"{dag_id}.py"))
    for file, error in bag.import_errors.items():
        raise SandanError(f"{file} cannot be imported:\n{error}", "correct the file, or the package it imports")
    dag = bag.dags[dag_id]
    for task in dag.tasks:
        # somebody is watching: a second try after minutes would only hide the message
        task.retries = 0
    listeners = get_listener_manager()
    listeners.add_listener(listener)
    finished = dag.test(logical_date=begins, run_conf=conf)
    with create_session() as session:
        # dag.test notes the interval before; a scheduler would count on from there, and meet this run again
        noted = session.merge(finished)
        noted.data_interval_start = begins
        noted.data_interval_end = ends
        return bool(noted.state == DagRunState.SUCCESS)
