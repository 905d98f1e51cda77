"""### 例行整理 · Housekeeping.

Removes what the home need not keep, and keeps in less room what it seldom needs; nothing that is published, that
proves what is, or that a run of an earlier date asks for.

* **Kept**: 31 days before the last published one, or `SANDAN_KEEP_DAYS`.
* **Warehouse**: what opens it takes the one slot of the pool `warehouse`, as the stages of a day do; a date that is at
  work is left alone.
* **Again**: each step ends what an earlier one began, and what there is nothing of is left.

By hand: `make housekeeping`. What takes which room: `docs/housekeeping.md`.
"""

from __future__ import annotations

from datetime import timedelta

import pendulum
from airflow.sdk import CronTriggerTimetable, chain, dag, task

from sandan.run import clock, housekeeping_stages

POOL = "warehouse"


@dag(
    schedule=CronTriggerTimetable(clock.WEEKLY, timezone=clock.ZONE),
    start_date=pendulum.datetime(2018, 1, 1, tz=clock.ZONE),
    catchup=False,
    max_active_runs=1,
    is_paused_upon_creation=False,
    default_args={"retries": 2, "retry_delay": timedelta(minutes=10), "owner": "sandan"},
    dag_display_name="例行整理 · housekeeping, weekly",
    description="What can be made again → room on the disk",
    doc_md=__doc__,
    tags=["weekly"],
)
def housekeeping_weekly() -> None:
    """Wires the steps; the work is in `sandan.housekeeping`."""
    readings = task(task_display_name="Remove what was read of old dates", pool=POOL)(housekeeping_stages.readings)()
    raw = task(task_display_name="Archive old records", pool=POOL)(housekeeping_stages.raw)()
    warehouse = task(task_display_name="Compact the warehouse", pool=POOL)(housekeeping_stages.warehouse)()
    metadata = task(task_display_name="Clean Airflow's metadata")(housekeeping_stages.airflow)()
    logs = task(task_display_name="Remove old logs")(housekeeping_stages.logs)()

    chain(readings, raw, warehouse)
    chain(metadata, logs)


housekeeping_weekly()
