"""The DuckDB warehouse, which one process writes at a time, and the published lake, which many read."""

from __future__ import annotations

from sandan.warehouse.begin import begin
from sandan.warehouse.connect import connect
from sandan.warehouse.lake import connect_published
from sandan.warehouse.load import load
from sandan.warehouse.months import begin_month
from sandan.warehouse.publish import publish, publish_month, publish_vintage
from sandan.warehouse.transform import transform
from sandan.warehouse.vintages import begin_vintage

__all__ = [
    "begin", "begin_month", "begin_vintage", "connect", "connect_published", "load", "publish", "publish_month",
    "publish_vintage", "transform",
]  # fmt: skip
