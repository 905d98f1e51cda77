"""Taxes of an import, item by item, at the rates that the tariff seed or the operator's own table gives.

Whole numbers only: values in 0.00001 CNY, taxes in cents, rates in ten-thousandths. Half a cent counts as one.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path

from sandan.home import PROJECT

SEED = PROJECT / "dbt_project" / "seeds" / "import_rates.csv"
#: of one purchase, in cents; above it a single item pays in full, anything else is refused
SINGLE_LIMIT = 500_000
#: of a buyer in a calendar year, in cents
ANNUAL_LIMIT = 2_600_000
RETAIL_SHARE = 7  # tenths of the tax that retail imports within the limits pay; they pay no tariff
UNIT = 1000  # 0.00001 CNY in a cent


@dataclass(frozen=True, slots=True)
class Rate:
    """Of one commodity code; ten-thousandths, so 1300 is 13 %."""

    mfn: int
    vat: int
    consumption: int


@dataclass(frozen=True, slots=True)
class Tax:
    """Of one declared line, in cents."""

    tariff: int
    consumption: int
    vat: int

    @property
    def due(self) -> int:
        """All of it."""
        return self.tariff + self.consumption + self.vat


@cache
def table(reference: Path) -> Path:
    """The operator's rates where there are some, else the seed."""
    own = reference / "import_rates.csv"
    return own if own.exists() else SEED


@cache
def rates_on(file: Path, day: date) -> dict[str, Rate]:
    """The rates in force on a day, by commodity code."""
    text = day.isoformat()
    with file.open(encoding="utf-8", newline="") as rows:
        return {
            row["hs_code"]: Rate(*(_basis(row[f"{kind}_rate"]) for kind in ("mfn", "vat", "consumption")))
            for row in csv.DictReader(rows)
            if row["valid_from"] <= text <= (row["valid_to"] or "9999-12-31")
        }


def taxes(rates: dict[str, Rate], lines: list[tuple[str, int]], extra: int, *, full: bool) -> list[Tax]:
    """The taxes of lines (commodity code, value in cents), which share freight and insurance by value.

    The last line takes what sharing leaves over. None at all where a line has no rate.
    """
    total = sum(value for _, value in lines)
    if any(code not in rates for code, _ in lines):
        return []
    left = extra * UNIT
    made = []
    for number, (code, value) in enumerate(lines, start=1):
        share = left if number == len(lines) else _half_up(extra * UNIT * value, total)
        left -= share
        made.append(_tax(value * UNIT + share, rates[code], full=full))
    return made


def _tax(value: int, rate: Rate, *, full: bool) -> Tax:
    tenths = 10 if full else RETAIL_SHARE
    # everything below over 10,000 (the rate's unit): with tariff, then without consumption tax
    with_tariff = value * (10_000 + rate.mfn if full else 10_000)
    rest = 10_000 - rate.consumption
    return Tax(
        tariff=_half_up(value * rate.mfn, 10_000 * UNIT) if full else 0,
        consumption=_half_up(with_tariff * rate.consumption * tenths, 10_000 * rest * 10 * UNIT),
        vat=_half_up(with_tariff * rate.vat * tenths, 10_000 * rest * 10 * UNIT),
    )


def _half_up(above: int, below: int) -> int:
    return (2 * above + below) // (2 * below)


def _basis(rate: str) -> int:
    return int(Decimal(rate or "0") * 10_000)
