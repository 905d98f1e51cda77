"""The rows that a suite judges, inside the queries of its expectations."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from great_expectations.core.metric_domain_types import MetricDomainTypes

if TYPE_CHECKING:
    from great_expectations.execution_engine import SqlAlchemyExecutionEngine


def with_batch(query: str, engine: SqlAlchemyExecutionEngine, domain: dict[str, Any]) -> str:
    """`query` with the rows of the suite in place of `{batch}`."""
    selectable, _, _ = engine.get_compute_domain(domain, MetricDomainTypes.TABLE)
    batch = selectable.compile(dialect=engine.engine.dialect, compile_kwargs={"literal_binds": True})
    return query.replace("{batch}", f"({batch})")
