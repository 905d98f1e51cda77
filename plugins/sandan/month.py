"""A calendar month: what consolidation runs for, as a day is what the three lists run for."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import ClassVar, Self


@dataclass(frozen=True, order=True)
class Month:
    """A month, by its first day."""

    first: date

    @classmethod
    def of(cls, day: date) -> Month:
        """The month of `day`."""
        return cls(day.replace(day=1))

    @classmethod
    def fromisoformat(cls, text: str) -> Self:
        """The month written `YYYY-MM`.

        Raises:
            ValueError: `text` is no month.
        """
        found = cls(date.fromisoformat(f"{text}-01"))
        if str(found) != text:
            raise ValueError(f"{text!r} is no month")
        return found

    @property
    def last(self) -> date:
        """Its last day: a month is consolidated as of then."""
        return self.after.first - timedelta(days=1)

    @property
    def before(self) -> Month:
        """The month before."""
        return Month.of(self.first - timedelta(days=1))

    @property
    def after(self) -> Month:
        """The month after."""
        return Month.of(self.first + timedelta(days=31))

    def isoformat(self) -> str:
        """`YYYY-MM`."""
        return str(self)

    def __str__(self) -> str:
        return f"{self.first:%Y-%m}"


@dataclass(frozen=True, order=True)
class CountedMonth(Month):
    """A month as its statistics are made: the reports of such a run lie beside those of its consolidation."""

    SUFFIX: ClassVar = "-statistics"

    def isoformat(self) -> str:
        """`YYYY-MM-statistics`."""
        return f"{self}{self.SUFFIX}"


def run_of(written: str) -> date | Month:
    """What a run is for, as `isoformat` writes it: a day, a month, or a month of statistics."""
    if written.endswith(CountedMonth.SUFFIX):
        return CountedMonth.fromisoformat(written.removesuffix(CountedMonth.SUFFIX))
    return date.fromisoformat(written) if len(written) == len("YYYY-MM-DD") else Month.fromisoformat(written)
