"""One record of a list before it is written: elements and values, in the order of the message."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    import random
    from collections.abc import Sequence

T = TypeVar("T")
Elements = dict[str, str]


@dataclass(slots=True)
class Sheet:
    """A record: `source` is the landing folder it goes to, `items` empty where the message has none."""

    message: str
    source: str
    head: Elements
    items: list[Elements]

    def again(self, rng: random.Random, app_type: str, app_time: str) -> Sheet:
        """The same record once more, with a new guid; head and items are copies."""
        head = dict(self.head)
        head["guid"] = guid(rng)
        head["appType"] = app_type
        head["appTime"] = app_time
        return Sheet(self.message, self.source, head, [dict(item) for item in self.items])


@dataclass(frozen=True, slots=True)
class Clock:
    """Times of the story: seconds from midnight of `day`, which may be negative or beyond one day."""

    day: date

    def stamp(self, seconds: int) -> str:
        """YYYYMMDDhhmmss."""
        days, second = divmod(seconds, 86400)
        return _text(self.day, days) + f"{second // 3600:02d}{second // 60 % 60:02d}{second % 60:02d}"

    def date(self, days: int = 0) -> str:
        """YYYYMMDD."""
        return _text(self.day, days)


@cache
def _text(day: date, days: int) -> str:
    return (day + timedelta(days)).strftime("%Y%m%d")


def guid(rng: random.Random) -> str:
    """36 characters, upper case."""
    text = f"{rng.getrandbits(128):032X}"
    return f"{text[:8]}-{text[8:12]}-{text[12:16]}-{text[16:20]}-{text[20:]}"


def money(cents: int) -> str:
    """Cents as an amount with two decimals."""
    return f"{cents // 100}.{cents % 100:02d}"


def kilograms(weight: int) -> str:
    """Grams as kilograms with three decimals."""
    return f"{weight // 1000}.{weight % 1000:03d}"


def cents(amount: str) -> int:
    """An amount that `money` wrote, in cents."""
    return int(amount.replace(".", ""))


def grams(weight: str) -> int:
    """A weight that `kilograms` wrote, in grams."""
    return int(weight.replace(".", ""))


def below(rng: random.Random, limit: int) -> int:
    """A whole number from 0 to `limit` - 1; several times as fast as randrange, and millions are needed."""
    return int(rng.random() * limit)


def pick(rng: random.Random, values: Sequence[T]) -> T:
    """One of the values, as fast."""
    return values[int(rng.random() * len(values))]
