"""The ways a run stops, each with what to do about it."""

from __future__ import annotations

from pathlib import Path


class SandanError(Exception):
    """A run cannot go on. `remedy` says what the operator does next."""

    def __init__(self, problem: str, remedy: str) -> None:
        super().__init__(f"{problem}\n  → {remedy}")
        self.problem = problem
        self.remedy = remedy


class BusyError(SandanError):
    """Another process holds what the run needs: trying again later may help, where no other `SandanError` does."""


class ConfigurationError(SandanError):
    """A configuration file is wrong at `file`, line `line` (counted from 1; 0 where no line is to blame)."""

    def __init__(self, file: Path, line: int, problem: str, remedy: str) -> None:
        super().__init__(f"{file}:{line}: {problem}" if line else f"{file}: {problem}", remedy)
        self.file = file
        self.line = line


class GateFailedError(SandanError):
    """A critical expectation of a gate did not hold: nothing is published.

    `failures` has one line an expectation: what was expected and what was observed. `report` is the page on which the
    Data Docs show it, once they are built.
    """

    def __init__(self, gate: str, failures: list[str], report: Path) -> None:
        lines = "\n".join(f"    {failure}" for failure in failures)
        super().__init__(
            f"gate {gate} stopped the run; nothing was published\n{lines}",
            f"read the report, which the task data_docs builds: {report}",
        )
        self.gate = gate
        self.failures = failures
        self.report = report
