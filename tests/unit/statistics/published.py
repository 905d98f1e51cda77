"""Rows of a small published table, with the columns of `statistics.trade_published`."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pyarrow as pa

_AMOUNT = pa.decimal128(19, 5)
SCHEMA = pa.schema(
    [("period", pa.string()), ("vintage_no", pa.int32()), ("vintage", pa.string()), ("published_on", pa.date32())]
    + [("flow", pa.string()), ("hs_level", pa.int32()), ("hs_code", pa.string()), ("partner", pa.string())]
    + [(name, _AMOUNT) for name in ("value_cny", "value_usd", "net_weight_kg", "qty1")]
    + [("unit1", pa.string())]
    + [(name, pa.int64()) for name in ("declarations", "items", "enterprises")]
    + [("conf_status", pa.string()), ("obs_status", pa.string())]
)
HIDDEN = dict.fromkeys(("value_cny", "value_usd", "net_weight_kg", "qty1", "declarations", "items", "enterprises")) | {
    "conf_status": "C",
    "obs_status": "Q",
}


def cell(level: int, code: str, partner: str, value: str = "810.00001", **changed: object) -> dict[str, object]:
    """A free cell; `changed` are columns that differ."""
    amount = Decimal(value)
    is_leaf = level == 8
    return {
        "period": "2026-11",
        "vintage_no": 1,
        "vintage": "preliminary",
        "published_on": date(2026, 12, 5),
        "flow": "E",
        "hs_level": level,
        "hs_code": code,
        "partner": partner,
        "value_cny": amount,
        "value_usd": amount / 8,
        "net_weight_kg": amount / 100,
        "qty1": amount / 10 if is_leaf else None,
        "unit1": "011" if is_leaf else None,
        "declarations": 21 if is_leaf else None,
        "items": 30,
        "enterprises": None,
        "conf_status": "F",
        "obs_status": "P",
    } | changed


def table(cells: list[dict[str, object]]) -> pa.Table:
    """As Arrow, amounts with five decimals."""
    cut = [
        {
            name: value.quantize(Decimal("0.00001")) if isinstance(value, Decimal) else value
            for name, value in row.items()
        }
        for row in cells
    ]
    return pa.Table.from_pylist(cut, schema=SCHEMA)


def november() -> list[dict[str, object]]:
    """T-shirts (also by heading alone), partly hidden, to two partners; an import; a return that lacks a weight."""
    codes = [(0, "TOTAL"), (2, "61"), (4, "6109"), (6, "610910"), (6, "6109"), (8, "61091000"), (8, "6109")]
    rows = [cell(level, code, partner) for level, code in codes for partner in ("ALL", "USA", "ZZZ")]
    rows[5] |= HIDDEN
    rows[16] |= HIDDEN
    rows.append(cell(8, "01012100", "DEU", "99999999999999.12345", flow="I", unit1="035"))
    rows.append(cell(8, "61091000", "USA", "0", flow="RE", unit1="014", net_weight_kg=None))
    return rows
