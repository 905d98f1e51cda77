"""The work of each task of `consolidate_monthly`, as `stages` has that of a day; functions take a month, `YYYY-MM`."""

from __future__ import annotations

import logging
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from airflow.sdk import get_current_context

from sandan.month import Month
from sandan.run import clock, outcomes
from sandan.run.staged import staged

if TYPE_CHECKING:
    from contextlib import AbstractContextManager

    from sandan.run.staged import Stage

log = logging.getLogger(__name__)


def begin_month(month: str) -> str:
    """Check that the days of the month are published and that months come in their order."""
    with _stage("begin_month", month) as stage:
        from sandan import warehouse

        warehouse.begin_month(stage.home, Month.fromisoformat(month))
        return month


def consolidate(month: str) -> int:
    """Merge the month's lists into forms and lines, by the merge key in force on its last day."""
    with _stage("consolidate", month) as stage:
        from sandan import warehouse

        parts = ("seeds", "consolidation")
        stage.result = {"nodes": sum(warehouse.transform(stage.home, stage.run_date, part) for part in parts)}
        return int(stage.result["nodes"])


def gate_consolidated(month: str) -> list[str]:
    """Evaluate what is expected of the forms; a critical failure stops the run, nothing is published."""
    with _stage("gate_consolidated", month) as stage:
        from sandan import gates

        stage.result = {"warnings": gates.check(stage.home, stage.run_date, "consolidated")}
        return list(stage.result["warnings"])


def publish_month(month: str) -> dict[str, Any]:
    """Record the run, then bring the month into the published lake in one transaction; says which months are behind."""
    with _stage("publish_month", month) as stage:
        from sandan import warehouse
        from sandan.warehouse.months import record_month

        run_id = str(get_current_context()["dag_run"].run_id)
        done = outcomes.of_run(stage.home, stage.run)
        recorded = record_month(
            stage.home,
            Month.fromisoformat(month),
            run_id=run_id,
            started_at=done[0].started_at,
            ended_at=clock.now(),
            stage_seconds=outcomes.seconds(done),
        )
        rows = warehouse.publish_month(stage.home, Month.fromisoformat(month), run_id)
        if recorded.behind:
            log.warning("now behind, consolidate them again in this order: %s", ", ".join(recorded.behind))
        stage.result = asdict(recorded) | {"rows": rows}
        return dict(stage.result)


def applications(month: str) -> dict[str, int]:
    """Write the summary applications (CEB701) of the published month for the agents that declare them."""
    with _stage("applications", month) as stage:
        from sandan import exchange

        stage.result = exchange.write_month(stage.home, Month.fromisoformat(month))
        return dict(stage.result)


def data_docs(month: str) -> str:
    """Build the pages that show what the gate expected and observed."""
    with _stage("data_docs", month) as stage:
        from sandan import gates

        stage.result = str(gates.build_data_docs(stage.home, stage.run_date))
        return str(stage.result)


def _stage(name: str, month: str) -> AbstractContextManager[Stage]:
    return staged(name, Month.fromisoformat(month), is_first=name == "begin_month")
