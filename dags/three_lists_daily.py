"""### 三单日处理 · A day of the three lists.

Reads what the sources landed for one date, decides every declaration that the date touches, and publishes the result.

* **Run date**: the date of the logical date in Beijing. The scheduled run of a date starts at 00:30 of the next day.
* **Gates** stop the run before anything is published; readers then keep the last good snapshot. The data docs are built
  all the same and say what was expected and what was observed; the audit report says what it comes to.
* **Warnings** ask a person (*Required actions*), behind each gate; nobody in twelve hours means no. `SANDAN_WARNINGS`,
  accept or refuse, answers in place of a person.
* **Lineage**: what each step read and wrote, as OpenLineage events in `logs/lineage/`; to a server, where one is set.
* **Again**: clear the run of a date, or backfill a range (dates run one after the other, in order). The rows of the
  date are replaced; dates after it are then behind until they are run again.
* **Warehouse**: one process at a time may write it, so what opens it takes the one slot of the pool `warehouse`.
* **Retries** are for the machine (a lock, a full disk). What only a person can put right fails at once: a wrong source
  file, a gate, a model.

By hand: `make run DATE=2026-11-20`. Layout, rules and contract: `docs/`.
"""

from __future__ import annotations

from datetime import timedelta

import pendulum
from airflow.sdk import CronDataIntervalTimetable, TriggerRule, chain, dag, task

from sandan.run import clock, stages
from sandan.run.ask import AskOperator

POOL = "warehouse"


@dag(
    schedule=CronDataIntervalTimetable(clock.SCHEDULE, timezone=clock.ZONE),
    # the messages of announcement No. 113 took effect in 2018: no date before it can have lists
    start_date=pendulum.datetime(2018, 1, 1, tz=clock.ZONE),
    catchup=False,
    max_active_runs=1,
    is_paused_upon_creation=False,
    default_args={"retries": 2, "retry_delay": timedelta(minutes=2), "owner": "sandan"},
    user_defined_macros={"run_date": clock.run_date},
    dag_display_name="三单日处理 · three lists, daily",
    description="Landing files of one date → published clearance facts",
    doc_md=__doc__,
    tags=["three lists", "clearance", "daily"],
)
def three_lists_daily() -> None:
    """Wires the stages; the work is in `sandan.run.stages`."""
    day = "{{ run_date(dag_run) }}"

    sources = task(task_display_name="Survey sources and landing")(stages.survey)(day)
    read = (
        task(
            task_display_name="Read a source",
            map_index_template="{{ source }}",
            # a mapped task does not take its documentation from the function
            doc_md=stages.read.__doc__,
        )(stages.read)
        .partial(day=day)
        .expand(source=sources)
    )
    load = task(
        task_display_name="Load raw records",
        # a day on which nothing landed has nothing to read, and is run all the same: waiting windows close
        trigger_rule=TriggerRule.NONE_FAILED,
        pool=POOL,
    )(stages.load)(day)
    stage, match, marts, service, advise = (
        task(task_id=name, task_display_name=title, pool=POOL)(stages.transform)(day, name, parts)
        for name, title, parts in (
            ("stage", "Stage and version records", ["seeds", "staging"]),
            ("match", "Match the three lists", ["matching"]),
            ("build_marts", "Build the marts", ["marts"]),
            ("serve", "Judge rebates, compare departments", ["public_service"]),
            ("advise", "Tell small exporters what to do", ["integrated_service"]),
        )
    )
    received, staged, matched, built, served, advised = (
        (
            task(task_id=f"gate_{name}", task_display_name=f"Gate: {name}", pool=POOL)(stages.gate)(day, name),
            AskOperator(gate=name, of_run=day),
        )
        for name in ("received", "staged", "matched", "marts", "public_service", "integrated_service")
    )
    publish = task(task_display_name="Publish", pool=POOL)(stages.publish)(day)
    # from the published lake: nothing of the warehouse is open meanwhile
    exchange = task(task_display_name="Write receipts")(stages.exchange)(day)
    # beside publish, not after it: the run fails with a failed gate, and its pages are built nonetheless
    docs = task(task_display_name="Build data docs", trigger_rule=TriggerRule.ALL_DONE)(stages.data_docs)(day)

    # whatever became of the others; a teardown does not hide from the run that one of them failed
    report = task(task_display_name="Write the audit report", pool=POOL)(stages.audit_report)(day).as_teardown()
    lineage = task(task_display_name="Tell lineage", pool=POOL)(stages.lineage)(day).as_teardown()

    chain(read, load, *received, stage, *staged, match, *matched, marts, *built, service, *served, advise, *advised)
    chain(advised[-1], publish, exchange)
    # whoever is asked last has the pages to look at
    chain(advised[0], docs)
    chain([exchange, docs], report, lineage)


three_lists_daily()
