"""The order in which runs of days were published: what a run followed, and what came between."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property
from typing import TYPE_CHECKING

from sandan.evidence import lake as lakes
from sandan.evidence.record import run_of
from sandan.run import clock, outcomes

if TYPE_CHECKING:
    import duckdb

    from sandan.run.outcomes import Outcome


@dataclass(frozen=True)
class Days:
    """`published`: run date and snapshot of each run of a day, in the order in which they were published.

    `at`: run date → when its last snapshot was made, Beijing time.
    """

    published: list[tuple[date, int]] = field(default_factory=list)
    at: dict[date, datetime] = field(default_factory=dict)

    @cached_property
    def last(self) -> dict[date, int]:
        """Run date → its last snapshot."""
        return dict(self.published)

    def is_published(self, run_date: date, stages: list[Outcome]) -> bool:
        """Whether the last attempt of a run published, by what its stages left; where that is nothing, it is long ago.

        A run that was killed as it published left no outcome of that, but a snapshot later than all it did before.
        """
        if not stages or outcomes.published(stages):
            return True
        return outcomes.is_before(stages, self.at.get(run_date))

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
    found = [
        (date.fromisoformat(run), snapshot)
        for snapshot in lakes.snapshots(lake)
        if len(run := run_of(snapshot).get("run", "")) == len("YYYY-MM-DD")
    ]
    return Days([(day, snapshot.id) for day, snapshot in found], {day: at_of(snapshot) for day, snapshot in found})


def at_of(snapshot: lakes.Snapshot) -> datetime:
    """When a snapshot was made, Beijing time."""
    return datetime.fromisoformat(snapshot.at).astimezone(clock.BEIJING).replace(tzinfo=None)
