"""How long a home keeps what it could make again."""

from __future__ import annotations

import os
from datetime import timedelta
from typing import TYPE_CHECKING

from sandan.errors import SandanError
from sandan.run import clock
from sandan.warehouse.published_runs import PublishedRuns

if TYPE_CHECKING:
    from datetime import date, datetime

    from sandan.home import Home

DAYS = 31


def keep_days() -> int:
    """`SANDAN_KEEP_DAYS`, or 31.

    Raises:
        SandanError: it is no whole number.
    """
    told = os.environ.get("SANDAN_KEEP_DAYS") or str(DAYS)
    if not (told.isascii() and told.isdigit()):
        raise SandanError(f"SANDAN_KEEP_DAYS is {told!r}", "write a whole number of days, 0 or more")
    return int(told)


def first_kept(home: Home, days: int) -> date | None:
    """The first run date to be kept, so many days before the last one published; None where nothing is published."""
    published = {day for day, _ in PublishedRuns(home).days}
    return max(published) - timedelta(days=days) if published else None


def kept_since(days: int) -> datetime:
    """The same for what has the time of a clock: so many days ago, Beijing time with its zone."""
    return clock.now().replace(tzinfo=clock.BEIJING) - timedelta(days=days)
