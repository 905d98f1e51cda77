"""The ways a run stops, each with what to do about it."""

from __future__ import annotations

from pathlib import Path


class SandanError(Exception):
    """A run cannot go on. `remedy` says what the operator does next."""

    def __init__(self, problem: str, remedy: str) -> None:
        super().__init__(f"{problem}\n  → {remedy}")
        self.problem = problem
        self.remedy = remedy


class ConfigurationError(SandanError):
    """A configuration file is wrong at `file`, line `line` (counted from 1)."""

    def __init__(self, file: Path, line: int, problem: str, remedy: str) -> None:
        super().__init__(f"{file}:{line}: {problem}", remedy)
        self.file = file
        self.line = line


class GateFailedError(SandanError):
    """A critical expectation of a gate did not hold: nothing is published.

    `failures` has one line an expectation: what was expected and what was observed.
    """

    def __init__(self, gate: str, failures: list[str], report: Path) -> None:
        lines = "\n".join(f"    {failure}" for failure in failures)
        super().__init__(f"gate {gate} stopped the run; nothing was published\n{lines}", f"read the report: {report}")
        self.gate = gate
        self.failures = failures
        self.report = report
