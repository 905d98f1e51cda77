"""Contributions to small tables, and what the rules ask of them, recounted apart from the code under test."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

import duckdb
import pyarrow as pa
from attacker import Attacker

from sandan.statistics import Rules, protect

if TYPE_CHECKING:
    from attacker import Cell

    from sandan.statistics import Protected

LEVELS = (0, 2, 4, 6, 8)
FEWEST, PERCENT = 3, 15
RULES = Rules(FEWEST, PERCENT)


@dataclass(frozen=True)
class Part:
    """What one enterprise contributed to one leaf."""

    hs_code: str
    partner: str
    enterprise: str
    value: int
    weight: int = 0
    unit: str = "011"

    def row(self) -> dict[str, object]:
        value = Decimal(self.value)
        return {
            "period": "2026-11",
            "flow": "E",
            "hs_code": self.hs_code,
            "partner": self.partner,
            "enterprise": self.enterprise,
            "value_cny": value,
            "value_usd": value / 8,
            "net_weight_kg": Decimal(self.weight or 2 * self.value),
            "qty1": value / 2,
            "unit1": self.unit,
            "declarations": 1,
            "items": 1,
        }

    def cells(self) -> list[Cell]:
        """All published cells that it is part of."""
        codes = [(level, self.hs_code[:level] or "TOTAL") for level in LEVELS]
        return [(level, code, partner) for level, code in codes for partner in (self.partner, "ALL")]


_DECIMALS = pa.decimal128(18, 4)
SCHEMA = pa.schema(
    [(name, pa.string()) for name in ("period", "flow", "hs_code", "partner", "enterprise")]
    + [(name, _DECIMALS) for name in ("value_cny", "value_usd", "net_weight_kg", "qty1")]
    + [("unit1", pa.string()), ("declarations", pa.int64()), ("items", pa.int64())]
)


def read(text: str) -> list[Part]:
    """Lines of `code partner enterprise=value …`."""
    lines = [line.split() for line in text.strip().splitlines()]
    return [
        Part(code, partner, enterprise, int(value))
        for code, partner, *parts in lines
        for enterprise, value in (part.split("=") for part in parts)
    ]


def protected(parts: list[Part], rules: Rules = RULES, before: pa.Table | None = None) -> Protected:
    connection = duckdb.connect()
    connection.register("contributions", pa.Table.from_pylist([part.row() for part in parts], schema=SCHEMA))
    if before is not None:
        connection.register("before", before)
    return protect(connection, "contributions", rules, hidden_before=None if before is None else "before")


def published(cells: pa.Table, measure: str = "value_cny") -> dict[Cell, float | None]:
    """Of each published cell its value; None: hidden."""
    return {
        (row["hs_level"], row["hs_code"], row["partner"]): None if row[measure] is None else float(row[measure])
        for row in cells.select(["hs_level", "hs_code", "partner", measure]).to_pylist()
    }


def hidden(cells: pa.Table) -> set[Cell]:
    return {cell for cell, value in published(cells).items() if value is None}


def contributions(parts: list[Part]) -> dict[Cell, dict[str, int]]:
    """Of each cell what each enterprise contributed."""
    found: dict[Cell, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    for part in parts:
        for cell in part.cells():
            found[cell][part.enterprise] += part.value
    return found


def levels(parts: list[Part], fewest: int = FEWEST, percent: int = PERCENT) -> dict[Cell, float]:
    """How uncertain each unsafe cell must be for who looks on or takes part, worked out by the letter of the rules."""
    found = {}
    for cell, given in contributions(parts).items():
        sizes = sorted((value for value in given.values() if value), reverse=True)
        first, second = [*sizes, 0, 0][:2]
        total, p = sum(sizes), percent / 100
        if len(sizes) < fewest:
            found[cell] = p * total
        elif total - first - second < p * first:
            found[cell] = p * first - (total - first - second)
    return found


def naive(parts: list[Part]) -> dict[Cell, float | None]:
    """What is published if unsafe cells alone are hidden."""
    unsafe = levels(parts)
    return {
        cell: None if cell in unsafe else float(sum(given.values())) for cell, given in contributions(parts).items()
    }


def broken(parts: list[Part], shown: dict[Cell, float | None]) -> dict[Cell, tuple[float, float]]:
    """Intervals of unsafe cells that are narrower, on either side, than the rules ask for."""
    unsafe = levels(parts)
    given = contributions(parts)
    found = Attacker(shown).intervals(list(unsafe))
    return {
        cell: found[cell]
        for cell, level in unsafe.items()
        if (total := sum(given[cell].values()))
        and (found[cell][1] < total + level - 1e-6 or found[cell][0] > total - level + 1e-6)
    }
