"""A run that somebody watches: one at a time in a home, errors in a few lines, everything else in a log."""

from __future__ import annotations

import traceback
from typing import TYPE_CHECKING

from rich.console import Console
from rich.markup import escape

from sandan.errors import SandanError
from sandan.lock import only_one
from sandan.run import clock, notes
from sandan.run.beside import parsed_beside
from sandan.run.diverted import diverted
from sandan.run.environment import configure

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date

    from sandan.home import Home
    from sandan.month import Month
    from sandan.run.progress import Watch


def attended(home: Home, name: str, work: Callable[[Console], None]) -> int:
    """Do `work` under the lock of the home; returns the exit status. `name` is the beginning of the log's name."""
    configure(home)
    file = home.logs / f"{name}-{clock.now():%Y%m%d%H%M%S}.log"
    with diverted(file) as terminal:
        console = Console(file=terminal, highlight=False, soft_wrap=True)
        try:
            with only_one(home.root / "run.lock", f"another run is at work in {home.root}", "wait for it to end"):
                work(console)
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


def watched(console: Console, home: Home, run: date | Month, work: Callable[[Watch], bool]) -> dict[str, float]:
    """Show the stages of `run` while `work` runs them; returns the seconds of each.

    Raises:
        SandanError: a stage failed, or `work` says that it did not succeed.
    """
    from sandan.run.progress import Watch

    with Watch(console, home, run) as watch, parsed_beside(home):
        # Airflow takes seconds to import: the clock of the first line is running by now
        from sandan.run.engine import prepare_metadata

        prepare_metadata(home)
        succeeded = work(watch)
    if watch.error:
        notes.show(console, home, run)
        # the task failed with Airflow's own exception, so that it is not tried again; ours is its cause
        raise watch.error.__cause__ if isinstance(watch.error.__cause__, SandanError) else watch.error
    if not succeeded:
        raise SandanError("a task of the run failed without saying why", "look for the first error in the log")
    return watch.seconds
