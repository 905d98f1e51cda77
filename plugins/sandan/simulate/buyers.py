"""Buyers who come again: who they are, and what each bought in a year by the end of the day before."""

from __future__ import annotations

import random
from functools import cached_property
from typing import TYPE_CHECKING

import pyarrow.parquet as pq

from sandan.simulate.people import Person, person

if TYPE_CHECKING:
    from datetime import date
    from pathlib import Path

EVERY = 4  # days from one purchase of a regular buyer to the next


def regular(day: date, ordinal: int) -> Person:
    """One of the regular buyers whose turn it is that day; the same people in every home."""
    return person(random.Random(f"regular buyer {day.toordinal() % EVERY} {ordinal}"))


class Totals:
    """What buyers bought, in cents, as `before`, the truth of the latest earlier day, has it."""

    def __init__(self, before: Path | None) -> None:
        """Nothing is read yet; None means that nobody can be said to come again."""
        self._before = before

    @property
    def known(self) -> bool:
        """Whether it is known what was bought before."""
        return self._before is not None

    def of(self, buyer: Person, year: int) -> int:
        """The buyer's total of the year."""
        return self._totals.get((buyer.id_number, year), 0)

    @cached_property
    def _totals(self) -> dict[tuple[str, int], int]:
        file = self._before and self._before / "buyers.parquet"
        if not file or not file.exists():
            return {}
        rows = pq.read_table(file).to_pydict()
        return dict(zip(zip(rows["buyer"], rows["year"], strict=True), rows["total"], strict=True))
