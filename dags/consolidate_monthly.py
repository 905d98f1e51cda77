"""### 汇总申报 · The consolidated declarations of a month.

Merges the export lists flagged B that closed in a month into declaration forms, and publishes them.

* **Month**: that of the logical date in Beijing. The scheduled run of a month starts on the 5th of the next one; lists
  of a month are declared by the 15th.
* **Order**: a month takes the lists that no earlier month took. It waits for nothing: a month whose days are not
  published, or whose earlier months are not, fails at once and says what to run first.
* **Again**: clear the run of a month. Its forms are replaced, and keep their numbers; later months are then behind
  until they are run again.
* **Summary applications** (CEB701) go to `exchange/<agent>/<month>/` when the month is published.
* **The gate** stops the run before anything is published; the data docs are built all the same.

By hand: `make consolidate MONTH=2026-11`. Rules and contract: `docs/`.
"""

from __future__ import annotations

from datetime import timedelta

import pendulum
from airflow.sdk import CronDataIntervalTimetable, TriggerRule, chain, dag, task

from sandan.run import clock, monthly_stages, stages
from sandan.run.ask import AskOperator

POOL = "warehouse"


@dag(
    schedule=CronDataIntervalTimetable(clock.MONTHLY, timezone=clock.ZONE),
    start_date=pendulum.datetime(2018, 1, 1, tz=clock.ZONE),
    catchup=False,
    max_active_runs=1,
    is_paused_upon_creation=False,
    default_args={"retries": 2, "retry_delay": timedelta(minutes=2), "owner": "sandan"},
    user_defined_macros={"run_month": clock.run_month},
    dag_display_name="汇总申报 · consolidated declarations, monthly",
    description="Closed export lists of a month → published declaration forms",
    doc_md=__doc__,
    tags=["three lists", "clearance", "monthly"],
)
def consolidate_monthly() -> None:
    """Wires the stages; the work is in `sandan.run.monthly_stages` and `sandan.run.stages`."""
    month = "{{ run_month(dag_run) }}"

    begin = task(task_display_name="Begin the month", pool=POOL)(monthly_stages.begin_month)(month)
    merge = task(task_id="consolidate", task_display_name="Merge lists into forms", pool=POOL)(stages.transform)(
        month, "consolidate", ["seeds", "consolidation"]
    )
    gate = task(task_id="gate_consolidated", task_display_name="Gate: consolidated", pool=POOL)(stages.gate)(
        month, "consolidated"
    )
    approval = AskOperator(gate="consolidated", of_run=month)
    publish = task(task_display_name="Publish", pool=POOL)(monthly_stages.publish_month)(month)
    written = task(task_display_name="Write summary applications")(monthly_stages.applications)(month)
    # beside publish, not after it: the run fails with a failed gate, and its pages are built nonetheless
    docs = task(task_display_name="Build data docs", trigger_rule=TriggerRule.ALL_DONE)(stages.data_docs)(month)
    # whatever became of the others; a teardown does not hide from the run that one of them failed
    index = task(task_display_name="Write the audit report", pool=POOL)(stages.audit_index)(month).as_teardown()
    lineage = task(task_display_name="Tell lineage", pool=POOL)(stages.lineage)(month).as_teardown()

    chain(begin, merge, gate, approval, publish, written)
    chain(gate, docs)
    chain([written, docs], index, lineage)


consolidate_monthly()
