"""Thirty days one after the other, each as `make run` runs it: does a day cost more the more days there were before?

`HISTORY_DAYS=30` and `HISTORY_DECLARATIONS=1000` in the environment are how many days, and how large. Each day is told
when the one before it has run, since what lands later depends on what was answered; telling is not measured.
"""

from __future__ import annotations

import os
from datetime import date, timedelta
from statistics import median

import pytest
from benchmark_day import Run, empty_home, run
from benchmark_report import against, show

from sandan.simulate import simulate_day

pytestmark = pytest.mark.benchmark

DAYS = int(os.environ.get("HISTORY_DAYS", "30"))
DECLARATIONS = int(os.environ.get("HISTORY_DECLARATIONS", "1000"))
FIRST = date(2026, 11, 1)
SEVERAL = 3
TARGET = 1.15


def test_history():
    runs: list[tuple[Run, int]] = []
    with empty_home() as home:
        for number in range(DAYS):
            day = FIRST + timedelta(number)
            simulate_day(home, day, DECLARATIONS, seed=number)
            runs.append((run(home, day), home.warehouse.stat().st_size))
    stages = [stage.name for stage in runs[-1][0].stages]
    title = f"{DAYS} days of {DECLARATIONS:,} declarations"
    show(
        "history-days",
        f"{title}: seconds by day and stage",
        ("day", *stages, "all", "records", "warehouse MB"),
        [
            (
                f"{number}",
                *(f"{done.seconds_of(name):.2f}" for name in stages),
                f"{done.seconds:.2f}",
                f"{done.records:,}",
                f"{size / 1e6:,.0f}",
            )
            for number, (done, size) in enumerate(runs, start=1)
        ],
    )
    second, last = runs[1][0], runs[-1][0]
    early, late = ([done for done, _ in some] for some in (runs[1 : 1 + SEVERAL], runs[-SEVERAL:]))
    show(
        "history",
        f"{title}: what the last costs against the second, seconds",
        (
            "stage",
            "day 2",
            f"day {DAYS}",
            "ratio",
            f"median of days 2 to {1 + SEVERAL}",
            f"of the last {SEVERAL}",
            "ratio",
        ),
        [
            growth(
                name, [getter(done) for done in (second, last)], [[getter(d) for d in some] for some in (early, late)]
            )
            for name, getter in (
                *((name, lambda done, name=name: done.seconds_of(name)) for name in stages),
                ("all", lambda done: done.seconds),
            )
        ],
        [against(f"day {DAYS} against day 2", last.seconds / second.seconds, TARGET, " times")],
    )


def growth(name: str, single: list[float], several: list[list[float]]) -> tuple[str, ...]:
    cells = [name]
    for before, after in (single, map(median, several)):
        cells += [f"{before:.2f}", f"{after:.2f}", f"{after / before:.2f}" if before else ""]
    return tuple(cells)
