"""Where what is published comes from, as OpenLineage events (https://openlineage.io/spec) of each run."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sandan.lineage.events import Run, events_of
from sandan.lineage.known import look
from sandan.lineage.transport import send

if TYPE_CHECKING:
    from datetime import date, datetime

    from sandan.home import Home
    from sandan.month import Month
    from sandan.run.outcomes import Outcome

__all__ = ["tell"]


def tell(home: Home, run: date | Month, job: str, run_id: str, done: list[Outcome]) -> dict[str, Any]:
    """Write the events of a run to its file and, where one is configured, send them to a server.

    `job` and `run_id` are Airflow's, `done` is what the stages left. Where failed stages were cleared, the run is told
    as another attempt, with the stages since it was told before. Returns the count of `events`, why they were not sent
    (`unsent`, empty where nothing went wrong), and the models whose columns could not be followed (`unknown`).

    Raises:
        BusyError: another process has the warehouse.
    """
    told = Run(job, run_id, run, [outcome for outcome in done if outcome.stage != "lineage"], _told_at(done))
    if not told.untold:
        return {"events": 0, "unsent": "", "unknown": []}
    known = look(home, told)
    events = events_of(told, known)
    unsent = send(events, home.lineage_of(run))
    return {"events": len(events), "unsent": unsent, "unknown": known.unknown}


def _told_at(done: list[Outcome]) -> datetime | None:
    """When the run was told before; None where it was not, or a server does not have it."""
    before = next((outcome for outcome in done if outcome.stage == "lineage" and outcome.ok), None)
    return before.started_at if before and not (before.result or {}).get("unsent") else None
