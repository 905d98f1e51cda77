"""The events of a run: its start and end, and what each of its steps read and wrote.

All are told at the end, with the times at which things happened. Of what went wrong only the stage is named: what dbt
or DuckDB say of it may hold a value of a person.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from openlineage.client.event_v2 import InputDataset, Job, OutputDataset, RunEvent, RunState, set_producer
from openlineage.client.event_v2 import Run as RunOfJob
from openlineage.client.facet_v2 import error_message_run, job_type_job, nominal_time_run, parent_run
from openlineage.client.uuid import generate_static_uuid

from sandan.lineage.datasets import in_files, in_lake, in_warehouse, installation, landed
from sandan.run import outcomes
from sandan.run.clock import BEIJING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from openlineage.client.facet_v2 import JobFacet, RunFacet

    from sandan.lineage.known import Known
    from sandan.month import Month
    from sandan.run.outcomes import Outcome

#: what stages do beside dbt: stage → tables that it reads, tables that it writes
BESIDE_DBT = {
    "protect": (
        ("statistics.trade_contributions", "statistics.trade_hidden"),
        ("statistics.trade_published", "statistics.trade_suppression", "statistics.trade_hidden"),
    )
}

set_producer("urn:sandan")


@dataclass(frozen=True)
class Run:
    """An attempt at a run: Airflow's names of its job and of itself, the date or month, what its stages left.

    `told_at`: when an earlier attempt was told, of whose stages some failed and were cleared in Airflow; those that it
    left are part of the run, and told.
    """

    job: str
    run_id: str
    run: date | Month
    done: list[Outcome]
    told_at: datetime | None = None

    @property
    def untold(self) -> list[Outcome]:
        """The stages of this attempt."""
        return [outcome for outcome in self.done if self.told_at is None or outcome.started_at >= self.told_at]

    @property
    def started_at(self) -> datetime:
        """When its first stage began."""
        return min(outcome.started_at for outcome in self.untold).replace(tzinfo=BEIJING)

    @property
    def ended_at(self) -> datetime:
        """When the last of its stages ended."""
        return max(outcome.ended_at for outcome in self.untold).replace(tzinfo=BEIJING)

    @property
    def models(self) -> list[str]:
        """The models and seeds of its stages that were done."""
        return [name for outcome in self.untold if outcome.ok for name in _models(outcome)]

    @property
    def published(self) -> Outcome | None:
        """The stage that published, where one did."""
        return outcomes.published(self.done)

    @property
    def failure(self) -> str:
        """Why it is no success; empty where it is one."""
        failed = [outcome.stage for outcome in self.done if not outcome.ok and outcome.stage not in outcomes.BESIDE]
        if failed:
            return f"failed in {', '.join(failed)}"
        has_ended = self.published or outcomes.found_no_news(self.done)
        return "" if has_ended else "stopped before it published"

    def did(self, stage: str) -> bool:
        """Whether the stage was done."""
        return any(outcome.stage == stage and outcome.ok for outcome in self.done)

    def id_of(self, step: str = "") -> str:
        """The id of the run, or of a step of it: the same whenever it is asked for, another one for each attempt."""
        named = f"{installation()} {self.job} {self.run_id} {self.ended_at.isoformat()} {step}"
        return str(generate_static_uuid(self.started_at, named.encode()))


def events_of(run: Run, known: Known) -> list[RunEvent]:
    """Start, steps and end of a run."""
    return [_start(run), *_steps(run, known), _end(run, known)]


def _start(run: Run) -> RunEvent:
    return _event(run, RunState.START, run.started_at)


def _end(run: Run, known: Known) -> RunEvent:
    facets: dict[str, RunFacet] = {}
    if run.failure:
        facets["errorMessage"] = error_message_run.ErrorMessageRunFacet(run.failure, programmingLanguage="PYTHON")
    rows = run.published.result["rows"] if run.published else {}
    return _event(
        run,
        RunState.FAIL if run.failure else RunState.COMPLETE,
        run.ended_at,
        facets=facets,
        inputs=[InputDataset(*in_files(f"landing/{source}")) for source, *_ in known.landed],
        outputs=[OutputDataset(*in_lake(table)) for table in rows],
    )


def _steps(run: Run, known: Known) -> Iterator[RunEvent]:
    for outcome in run.untold:
        if not outcome.ok:
            continue
        at = outcome.ended_at.replace(tzinfo=BEIJING)
        if outcome.stage == "load":
            yield _load(run, at, known)
        for name in _models(outcome):
            yield _model(run, at, name, known)
        if outcome.stage in BESIDE_DBT:
            reads, writes = BESIDE_DBT[outcome.stage]
            yield _step(run, at, outcome.stage, _tables(reads), [known.tables[name].made_of({}) for name in writes])
    if (published := run.published) and published in run.untold:
        rows = published.result["rows"]
        written = [known.tables[table].published(count, known.snapshot) for table, count in rows.items()]
        yield _step(run, published.ended_at.replace(tzinfo=BEIJING), published.stage, _tables(rows), written)


def _load(run: Run, at: datetime, known: Known) -> RunEvent:
    inputs = [landed(source, str(run.run), *counts) for source, *counts in known.landed]
    inputs += [InputDataset(*in_files(file)) for file in known.reference]
    return _step(run, at, "load", inputs, [known.tables[name].made_of({}) for name in known.raw()])


def _model(run: Run, at: datetime, name: str, known: Known) -> RunEvent:
    if name in known.seeds:
        table, file = known.seeds[name]
        inputs, columns = [InputDataset(*in_files(f"dbt_project/{file}"))], {}
    else:
        table, lineage = known.models[name]
        inputs = _tables(sorted(lineage.inputs if lineage else known.named[table]))
        columns = lineage.columns if lineage else {}
    return _step(run, at, table, inputs, [known.tables[table].made_of(columns)], "DBT", "MODEL")


def _step(  # noqa: PLR0913, PLR0917 - what an event is made of
    run: Run,
    at: datetime,
    name: str,
    inputs: list[InputDataset],
    outputs: list[OutputDataset],
    integration: str = "AIRFLOW",
    kind: str = "TASK",
) -> RunEvent:
    parent = parent_run.ParentRunFacet(parent_run.Run(run.id_of()), parent_run.Job(installation(), run.job))
    return RunEvent(
        eventType=RunState.COMPLETE,
        eventTime=at.isoformat(),
        run=RunOfJob(run.id_of(name), facets={"parent": parent}),
        job=Job(installation(), f"{run.job}.{name}", facets=_type(integration, kind)),
        inputs=inputs,
        outputs=outputs,
    )


def _event(  # noqa: PLR0913 - what an event is made of
    run: Run,
    state: RunState,
    at: datetime,
    *,
    facets: dict[str, RunFacet] | None = None,
    inputs: list[InputDataset] | None = None,
    outputs: list[OutputDataset] | None = None,
) -> RunEvent:
    first, after = (
        (run.run, run.run + timedelta(1)) if isinstance(run.run, date) else (run.run.first, run.run.after.first)
    )
    begins, ends = (datetime.combine(day, datetime.min.time(), BEIJING).isoformat() for day in (first, after))
    nominal = nominal_time_run.NominalTimeRunFacet(nominalStartTime=begins, nominalEndTime=ends)
    return RunEvent(
        eventType=state,
        eventTime=at.isoformat(),
        run=RunOfJob(run.id_of(), facets={"nominalTime": nominal, **(facets or {})}),
        job=Job(installation(), run.job, facets=_type("AIRFLOW", "DAG")),
        inputs=inputs or [],
        outputs=outputs or [],
    )


def _type(integration: str, kind: str) -> dict[str, JobFacet]:
    return {"jobType": job_type_job.JobTypeJobFacet(processingType="BATCH", integration=integration, jobType=kind)}


def _tables(names: Iterable[str]) -> list[InputDataset]:
    return [InputDataset(*in_warehouse(name)) for name in names]


def _models(outcome: Outcome) -> list[str]:
    return list(outcome.result.get("models", ())) if isinstance(outcome.result, dict) else []
