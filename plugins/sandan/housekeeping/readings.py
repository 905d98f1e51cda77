"""What the readers made of dates that are published: the load has taken it, and a run of the date makes it again."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from sandan.housekeeping.kept import first_kept
from sandan.read.left_over import remove_left_over
from sandan.read.survey import dates
from sandan.run import outcomes
from sandan.warehouse.published_runs import PublishedRuns

if TYPE_CHECKING:
    from datetime import date

    from sandan.home import Home

#: so long nobody wrote to what counts as left by a killed command
UNTOUCHED_SECONDS = 86_400


def remove_readings(home: Home, days: int) -> str:
    """Remove `read/<date>` of published dates older than `days`, and what killed commands left a day ago."""
    first = first_kept(home, days)
    published = {day for day, _ in PublishedRuns(home).days}
    gone = [day for day in dates(home.read) if first and day < first and day in published and _is_over(home, day)]
    for day in gone:
        # what is half removed must not look like a date on which fewer sources sent something
        with tempfile.TemporaryDirectory(prefix=".reading-", dir=home.read) as scratch:
            home.read_of(day).rename(Path(scratch) / "read")
    left = remove_left_over(home, UNTOUCHED_SECONDS)
    return f"what was read of {len(gone):,} dates removed, and {len(left):,} folders or files of killed commands"


def _is_over(home: Home, day: date) -> bool:
    """Whether the last attempt at a date published it: one at work reads first, and loads what it read later."""
    return outcomes.published(outcomes.of_run(home, day)) is not None
