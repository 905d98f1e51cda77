"""The order in which runs of days were published: what a run followed, and what came between."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING

from sandan.evidence import lake as lakes
from sandan.evidence.record import run_of

if TYPE_CHECKING:
    import duckdb


@dataclass(frozen=True)
class Days:
    """`published`: run date and snapshot of each run of a day, in the order in which they were published."""

    published: list[tuple[date, int]] = field(default_factory=list)

    @cached_property
    def last(self) -> dict[date, int]:
        """Run date → its last snapshot."""
        return dict(self.published)

    def before(self, run_date: date) -> date | None:
        """The last run date before it."""
        return max((day for day in self.last if day < run_date), default=None)

    def compared(self, run_date: date) -> tuple[date, int] | None:
        """The date before and its snapshot, where it has nothing of `run_date`, and nothing else came between.

        Otherwise the difference of the snapshots is not what the run changed.
        """
        day = self.before(run_date)
        if day is None:
            return None
        first = min(id_ for other, id_ in self.published if other == run_date)
        between = {other for other, id_ in self.published if self.last[day] < id_ < self.last[run_date]}
        return (day, self.last[day]) if self.last[day] < first and between <= {run_date} else None

    def behind(self, run_date: date) -> list[date]:
        """The dates before it that were published since: it stands on what they replaced."""
        return sorted(day for day, id_ in self.last.items() if day < run_date and id_ > self.last[run_date])

    def later(self, run_date: date) -> list[date]:
        """The dates after it that its snapshot has too."""
        return sorted({day for day, id_ in self.published if day > run_date and id_ < self.last[run_date]})

    def newly_behind(self, run_date: date) -> list[date]:
        """The dates that are behind since `run_date` was published, and were not before."""
        return [day for day in self.last if self.behind(day) == [run_date]]


def days_of(lake: duckdb.DuckDBPyConnection) -> Days:
    """The runs of days that a lake has."""
    runs = [(run_of(snapshot).get("run", ""), snapshot.id) for snapshot in lakes.snapshots(lake)]
    return Days([(date.fromisoformat(run), id_) for run, id_ in runs if len(run) == len("YYYY-MM-DD")])
