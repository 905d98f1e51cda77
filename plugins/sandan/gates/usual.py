"""What is usual, learned from what the gates of the weeks before observed.

A figure is compared with that of days of the same kind (working days, or Saturdays and Sundays) in the eight weeks
before: median and median absolute deviation, which a few odd days among them do not move. Days of a sale are no days to
learn from, and are themselves allowed more. With too little to learn from nothing is unusual, and the basis says so.
Make-up working days and public holidays are not known here: they are judged as the weekday that they fall on.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from math import inf, sqrt
from statistics import median
from typing import TYPE_CHECKING, Literal

from scipy.stats import binom

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

Measure = Literal["count", "share", "size"]

TRAILING = timedelta(weeks=8)
#: days of the same kind without which nothing is said: two weeks of working days, less a holiday; a month of weekends
ENOUGH = 8
#: spreads that a figure may be away from the median; a spread is what a standard deviation is to a normal distribution
WIDTH = 5
MAD_TO_SPREAD = 1.4826
#: no figure is held to less than this part of its median: a month of equal days is no promise
LEAST_SPREAD = 0.1
#: shares below are not told apart: one record of a hundred
LEAST_SHARE = 0.01
#: what chance makes of a share on more than one of so many days is usual: no spread says what it makes of few records
SELDOM = 100_000
#: a source that sends on nine of ten days is missed on the tenth
REGULAR = 0.9

#: month and day of the great sales; parcels follow for days
SALES = ((6, 18), (11, 11), (12, 12))
SALE_LASTS = timedelta(days=4)
SALE_WIDENS = 10


@dataclass(frozen=True)
class Usual:
    """From `lower` to `upper` is usual; neither is known where there is too little to learn from. `or_none`: 0 too."""

    lower: float | None
    upper: float | None
    basis: str
    or_none: bool = False

    def holds(self, value: float) -> bool:
        """Whether a value is usual, or nothing is known against it."""
        if self.or_none and value == 0:
            return True
        return (-inf if self.lower is None else self.lower) <= value <= (inf if self.upper is None else self.upper)


@dataclass(frozen=True)
class Figure:
    """One figure of a run against its bounds."""

    subject: str
    value: float
    measure: Measure
    success: bool
    lower: float | None
    upper: float | None
    basis: str

    @classmethod
    def of(cls, subject: str, value: float, measure: Measure, bounds: Usual) -> Figure:
        """A figure judged."""
        return cls(subject, value, measure, bounds.holds(value), bounds.lower, bounds.upper, bounds.basis)

    @property
    def observed(self) -> str:
        """The value as a person writes it."""
        return self._written(self.value)

    @property
    def bounds(self) -> str:
        """The bounds as a person writes them."""
        if self.lower is None or self.upper is None:
            return "not known yet"
        return f"{self._written(self.lower)} to {self._written(self.upper)}"

    def _written(self, value: float) -> str:
        return f"{value:.1%}" if self.measure == "share" else f"{value:,.{0 if self.measure == 'count' else 2}f}"


def is_sale(day: date) -> bool:
    """Whether a day lies in one of the great sales."""
    return any(timedelta() <= day - day.replace(month=month, day=first) < SALE_LASTS for month, first in SALES)


def usual(run_date: date, history: Mapping[date, float], measure: Measure, total: float | None = None) -> Usual:
    """What is usual for a figure on `run_date`, by its values on earlier days.

    `measure`: count of what arrives (0: nothing did), share of a `total`, or size (an amount, say) of what there is.
    """
    kind = "weekend days" if _is_weekend(run_date) else "working days"
    days = {
        day: value
        for day, value in history.items()
        if run_date - TRAILING <= day < run_date and _is_weekend(day) == _is_weekend(run_date) and not is_sale(day)
    }
    # who sends now and then is compared with the days on which it sent
    values = [value for value in days.values() if value > 0 or measure == "share"]
    if len(values) < ENOUGH:
        return Usual(None, None, f"too little to learn from: {len(values)} {kind} of the {ENOUGH} needed")
    middle = median(values)
    mad = median(abs(value - middle) for value in values)
    spread = max(MAD_TO_SPREAD * mad, _chance(middle, measure, total))
    basis = f"median {middle:,.5g}, spread {spread:,.3g}, of {len(values)} {kind}"
    lower, upper = middle - WIDTH * spread, middle + WIDTH * spread
    if measure == "share":
        least, most = _shares_by_chance(middle, total)
        lower, upper = min(lower, least), max(upper, most)
    if is_sale(run_date):
        lower, upper = middle - SALE_WIDENS * (middle - lower), middle + SALE_WIDENS * (upper - middle)
        basis += f"; a sale: bounds {SALE_WIDENS} times as wide"
    if measure == "share":
        return Usual(max(lower, 0), min(upper, 1), basis)
    if measure == "size":
        return Usual(max(lower, 0), upper, basis)
    if len(values) >= REGULAR * len(days):
        return Usual(max(lower, 1), upper, basis)
    return Usual(max(lower, 0), upper, f"{basis}; not sent on every day: 0 is usual too", or_none=True)


def _chance(middle: float, measure: Measure, total: float | None) -> float:
    """The spread that chance alone makes, of a count or of a share."""
    if measure == "share":
        share = _told_apart(middle)
        return sqrt(share * (1 - share) / max(total or 1, 1))
    return max(LEAST_SPREAD * middle, sqrt(middle) if measure == "count" else 0.0)


def _shares_by_chance(middle: float, total: float | None) -> tuple[float, float]:
    """The shares of a total between which all but the most improbable days are: binomial, exact also of a few."""
    of = max(total or 1, 1)
    least, most = binom.ppf([1 / SELDOM, 1 - 1 / SELDOM], of, _told_apart(middle))
    return float(least) / of, float(most) / of


def _told_apart(share: float) -> float:
    return min(max(share, LEAST_SHARE), 1 - LEAST_SHARE)


def _is_weekend(day: date) -> bool:
    return day.isoweekday() > 5  # noqa: PLR2004 - Saturday is 6
