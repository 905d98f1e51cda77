"""Great Expectations, without its telemetry and progress bars."""

from __future__ import annotations

import os

# read when great_expectations is imported, so before it
os.environ.setdefault("GX_ANALYTICS_ENABLED", "false")

from typing import TYPE_CHECKING

import great_expectations as gx
from great_expectations.data_context.types.base import ProgressBarsConfig

if TYPE_CHECKING:
    from great_expectations.data_context import EphemeralDataContext


def quiet_context() -> EphemeralDataContext:
    """A context in memory: suites are code, results are kept by us."""
    context = gx.get_context(mode="ephemeral")
    context.variables.progress_bars = ProgressBarsConfig(globally=False)
    return context
