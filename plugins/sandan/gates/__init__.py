"""The gates of a run: Great Expectations suites, evaluated inside DuckDB.

Importing this package is cheap; Great Expectations itself (some 6 s) is imported by the first call, so that DAG files
may name these functions at their top.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import date
    from pathlib import Path

    from sandan.home import Home

STATISTICS = "statistics"
#: in the order of a day; the last two are those of a month, whose run date is its last day
STAGES = ("received", "staged", "matched", "marts", "public_service", "integrated_service", "consolidated", STATISTICS)

__all__ = ["STAGES", "build_data_docs", "check", "overtaken", "page_name"]


def overtaken(stage: str) -> tuple[str, ...]:
    """The stages whose results a gate takes the place of: its own, and the later ones that stood on an earlier attempt.

    What a published vintage was found to be stands, whatever is run again before the next.
    """
    return (stage,) if stage == STATISTICS else STAGES[STAGES.index(stage) : -1]


def page_name(stage: str, suite: str) -> str:
    """The folder in which the Data Docs have the pages of a suite."""
    return f"{STAGES.index(stage) + 1}-{stage}-{suite}".replace(".", "-").replace(" ", "-")


def check(home: Home, run_date: date, stage: str) -> list[str]:
    """Evaluate the suites of `stage` on the run of `run_date`; return the warnings, one line each.

    Results go to `audit.gate_results` in the warehouse and, for the Data Docs, to `home.report_of(run_date)`; pages are
    built by `build_data_docs` only, once a run, also after a gate that failed.

    Raises:
        BusyError: another process has the warehouse.
        GateFailedError: a critical expectation does not hold, or an expectation could not be evaluated at all.
        ValueError: no such stage.
    """
    from sandan.gates.gate import run_gate

    return run_gate(home, run_date, stage)


def build_data_docs(home: Home, run_date: date) -> Path:
    """Build the Data Docs of the run, as far as its gates got, beside those of earlier runs; return `index.html`.

    The newest `docs.KEPT_RUNS` runs are kept. The pages ask nothing of the network.
    """
    from sandan.gates.docs import build

    return build(home, run_date)
