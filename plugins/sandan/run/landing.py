"""What a run finds landed: checked before Airflow starts, and simulated where there is nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sandan.run.clock import seed_of

if TYPE_CHECKING:
    from datetime import date

    from rich.console import Console

    from sandan.home import Home

DECLARATIONS = 2_000


def land(console: Console, home: Home, run_date: date) -> None:
    """Validate the sources; if nothing landed for the date, simulate a day of 2,000 declarations.

    A landing that holds files of other dates and was never simulated belongs to real sources: nothing is put there.

    Raises:
        ConfigurationError: a source file is wrong.
    """
    from sandan.read import survey

    found = survey(home, run_date)
    is_real = not home.simulation.exists() and (found.unclaimed or any(home.landing.glob("*/*")))
    if not found.sources and not is_real:
        from sandan.simulate import simulate_day
        from sandan.simulate.papers import simulate_papers

        with console.status(f"Nothing landed for {run_date}: simulating {DECLARATIONS:,} declarations"):
            told = simulate_day(home, run_date, DECLARATIONS, seed_of(run_date))
            written = simulate_papers(home, run_date)
        papers = f"{written.papers:,} papers, " if written.papers else ""
        console.print(
            f"Nothing had landed for {run_date}: [bold]simulated[/] {told.declarations:,} declarations, {papers}"
            f"{told.files + written.files:,} files"
        )
    elif not found.sources:
        console.print(f"[yellow]Nothing landed for {run_date}[/]; the run carries the backlog")
