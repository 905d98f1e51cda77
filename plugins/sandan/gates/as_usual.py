"""The expectation that today's figures are as those of the weeks before."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date
from typing import Any, ClassVar

import sqlalchemy as sa
from great_expectations.execution_engine import ExecutionEngine, SqlAlchemyExecutionEngine
from great_expectations.expectations.expectation import BatchExpectation
from great_expectations.expectations.metrics.metric_provider import metric_value
from great_expectations.expectations.metrics.query_metric_provider import QueryMetricProvider

from sandan.gates.batch import with_batch
from sandan.gates.usual import TRAILING, Figure, Measure, usual

SHOWN = 3
#: what the gate of earlier runs observed: no gate reads the history of what it judges
HISTORY = f"""
SELECT subject, run_date, CAST(value AS DOUBLE) FROM audit.gate_results
WHERE expectation = '{{id}}' AND subject IS NOT NULL
    AND run_date < {{run_date}} AND run_date >= {{run_date}} - {TRAILING.days}
"""


class FiguresAndHistory(QueryMetricProvider):
    """Today's figures, and those of earlier runs by subject and date."""

    metric_name = "as_usual.figures"
    value_keys = ("query", "history")

    @metric_value(engine=SqlAlchemyExecutionEngine)
    def _sqlalchemy(
        cls,  # noqa: N805 - the decorator makes it a class method
        execution_engine: SqlAlchemyExecutionEngine,
        metric_domain_kwargs: dict[str, Any],
        metric_value_kwargs: dict[str, Any],
        metrics: dict[str, Any],  # noqa: ARG002
        runtime_configuration: dict[str, Any],  # noqa: ARG002
    ) -> tuple[list[Any], dict[str, dict[date, float]]]:
        today, before = (
            execution_engine.execute_query(
                sa.text(with_batch(metric_value_kwargs[name], execution_engine, metric_domain_kwargs))
            ).all()
            for name in cls.value_keys
        )
        history: dict[str, dict[date, float]] = {}
        for subject, day, value in before:
            history.setdefault(subject, {})[day] = value
        return [tuple(row) for row in today], history


class ExpectAsUsual(BatchExpectation):
    """Each figure that the query gives is within the bounds that its trailing weeks set (`sandan.gates.usual`).

    The query gives `subject` (of what the figure is), `value` and `total` (of which a share is one, else null). A count
    whose subject was there in the weeks before and is not today is 0. `run_date` and `history` are set by the gate.
    """

    query: str
    measure: Measure
    run_date: str = ""
    history: str = ""
    allowed: str = "as in the eight weeks before"

    metric_dependencies: ClassVar[tuple[str, ...]] = (FiguresAndHistory.metric_name,)
    success_keys: ClassVar[tuple[str, ...]] = ("query", "history", "measure", "run_date")
    domain_keys: ClassVar[tuple[str, ...]] = ("batch_id",)

    def _validate(
        self,
        metrics: dict[str, Any],
        runtime_configuration: dict[str, Any] | None = None,  # noqa: ARG002
        execution_engine: ExecutionEngine[Any] | None = None,  # noqa: ARG002
    ) -> dict[str, Any]:
        today, history = metrics[FiguresAndHistory.metric_name]
        found = {subject: (float(value), total) for subject, value, total in today}
        if self.measure == "count":
            found = {subject: (0.0, None) for subject, days in history.items() if any(days.values())} | found
        figures = [
            Figure.of(
                subject,
                value,
                self.measure,
                usual(date.fromisoformat(self.run_date), history.get(subject, {}), self.measure, total),
            )
            for subject, (value, total) in sorted(found.items())
        ]
        unusual = [figure for figure in figures if not figure.success]
        return {
            "success": not unusual,
            "result": {
                "observed_value": _said(figures, unusual),
                "details": {
                    "element_count": len(figures),
                    "unexpected_count": len(unusual),
                    "figures": [asdict(figure) for figure in figures],
                },
            },
        }


def _said(figures: list[Figure], unusual: list[Figure]) -> str:
    more = f" and {len(unusual) - SHOWN} more" if len(unusual) > SHOWN else ""
    unlearned = sum(figure.lower is None for figure in figures)
    said = [f"{figure.subject}: {figure.observed}, usual {figure.bounds}" for figure in unusual[:SHOWN]]
    if not unusual:
        said.append(f"{len(figures) - unlearned} as usual")
        if unlearned:
            said.append(f"{unlearned} with too little to learn from")
    return "; ".join(said) + more
