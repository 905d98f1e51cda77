"""The DuckDB warehouse, which one process writes at a time, and the published lake, which many read."""

from __future__ import annotations

from sandan.warehouse.begin import begin
from sandan.warehouse.connect import connect
from sandan.warehouse.lake import connect_published
from sandan.warehouse.load import load
from sandan.warehouse.publish import publish
from sandan.warehouse.transform import transform

__all__ = ["begin", "connect", "connect_published", "load", "publish", "transform"]
