"""The work of each task of `three_lists_daily`: a room of the package does it, and is imported when the task runs.

Every function takes the run date as `YYYY-MM-DD` (a `run` may be a month, `YYYY-MM`, too), leaves an outcome in the
reports of the run, and fails without retry where only a person can help (`SandanError`, but not `BusyError`: a lock is
gone sooner or later).
"""

from __future__ import annotations

import logging
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from airflow.sdk import get_current_context

from sandan.errors import SandanError
from sandan.run import approvals, outcomes
from sandan.run.recorded import about
from sandan.run.staged import staged

if TYPE_CHECKING:
    from sandan.run.staged import Stage

log = logging.getLogger(__name__)


def survey(day: str) -> list[str]:
    """Validate what the operator has set, and list the sources that sent something."""
    with staged("survey", day) as stage:
        from sandan import read as room
        from sandan.exchange.services import load_services
        from sandan.warehouse.catalogue import check_catalogue

        check_catalogue()
        load_services(stage.home.services)
        approvals.policy()
        found = room.survey(stage.home, stage.run_date)
        stage.result = {"sources": len(found.sources), "unclaimed": found.unclaimed}
        return list(found.sources)


def read(source: str, day: str) -> dict[str, int]:
    """Read the files of one source into Parquet of one shape per list; nothing is locked meanwhile."""
    with staged("read", day, source) as stage:
        from sandan import read as room

        stage.result = room.read_source(stage.home, stage.run_date, source)
        return dict(stage.result)


def load(day: str) -> dict[str, int]:
    """Bring what was read into `raw.*` in one transaction, in place of the date's earlier rows."""
    with staged("load", day) as stage:
        from sandan import evidence, warehouse

        _check_read(stage)
        # what a run published that was killed before its line: its rows are still as it left them
        evidence.record(stage.home)
        warehouse.begin(stage.home, stage.run_date)
        stage.result = warehouse.load(stage.home, stage.run_date)
        return dict(stage.result)


def _check_read(stage: Stage) -> None:
    """Refuse a day whose readings are gone, where the load alone is cleared: it would be one on which nothing came.

    Raises:
        SandanError: fewer sources are read than have sent something.
    """
    surveyed = next(o for o in outcomes.of_run(stage.home, stage.run) if o.stage == "survey")
    if len(list(stage.home.read_of(stage.run_date).glob("*/files.parquet"))) < surveyed.result["sources"]:
        raise SandanError(
            f"what was read of {stage.run_date} is no longer there", f"run all of it again: make run DATE={stage.run}"
        )


def gate(run: str, name: str) -> list[str]:
    """Evaluate the expectations of a gate; a critical failure stops the run, nothing is published."""
    with staged(f"gate_{name}", run) as stage:
        from sandan import gates

        if name == "received":
            _bring_back(stage)
        stage.result = {"warnings": gates.check(stage.home, stage.run_date, name)}
        return list(stage.result["warnings"])


def transform(run: str, name: str, parts: list[str]) -> int:
    """Run dbt on the named parts of the project."""
    with staged(name, run) as stage:
        from sandan import warehouse

        if "staging" in parts:
            _bring_back(stage)
        models = warehouse.transform(stage.home, stage.run_date, *parts)
        stage.result = {"nodes": len(models), "models": models}
        return len(models)


def _bring_back(stage: Stage) -> None:
    """Have the records of the date in `raw`: where this stage alone is cleared, they may be in the archive."""
    from sandan.warehouse.archive import bring_back

    bring_back(stage.home, stage.run_date, since=stage.run_date)


def publish(day: str) -> dict[str, Any]:
    """Record the run, then bring the marts into the published lake in one transaction; says which dates are behind."""
    with staged("publish", day) as stage:
        from sandan import evidence, warehouse
        from sandan.warehouse.runs import record_run

        surveyed = next(o for o in outcomes.of_run(stage.home, stage.run) if o.stage == "survey")
        run = about(stage)
        recorded = record_run(stage.home, stage.run_date, unclaimed=surveyed.result["unclaimed"], **run)
        rows = warehouse.publish(stage.home, stage.run_date, run["run_id"])
        evidence.record(stage.home)
        if recorded.behind:
            log.warning("now behind, run them again in this order: %s", ", ".join(recorded.behind))
        if recorded.months_behind:
            log.warning("months now behind, consolidate them again: %s", ", ".join(recorded.months_behind))
        stage.result = asdict(recorded) | {"rows": rows}
        return dict(stage.result)


def exchange(day: str) -> dict[str, int]:
    """Write the receipts of the run, as messages of the standard, and the extracts of the departments."""
    with staged("exchange", day) as stage:
        from sandan import exchange as room

        stage.result = room.write_day(stage.home, stage.run_date)
        return dict(stage.result)


def data_docs(run: str) -> str:
    """Build the pages that show what every gate of the run expected and observed."""
    with staged("data_docs", run) as stage:
        from sandan import gates

        stage.result = str(gates.build_data_docs(stage.home, stage.run_date))
        return str(stage.result)


def audit_report(day: str) -> str:
    """Write the audit report: what was wrong, whose fault, what was done, and whether the published figures hold."""
    with staged("audit_report", day) as stage:
        from sandan.audit import write_audit

        stage.result = str(write_audit(stage.home, stage.run_date))
        return str(stage.result)


def audit_index(run: str) -> str:
    """Write the pages of the runs of this month, and the index over all runs."""
    with staged("audit_index", run) as stage:
        from sandan.audit import write_month

        stage.result = str(write_month(stage.home, stage.month))
        return str(stage.result)


def lineage(run: str) -> dict[str, Any]:
    """Tell what the run read and wrote, table by table and column by column, as OpenLineage events."""
    with staged("lineage", run) as stage:
        from sandan.lineage import tell

        dag_run = get_current_context()["dag_run"]
        done = outcomes.of_attempt(stage.home, stage.run)
        stage.result = tell(stage.home, stage.run, dag_run.dag_id, dag_run.run_id, done)
        return dict(stage.result)
