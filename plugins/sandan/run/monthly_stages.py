"""What a month has for tasks of its own, beside those of `stages`; every function takes the month as `YYYY-MM`."""

from __future__ import annotations

import logging
from dataclasses import asdict
from typing import Any

from sandan.month import Month
from sandan.run.recorded import about
from sandan.run.staged import staged

log = logging.getLogger(__name__)


def begin_month(month: str) -> str:
    """Check that the days of the month are published and that months come in their order."""
    with staged("begin_month", month) as stage:
        from sandan import evidence, warehouse

        evidence.record(stage.home)
        warehouse.begin_month(stage.home, Month.fromisoformat(month))
        return month


def publish_month(month: str) -> dict[str, Any]:
    """Record the run, then bring the month into the published lake in one transaction; says what is behind."""
    with staged("publish_month", month) as stage:
        from sandan import evidence, warehouse
        from sandan.warehouse.months import record_month

        run = about(stage)
        recorded = record_month(stage.home, Month.fromisoformat(month), **run)
        rows = warehouse.publish_month(stage.home, Month.fromisoformat(month), run["run_id"])
        evidence.record(stage.home)
        if recorded.behind:
            log.warning("now behind, consolidate them again in this order: %s", ", ".join(recorded.behind))
        if recorded.days_behind:
            log.warning("days now behind, run them again in this order: %s", ", ".join(recorded.days_behind))
        stage.result = asdict(recorded) | {"rows": rows}
        return dict(stage.result)


def applications(month: str) -> dict[str, int]:
    """Write the summary applications (CEB701) of the published month for the agents that declare them."""
    with staged("applications", month) as stage:
        from sandan import exchange

        stage.result = exchange.write_month(stage.home, Month.fromisoformat(month))
        return dict(stage.result)
