"""What is traded: consumer goods with ten-digit commodity codes and their legal units.

The codes and units are facts of the customs commodity table (state of 2019) whose first six digits exist in HS 2022;
names, models, weights and prices are made up.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import cache
from pathlib import Path

TABLE = Path(__file__).with_name("goods.csv")


@dataclass(frozen=True, slots=True)
class Good:
    """One kind of goods: `net_g` grams a unit, prices in CNY cents, `unit2` empty where there is none."""

    sku: str
    hs_code: str
    name: str
    model: str
    bar_code: str
    unit: str
    unit1: str
    unit2: str
    net_g: int
    price_low: int
    price_high: int


@cache
def goods(flow: str) -> tuple[Good, ...]:
    """The catalogue of one flow, `E` or `I`."""
    with TABLE.open(encoding="utf-8", newline="") as file:
        return tuple(
            Good(
                sku=f"SIM{number:03d}-{row['hs_code'][:6]}",
                hs_code=row["hs_code"],
                name=row["name"],
                model=row["model"],
                bar_code=f"2900{number:08d}",
                unit=row["unit"],
                unit1=row["unit1"],
                unit2=row["unit2"],
                net_g=round(float(row["net_kg"]) * 1000),
                price_low=int(row["price_low"]) * 100,
                price_high=int(row["price_high"]) * 100,
            )
            for number, row in enumerate(csv.DictReader(file), start=1)
            if flow in row["flows"]
        )
