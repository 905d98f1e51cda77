"""Sample days with known faults: landing files, and beside them what a run is expected to make of them."""

from __future__ import annotations

from sandan.simulate.day import Summary, simulate_day

__all__ = ["Summary", "simulate_day"]
