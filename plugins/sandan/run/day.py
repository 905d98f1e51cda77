"""`make run`: one date, from its landing files to the published facts, with progress and a summary."""

from __future__ import annotations

import traceback
from typing import TYPE_CHECKING

from rich.console import Console
from rich.markup import escape

from sandan.errors import SandanError
from sandan.lock import only_one
from sandan.run import clock, notes
from sandan.run.diverted import diverted
from sandan.run.environment import configure
from sandan.run.landing import land

if TYPE_CHECKING:
    from datetime import date

    from sandan.home import Home


def run(home: Home, run_date: date) -> int:
    """Run `run_date`; returns the exit status. What stops a run is said in a few lines, the rest is in the log."""
    configure(home)
    file = home.logs / f"run-{run_date.isoformat()}-{clock.now():%Y%m%d%H%M%S}.log"
    with diverted(file) as terminal:
        console = Console(file=terminal, highlight=False, soft_wrap=True)
        try:
            with only_one(home.root / "run.lock", f"another run is at work in {home.root}", "wait for it to end"):
                land(console, home, run_date)
                _run(console, home, run_date)
        except SandanError as error:
            console.print(f"\n[red]{escape(str(error))}[/]")
        except Exception as error:  # noqa: BLE001 - the outermost frame: what nobody foresaw still gets a short message
            with file.open("a", encoding="utf-8") as log:
                traceback.print_exc(file=log)
            said = " ".join([f"{type(error).__name__}: {error}", *getattr(error, "__notes__", [])])
            console.print(f"\n[red]{escape(said)}[/]\n  → the log has the traceback")
        else:
            return 0
        finally:
            console.print(f"\nLog: {file}", style="dim")
    return 1


def _run(console: Console, home: Home, run_date: date) -> None:
    from sandan.run.progress import Watch

    with Watch(console, home, run_date) as watch:
        # Airflow takes seconds to import: the clock of the first line is running by now
        from sandan.run.engine import prepare_metadata, run_day

        prepare_metadata(home)
        succeeded = run_day(run_date, watch)
    if watch.error:
        notes.show(console, home, run_date)
        # the task failed with Airflow's own exception, so that it is not tried again; ours is its cause
        raise watch.error.__cause__ if isinstance(watch.error.__cause__, SandanError) else watch.error
    if not succeeded:
        raise SandanError("a task of the run failed without saying why", "look for the first error in the log")

    from sandan.run.summary import show

    show(console, home, run_date, watch.seconds)
