"""The words in which the files of `expectations/` are written."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from great_expectations.expectations import Expectation

Severity = Literal["critical", "warning"]
Answers = Literal["source party", "data engineer", "rule owner"]
Hurts = Literal["data engineer", "statistician", "auditor", "exporter", "department"]


@dataclass(frozen=True)
class Expected:
    """One expectation: what it says and protects; who answers when it does not hold, and which user it hurts first."""

    id: str
    says: str
    holds: Expectation
    protects: str
    answers: Answers
    hurts: Hurts
    severity: Severity = "critical"


@dataclass(frozen=True)
class Suite:
    """What is expected of one table in one run.

    `rows` selects the rows of the run; it and the SQL of the expectations may use `{run_date}` (a DATE),
    `{landed}` (VARCHAR[], the sources with files in landing) and, in the expectations, `{batch}` (these rows).
    """

    table: str
    rows: str
    expectations: tuple[Expected, ...]


def of_run(table: str, day: str = "run_date") -> str:
    """The rows that the run wrote to `table`, marked by the column `day`."""
    return f"SELECT * FROM {table} WHERE {day} = {{run_date}}"
