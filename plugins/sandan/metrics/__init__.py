"""MetricFlow on the published lake: what the figures mean is in `dbt_project/metrics`."""

from sandan.metrics.flow import metric_flow

__all__ = ["metric_flow"]
