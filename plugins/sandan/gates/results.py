"""`audit.gate_results`: what every gate observed, one row an expectation; of one that learns, a row a figure."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

from sandan.gates import overtaken
from sandan.warehouse import connect

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import date

    from sandan.gates.outcome import Outcome
    from sandan.home import Home

COLUMNS = {
    "run_date": "DATE",
    "stage": "VARCHAR",
    "suite": "VARCHAR",
    "expectation": "VARCHAR",
    "severity": "VARCHAR",
    "success": "BOOLEAN",
    "observed": "VARCHAR",
    "bounds": "VARCHAR",
    "element_count": "INTEGER",
    "unexpected_count": "INTEGER",
    "says": "VARCHAR",
    "protects": "VARCHAR",
    "answers": "VARCHAR",
    "hurts": "VARCHAR",
    "subject": "VARCHAR",
    "value": "DECIMAL(19, 5)",
    "lower": "DECIMAL(19, 5)",
    "upper": "DECIMAL(19, 5)",
    "basis": "VARCHAR",
}


def prepare(home: Home) -> None:
    """Make the table, or give an older one the columns it lacks: gates learn from it.

    Raises:
        BusyError: another process has the warehouse.
    """
    with connect(home) as warehouse:
        warehouse.execute("CREATE SCHEMA IF NOT EXISTS audit")
        columns = ", ".join(f"{column} {type_}" for column, type_ in COLUMNS.items())
        warehouse.execute(f"CREATE TABLE IF NOT EXISTS audit.gate_results ({columns})")
        for column, type_ in COLUMNS.items():
            warehouse.execute(f"ALTER TABLE audit.gate_results ADD COLUMN IF NOT EXISTS {column} {type_}")


def write(home: Home, run_date: date, stage: str, outcomes: Iterable[Outcome]) -> None:
    """Replace the rows of this run and stage, and drop those that an earlier attempt left of later stages."""
    rows = [
        [({"run_date": run_date, "stage": stage} | row).get(column) for column in COLUMNS]
        for o in outcomes
        for row in _rows(o)
    ]
    stages = list(overtaken(stage))
    with connect(home) as warehouse:
        warehouse.begin()
        warehouse.execute("DELETE FROM audit.gate_results WHERE run_date = ? AND stage IN ?", [run_date, stages])
        warehouse.executemany(
            f"INSERT INTO audit.gate_results ({', '.join(COLUMNS)}) VALUES ({', '.join('?' * len(COLUMNS))})", rows
        )
        warehouse.commit()


def _rows(outcome: Outcome) -> Iterator[dict[str, Any]]:
    expected = outcome.expected
    row = {
        "suite": outcome.suite,
        "expectation": expected.id,
        "severity": expected.severity,
        "success": outcome.success,
        "observed": outcome.observed,
        "bounds": outcome.bounds,
        "element_count": outcome.element_count,
        "unexpected_count": outcome.unexpected_count,
        "says": expected.says,
        "protects": expected.protects,
        "answers": expected.answers,
        "hurts": expected.hurts,
    }
    if not outcome.figures:
        yield row
    for figure in outcome.figures:
        yield row | {
            "success": figure.success,
            "observed": figure.observed,
            "bounds": figure.bounds,
            "element_count": 1,
            "unexpected_count": int(not figure.success),
            "subject": figure.subject,
            "value": _decimal(figure.value),
            "lower": _decimal(figure.lower),
            "upper": _decimal(figure.upper),
            "basis": figure.basis,
        }


def _decimal(value: float | None) -> Decimal | None:
    return None if value is None else Decimal(f"{value:.5f}")
