"""The expectation for what no ready-made one can say: a query that finds the offending rows."""

from __future__ import annotations

from typing import Any, ClassVar

import sqlalchemy as sa
from great_expectations.execution_engine import ExecutionEngine, SqlAlchemyExecutionEngine
from great_expectations.expectations.expectation import BatchExpectation
from great_expectations.expectations.metrics.metric_provider import metric_value
from great_expectations.expectations.metrics.query_metric_provider import QueryMetricProvider

from sandan.gates.batch import with_batch

SHOWN = 3


class OffendingRows(QueryMetricProvider):
    """How many rows the query finds, and the first of them in words."""

    metric_name = "no_rows.offending"
    value_keys = ("query",)

    @metric_value(engine=SqlAlchemyExecutionEngine)
    def _sqlalchemy(
        cls,  # noqa: N805 - the decorator makes it a class method
        execution_engine: SqlAlchemyExecutionEngine,
        metric_domain_kwargs: dict[str, Any],
        metric_value_kwargs: dict[str, Any],
        metrics: dict[str, Any],  # noqa: ARG002
        runtime_configuration: dict[str, Any],  # noqa: ARG002
    ) -> tuple[int, list[str]]:
        query = with_batch(metric_value_kwargs["query"], execution_engine, metric_domain_kwargs)
        # one pass for count and samples, where UnexpectedRowsExpectation runs the query twice
        counted = f"SELECT count(*), min(observed, {SHOWN}) FROM ({query}) AS offending"
        count, samples = execution_engine.execute_query(sa.text(counted)).one()
        return count, samples or []


class ExpectNoRows(BatchExpectation):
    """The query returns no row; each row it does return says in its column `observed` what is wrong.

    `observed` is shown to people: no personal data. `allowed` is what the reader of a report sees as the bound.
    """

    query: str
    allowed: str = "0 rows"

    metric_dependencies: ClassVar[tuple[str, ...]] = ("table.row_count", OffendingRows.metric_name)
    success_keys: ClassVar[tuple[str, ...]] = ("query",)
    domain_keys: ClassVar[tuple[str, ...]] = ("batch_id",)

    def _validate(
        self,
        metrics: dict[str, Any],
        runtime_configuration: dict[str, Any] | None = None,  # noqa: ARG002
        execution_engine: ExecutionEngine[Any] | None = None,  # noqa: ARG002
    ) -> dict[str, Any]:
        count, samples = metrics[OffendingRows.metric_name]
        more = f" and {count - len(samples)} more" if count > len(samples) else ""
        return {
            "success": count == 0,
            "result": {
                "observed_value": "; ".join(samples) + more if count else "0 rows",
                # beside observed_value, the page renderer takes these two for those of a column map and fails
                "details": {"element_count": metrics["table.row_count"], "unexpected_count": count},
            },
        }
