"""`audit.gate_results`: what every gate observed, one row an expectation."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sandan.gates import overtaken
from sandan.warehouse import connect

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from sandan.gates.outcome import Outcome
    from sandan.home import Home

TABLE = """
CREATE SCHEMA IF NOT EXISTS audit;
CREATE TABLE IF NOT EXISTS audit.gate_results (
    run_date DATE, stage VARCHAR, suite VARCHAR, expectation VARCHAR, severity VARCHAR, success BOOLEAN,
    observed VARCHAR, bounds VARCHAR, element_count INTEGER, unexpected_count INTEGER
)
"""


def write(home: Home, run_date: date, stage: str, outcomes: Iterable[Outcome]) -> None:
    """Replace the rows of this run and stage, and drop those that an earlier attempt left of later stages."""
    rows = [
        (
            run_date,
            stage,
            o.suite,
            o.expected.id,
            o.expected.severity,
            o.success,
            o.observed,
            o.bounds,
            o.element_count,
            o.unexpected_count,
        )
        for o in outcomes
    ]
    stages = list(overtaken(stage))
    with connect(home) as warehouse:
        warehouse.execute(TABLE)
        warehouse.begin()
        warehouse.execute("DELETE FROM audit.gate_results WHERE run_date = ? AND stage IN ?", [run_date, stages])
        warehouse.executemany(f"INSERT INTO audit.gate_results VALUES ({', '.join('?' * len(rows[0]))})", rows)
        warehouse.commit()
