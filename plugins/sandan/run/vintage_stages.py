"""What a vintage of statistics has for tasks of its own, beside those of `stages`; a run is `YYYY-MM-statistics`."""

from __future__ import annotations

import logging
from typing import Any

from airflow.sdk import get_current_context
from airflow.sdk.exceptions import AirflowSkipException

from sandan.run import clock
from sandan.run.recorded import about
from sandan.run.staged import staged

log = logging.getLogger(__name__)


def begin_vintage(run: str) -> int:
    """Check that the month is complete and not final, and give the vintage its number."""
    with staged("begin_vintage", run) as stage:
        from sandan import evidence, warehouse

        evidence.record(stage.home)
        final = bool(get_current_context()["params"]["final"])
        stage.result = warehouse.begin_vintage(stage.home, stage.month, clock.now().date(), final=final)
        return int(stage.result)


def count_trade(run: str) -> dict[str, Any]:
    """Build the vintage; where it says nothing that the one before did not, what follows is skipped."""
    with staged("count_trade", run) as stage:
        from sandan import warehouse
        from sandan.warehouse.vintages import check_open, is_news, vintage_at_work

        vintage = vintage_at_work(stage.home, stage.month)
        check_open(stage.home, stage.month, vintage)
        models = warehouse.transform(stage.home, stage.run_date, "seeds", "statistics", variables=vintage.variables)
        is_new = is_news(stage.home, vintage)
        stage.result = {
            "nodes": len(models),
            "models": models,
            "vintage_no": vintage.vintage_no,
            "vintage": vintage.vintage,
            "is_new": is_new,
        }
        found = dict(stage.result)
    if not is_new:
        raise AirflowSkipException(f"nothing has changed since vintage {vintage.vintage_no - 1}: none is added")
    return found


def protect(run: str) -> dict[str, int]:
    """Hide what would tell of one enterprise in what is to be published."""
    with staged("protect", run) as stage:
        from sandan.warehouse.disclosure import protect_vintage
        from sandan.warehouse.vintages import check_open, vintage_at_work

        vintage = vintage_at_work(stage.home, stage.month)
        check_open(stage.home, stage.month, vintage)
        lost = protect_vintage(stage.home, stage.month, vintage)
        stage.result = {
            "cells": sum(account.cells for account in lost),
            "hidden": sum(account.hidden_cells for account in lost),
        }
        return dict(stage.result)


def publish_vintage(run: str) -> dict[str, Any]:
    """Record the vintage, then bring it into the published lake in one transaction."""
    with staged("publish_vintage", run) as stage:
        from sandan import evidence, warehouse
        from sandan.warehouse.vintages import record_vintage, vintage_at_work

        told, vintage = about(stage), vintage_at_work(stage.home, stage.month)
        rates_simulated = record_vintage(stage.home, stage.month, vintage, **told)
        rows = warehouse.publish_vintage(stage.home, stage.month, vintage.vintage_no, told["run_id"])
        evidence.record(stage.home)
        stage.result = {"vintage": vintage.vintage, "rates_simulated": rates_simulated, "rows": rows}
        log.info("vintage %d of %s: %s", vintage.vintage_no, stage.month, vintage.vintage)
        return dict(stage.result)


def write_files(run: str) -> dict[str, int]:
    """Write the tables of the vintage that was published last for other statistics offices: SDMX and Comtrade."""
    with staged("write_files", run) as stage:
        from sandan.statistics import sdmx

        stage.result = {"files": len(sdmx.write_last(stage.home, stage.month))}
        return dict(stage.result)


def report_quality(run: str) -> str:
    """Write the quality report of the vintage that was published."""
    with staged("report_quality", run) as stage:
        from sandan.quality import write_quality
        from sandan.warehouse.published_runs import PublishedRuns

        last = max(PublishedRuns(stage.home).vintages_of(stage.month))
        stage.result = str(write_quality(stage.home, stage.month, last))
        return str(stage.result)
