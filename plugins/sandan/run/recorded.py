"""What is recorded of a run, a day's or a month's, as it publishes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from airflow.sdk import get_current_context

from sandan.run import approvals, clock, outcomes

if TYPE_CHECKING:
    from sandan.run.staged import Stage


def about(stage: Stage) -> dict[str, Any]:
    """Its run id, when it began and ended, the seconds of its stages, and the answers to warnings.

    Raises:
        SandanError: a gate has warnings that nobody accepted.
    """
    approvals.check(stage.home, stage.run)
    done = outcomes.of_run(stage.home, stage.run)
    return {
        "run_id": str(get_current_context()["dag_run"].run_id),
        "started_at": done[0].started_at,
        "ended_at": clock.now(),
        "stage_seconds": outcomes.seconds(done),
        "approvals": approvals.of_run(stage.home, stage.run),
    }
