"""Sample days with known faults: landing files, and beside them what a run is expected to make of them.

The limits of imports are those in force since 2019: of an earlier day the truth would not be right.
"""

from __future__ import annotations

from sandan.simulate.day import Summary, simulate_day

__all__ = ["Summary", "simulate_day"]
