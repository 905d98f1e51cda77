"""The matching step by us and by others, on the lists that a run has just matched: seconds and peak memory.

Each peer is a process of its own with two threads. It reads four Parquet files (current orders, payments, waybills, and
the declarations in scope), puts the lists side by side, says where they agree, and writes a row a declaration. Amounts
are whole hundred-thousandths, since not everyone adds up decimals. All have to find what the warehouse has found.
"""

from __future__ import annotations

import re
import shutil
from importlib.util import find_spec
from pathlib import Path

import duckdb
import pytest
from benchmark_report import show
from benchmark_usage import watched

from sandan import warehouse

pytestmark = pytest.mark.benchmark

PEERS = Path(__file__).parent / "peers"
NAMES = {
    "duckdb_sql": "DuckDB (ours)",
    "polars_frames": "Polars, streaming",
    "pandas_frames": "pandas",
    "splink_linkage": "Splink, exact",
    "spark_local": "Spark, local",
}
#: the current record of each key of a list
CURRENT = """
select record_id from (
    from staging.current_records where list = '{}'
    qualify row_number() over (partition by key order by run_date desc) = 1
)
where is_live
"""
#: what the matching models read of each list; `whole` makes an amount a whole number
LISTS = {
    "declarations": """
        select declaration_key, order_key, waybill_key, flow, ebc_code, whole(gross_weight_kg) as gross_weight
        from matching.declared
    """,
    "orders": f"""
        select
            order_key, ebc_code,
            whole(case flow when 'E' then goods_value + coalesce(freight, 0) else actural_paid end) as amount_due
        from staging.stg_orders where record_id in ({CURRENT.format("order")})
    """,
    "payments": f"""
        select payment_key, order_key, whole(amount_paid) as amount_paid
        from staging.stg_payments where record_id in ({CURRENT.format("payment")})
    """,
    "waybills": f"""
        select waybill_key, whole(gross_weight) as gross_weight
        from staging.stg_waybills where record_id in ({CURRENT.format("waybill")})
    """,
}
WHOLE = "create or replace temp macro whole(amount) as cast(amount * 100000 as bigint)"
GROUPS = "flow, has_order, has_payment, has_waybill, same_enterprise, same_amount, same_weight"
FOUND = f"select {GROUPS}, count(*) from {{}} group by all order by all"
#: what the warehouse has found, in the peers' columns
OURS = """(
    select
        *,
        coalesce(order_ebc_code = ebc_code, false) as same_enterprise,
        coalesce(amount_paid = amount_due, false) as same_amount,
        coalesce(waybill_gross_weight = gross_weight_kg, false) as same_weight
    from matching.matched
)"""


def test_peers(day, tmp_path):
    size, home, _ = day
    lists = tmp_path / "lists"
    lists.mkdir()
    with warehouse.connect(home) as connection:
        connection.execute(WHOLE)
        for name, query in LISTS.items():
            connection.execute(f"copy ({query}) to '{lists / name}.parquet'")
        expected = connection.execute(FOUND.format(OURS)).fetchall()
    declarations = sum(row[-1] for row in expected)
    rows, left_out = [], []
    for peer, name in NAMES.items():
        if reason := missing(peer):
            left_out.append(f"{name}: left out, {reason}.")
            continue
        target = tmp_path / f"{peer}.parquet"
        usage, start, end = watched(tmp_path / peer, str(PEERS / f"{peer}.py"), str(lists), str(target))
        (seconds,) = map(float, re.findall(r"^seconds (.*)$", (tmp_path / peer).read_text("utf-8"), re.MULTILINE))
        files = target / "*.parquet" if target.is_dir() else target
        assert duckdb.sql(FOUND.format(f"'{files}'")).fetchall() == expected, name
        memory, _ = usage.between(start, end)
        rows.append(
            (name, f"{seconds:.2f}", f"{end - start:.1f}", f"{declarations / seconds:,.0f}", f"{memory / 1e6:,.0f}")
        )
    assert rows
    show(
        f"peers-{size}",
        f"Matching {declarations:,} declarations, two threads each, same counts found by all",
        ("", "seconds", "with start", "declarations/s", "peak MB"),
        rows,
        left_out,
    )


def missing(peer: str) -> str:
    """Why a peer cannot run here."""
    library = peer.partition("_")[0].replace("spark", "pyspark")
    if find_spec(library) is None:
        return f"{library} is not installed (`make bench` installs it)"
    return "there is no Java" if library == "pyspark" and shutil.which("java") is None else ""
