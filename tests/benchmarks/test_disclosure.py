"""Disclosure control of a month, against what adding up the same table costs, in turns.

The baseline is DuckDB's plain aggregation of the contributions to all published cells. Codes, partners and enterprises
are skewed: a few have most of the trade.
"""

from __future__ import annotations

import os
import time
from statistics import median

import duckdb
import psutil
import pytest
from benchmark_report import against, show

from sandan.statistics import Rules, protect
from sandan.statistics.cells import LEVELS

pytestmark = pytest.mark.benchmark

ITEMS = int(os.environ.get("ITEMS", "1500000"))
CODES = 600
PARTNERS = 200
ENTERPRISES = 4000
ROUNDS = 3
TARGET_CELLS, TARGET_SECONDS = 100_000, 20


@pytest.fixture
def connection() -> duckdb.DuckDBPyConnection:
    found = duckdb.connect()
    found.execute("set threads = 1")  # the same draw on every machine
    found.execute("select setseed(0.5)")
    found.execute(f"""
        create table items as
        select
            (pow(random(), 2) * {CODES - 1})::integer as code,
            (pow(random(), 2) * {PARTNERS - 1})::integer as partner,
            (pow(random(), 2) * 60)::integer as rank,
            exp(1.2 * sqrt(-2 * ln(random() + 1e-9)) * cos(2 * pi() * random()) + 4) as value
        from range({ITEMS})
    """)
    found.execute(f"""
        create table contributions as
        select
            '2026-11' as period,
            'E' as flow,
            -- 20 codes a chapter, 4 a heading, 2 a subheading; of each 25 one is simplified
            case
                when code % 25 = 0 then format('{{:02d}}{{:02d}}', 10 + code // 20, 90)
                else format('{{:02d}}{{:02d}}{{:02d}}{{:02d}}', 10 + code // 20, code // 4 % 5, code // 2 % 2, code % 2)
            end as hs_code,
            format('P{{:03d}}', partner) as partner,
            format('E{{:04d}}', (code * 37 + rank * (rank + 1)) % {ENTERPRISES}) as enterprise,
            round(value, 2)::decimal(18, 2) as value_cny,
            round(value / 7.1, 2)::decimal(18, 2) as value_usd,
            round(value / (1 + rank % 7), 3)::decimal(18, 3) as net_weight_kg,
            ceil(value / 50)::decimal(18, 5) as qty1,
            '011' as unit1,
            1::bigint as declarations,
            1::bigint as items
        from items
    """)
    found.execute("drop table items")
    found.execute("set threads = 2")
    return found


def test_disclosure(connection):
    rows = "select count(*), count(distinct (hs_code, partner)) from contributions"
    items, leaves = connection.execute(rows).fetchone()
    rounds = [(added_up(connection), protected(connection)) for _ in range(ROUNDS)]
    plain, (controlled, result) = (min(column, key=first) for column in zip(*rounds, strict=True))
    ratio = median(control[0] / plain for plain, control in rounds)
    memory = psutil.Process().memory_info().rss / 1e6
    show(
        "disclosure",
        f"Disclosure control: {items:,} items, {leaves:,} leaf cells, {len(result.cells):,} published cells",
        ("", "seconds", "leaf cells/s"),
        [
            ("plain aggregation", f"{plain:.2f}", f"{leaves / plain:,.0f}"),
            ("disclosure control", f"{controlled:.2f}", f"{leaves / controlled:,.0f}"),
            ("ratio", f"{ratio:.1f}", ""),
        ],
        [
            f"Memory of the process after it: {memory:,.0f} MB.",
            against(f"{TARGET_CELLS:,} leaf cells", controlled * TARGET_CELLS / leaves, TARGET_SECONDS, " s"),
        ],
    )
    show(
        "disclosure-hidden",
        "Value hidden, by digits of the HS",
        ("digits", "cells", "hidden", "share of value"),
        [(f"{a.hs_level}", f"{a.cells:,}", f"{a.hidden_cells:,}", f"{a.share:.1%}") for a in result.accounts],
    )


def first(measured):
    return measured[0] if isinstance(measured, tuple) else measured


def added_up(connection: duckdb.DuckDBPyConnection) -> float:
    """Seconds of the plain sums."""
    start = time.perf_counter()
    sums = "sum(value_cny), sum(value_usd), sum(net_weight_kg), sum(items), count(distinct enterprise)"
    codes = ", ".join(f"left(hs_code, {level}) as hs{level}" for level in LEVELS)
    sets = ", ".join(f"(period, flow, hs{level}, partner), (period, flow, hs{level})" for level in LEVELS)
    connection.execute(f"""
        select {", ".join(f"hs{level}" for level in LEVELS)}, partner, {sums}
        from (select *, {codes} from contributions)
        group by grouping sets ({sets})
    """).to_arrow_table()
    return time.perf_counter() - start


def protected(connection: duckdb.DuckDBPyConnection):
    start = time.perf_counter()
    result = protect(connection, "contributions", Rules(3, 15))
    return time.perf_counter() - start, result
