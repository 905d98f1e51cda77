"""### 外贸统计 · Foreign-trade statistics of a month, vintage by vintage.

Counts what left or was released in a month, as the daily runs have published it by now, and publishes it beside the
vintages before.

* **Month**: that of the logical date in Beijing. The scheduled run of a month makes its first vintage, on the 5th of
  the next one.
* **Vintages**: the first is preliminary, later ones are revised; the last is final, by the parameter `final` or for an
  old month. A vintage that is published stays as it is.
* **Again**: clear the run of a month, or start one by hand. Where nothing has changed since the last vintage, the rest
  is skipped and none is added.
* **Disclosure control** hides cells of the tables for publication that would tell of one enterprise; its parameters
  are secret.
* **The quality report** of a vintage is written once it is published.
* **The gate** stops the run before anything is published; the data docs are built all the same.
* **Files**: the tables for publication as SDMX and in the columns of UN Comtrade, below `exchange/statistics/`.

By hand: `make statistics MONTH=2026-11`. Method and contract: `docs/statistics.md`, `docs/contract.md`.
"""

from __future__ import annotations

from datetime import timedelta

import pendulum
from airflow.sdk import CronDataIntervalTimetable, Param, TriggerRule, chain, dag, task

from sandan.run import clock, stages, vintage_stages
from sandan.run.ask import AskOperator

POOL = "warehouse"


@dag(
    schedule=CronDataIntervalTimetable(clock.MONTHLY, timezone=clock.ZONE),
    start_date=pendulum.datetime(2018, 1, 1, tz=clock.ZONE),
    catchup=False,
    max_active_runs=1,
    is_paused_upon_creation=False,
    default_args={"retries": 2, "retry_delay": timedelta(minutes=2), "owner": "sandan"},
    params={"final": Param(default=False, type="boolean", description="The last vintage of the month: none follows.")},
    user_defined_macros={"counted_month": clock.counted_month},
    dag_display_name="外贸统计 · trade statistics, monthly",
    description="Counted items of a month → cells, revisions and tables, as a vintage",
    doc_md=__doc__,
    tags=["three lists", "statistics", "monthly"],
)
def trade_statistics_monthly() -> None:
    """Wires the stages; the work is in `sandan.run.vintage_stages` and `sandan.run.stages`."""
    run = "{{ counted_month(dag_run) }}"

    begin = task(task_display_name="Begin the vintage", pool=POOL)(vintage_stages.begin_vintage)(run)
    built = task(task_display_name="Count trade", pool=POOL)(vintage_stages.count_trade)(run)
    protected = task(task_display_name="Protect what enterprises trade", pool=POOL)(vintage_stages.protect)(run)
    gate = task(task_id="gate_statistics", task_display_name="Gate: statistics", pool=POOL)(stages.gate)(
        run, "statistics"
    )
    approval = AskOperator(gate="statistics", of_run=run)
    publish = task(task_display_name="Publish", pool=POOL)(vintage_stages.publish_vintage)(run)
    # without news too: what an earlier run published and could not write is written then
    files = task(task_display_name="Write SDMX files", trigger_rule=TriggerRule.NONE_FAILED)(
        vintage_stages.write_files
    )(run)
    # reads what is published: no place in the pool
    quality = task(task_display_name="Quality report")(vintage_stages.report_quality)(run)
    # beside publish, not after it: the run fails with a failed gate, and its pages are built nonetheless; a vintage
    # that is not added has none
    docs = task(task_display_name="Build data docs", trigger_rule=TriggerRule.NONE_SKIPPED)(stages.data_docs)(run)
    # whatever became of the others; a teardown does not hide from the run that one of them failed
    index = task(task_display_name="Write the audit report", pool=POOL)(stages.audit_index)(run).as_teardown()
    lineage = task(task_display_name="Tell lineage", pool=POOL)(stages.lineage)(run).as_teardown()

    chain(begin, built, protected, gate, approval, publish, [files, quality])
    chain(gate, docs)
    chain([files, quality, docs], index, lineage)


trade_statistics_monthly()
