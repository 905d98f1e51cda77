"""`make run`: one date, from its landing files to the published facts, with progress and a summary."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sandan.run.attended import attended, watched
from sandan.run.landing import land

if TYPE_CHECKING:
    from datetime import date

    from rich.console import Console

    from sandan.home import Home
    from sandan.run.progress import Watch


def run(home: Home, run_date: date) -> int:
    """Run `run_date`; returns the exit status. What stops a run is said in a few lines, the rest is in the log."""

    def work(console: Console) -> None:
        land(console, home, run_date)
        _run(console, home, run_date)

    return attended(home, f"run-{run_date.isoformat()}", work)


def _run(console: Console, home: Home, run_date: date) -> None:
    def work(watch: Watch) -> bool:
        from sandan.run.engine import run_day

        return run_day(run_date, watch)

    seconds = watched(console, home, run_date, work)

    from sandan.run.summary import show

    show(console, home, run_date, seconds)
