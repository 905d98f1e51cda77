"""One paper before it is written: elements and values, as the field tables name them."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal

Elements = dict[str, str]

CENT = Decimal("0.01")


@dataclass(slots=True)
class Paper:
    """A record of a list: due on that day at the earliest, `app_type` 1 new, 2 change, 3 withdrawal.

    `app_time` is given when it is put into the book.
    """

    list_name: str
    due: str
    head: Elements
    items: list[Elements] = field(default_factory=list)
    app_type: str = "1"
    app_time: str = ""
    landed: str = ""

    def again(self, days: int, app_type: str = "2", **changes: str) -> Paper:
        """The same paper so many days later, with other values in its head."""
        items = [dict(item) for item in self.items]
        return Paper(self.list_name, later(self.due, days), self.head | changes, items, app_type)


def later(day: str, days: int) -> str:
    """A day so many days after another, both as YYYY-MM-DD."""
    return (date.fromisoformat(day) + timedelta(days)).isoformat()


def compact(day: str) -> str:
    """YYYY-MM-DD as YYYYMMDD."""
    return day.replace("-", "")


def cents(amount: Decimal) -> Decimal:
    """An amount to the cent, half up."""
    return amount.quantize(CENT, ROUND_HALF_UP)


def plain(number: Decimal) -> str:
    """A number without exponent or trailing zeros."""
    return f"{number.normalize():f}"
