"""`make housekeeping`: what a home need not keep goes, and it says how much room that makes."""

from __future__ import annotations

from math import log
from typing import TYPE_CHECKING

from rich.table import Table

from sandan.housekeeping import STEPS
from sandan.housekeeping.kept import keep_days
from sandan.housekeeping.places import sizes
from sandan.run.attended import attended

if TYPE_CHECKING:
    from rich.console import Console

    from sandan.home import Home

KILO = 1000
UNITS = ("kB", "MB", "GB", "TB")


def tidy(home: Home, days: int | None) -> int:
    """Do every step, keeping `days` days; returns the exit status. Whatever interrupts it, the next goes on."""
    return attended(home, "housekeeping", lambda console: _tidy(console, home, keep_days() if days is None else days))


def _tidy(console: Console, home: Home, days: int) -> None:
    before = sizes(home)
    for name, step in STEPS.items():
        with console.status(name):
            said = step(home, days)
        console.print(f"{name}: {said}")
    after = sizes(home)
    table = Table("place", box=None)
    for title in ("before", "after"):
        table.add_column(title, justify="right")
    for place in sorted(before.keys() | after.keys()):
        table.add_row(place, *(written(of.get(place, 0)) for of in (before, after)))
    table.add_row("all", *(written(sum(of.values())) for of in (before, after)), style="bold")
    console.print()
    console.print(table)
    console.print(f"\nKept: {days} days. Landing, published, ledger, exchange, reports and audit are never touched.")


def written(size: float) -> str:
    """A number of bytes in decimal units, as disks are sold: 1.3 MB."""
    if size < KILO:
        return f"{size:.0f} B"
    exponent = min(int(log(size, KILO)), len(UNITS))
    return f"{size / KILO**exponent:.1f} {UNITS[exponent - 1]}"
