"""Rows of the warehouse that no reader sees and later runs build on: the digest of what a run left in each log."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING

from sandan.warehouse.archive import received
from sandan.warehouse.contract import FAMILIES, MONTHLY
from sandan.warehouse.raw import record_tables
from sandan.warehouse.transform import DBT_PROJECT

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    import duckdb

    from sandan.home import Home

#: how a model says that it is a log, of dates or of months → the column that says whose a row is
KINDS = {"log": "strftime(run_date, '%Y-%m-%d')", "monthly": "month"}
#: length of a run's name → the logs that are its own; a vintage of statistics has none
OF_RUN = {len("YYYY-MM-DD"): "log", len("YYYY-MM"): "monthly"}
TABLES = """
select schema_name, table_name from duckdb_tables()
where database_name = current_database() and table_name in (select unnest($names)) order by all
"""
#: of the rows alone, in whatever order they lie
DIGEST = """
select sha256(string_agg(digest, '' order by digest))
from (select sha256(cast(to_json(log) as varchar)) as digest from {table} as log where {column} = $run)
"""
STRAYS = """
select {column} as run, count(*) from {table}
where run is null or not list_contains($runs, run) group by run order by run
"""
WITHOUT_FILE = """
select strftime(run_date, '%Y-%m-%d'), count(*)
from {received} as record
anti join raw.files as files on files.file_id = record.record_id // 10000000 and files.run_date = record.run_date
group by all order by all
"""


def digests(warehouse: duckdb.DuckDBPyConnection, run: str, only: Collection[str] = ()) -> dict[str, str]:
    """Log (`schema.table`) → digest of the rows that the run of a date (YYYY-MM-DD) or month (YYYY-MM) left in it.

    `only`: names of tables without their schemas; none stands for all.
    """
    kind = OF_RUN.get(len(run))
    if kind is None:
        return {}
    found = {}
    for schema, table in warehouse.execute(TABLES, {"names": sorted(only or logs(kind))}).fetchall():
        query = DIGEST.format(table=f"{schema}.{table}", column=KINDS[kind])
        row = warehouse.execute(query, {"run": run}).fetchone()
        if row and row[0]:
            found[f"{schema}.{table}"] = str(row[0])
    return found


def strays(home: Home, warehouse: duckdb.DuckDBPyConnection, runs: Collection[str]) -> list[str]:
    """The logs with rows of no run among `runs` (dates and months), and what in `raw` has no file; with the run.

    Raises:
        SandanError: some of `raw` is in the archive, and gone from there.
    """
    found = []
    for kind, column in KINDS.items():
        tables = warehouse.execute(TABLES, {"names": sorted(logs(kind))}).fetchall()
        of_raw = [("raw", table) for table in ("files", *record_tables())] if kind == "log" else []
        for schema, table in (*of_raw, *tables):
            rows_of = received(home, warehouse, table) if schema == "raw" else f"{schema}.{table}"
            query = STRAYS.format(table=rows_of, column=column)
            for run, rows in warehouse.execute(query, {"runs": sorted(runs)}).fetchall():
                found.append(f"{schema}.{table} has {rows} rows of {run or 'no date'}, of which the ledger has no run")
    for table in record_tables():
        for run, rows in warehouse.execute(WITHOUT_FILE.format(received=received(home, warehouse, table))).fetchall():
            found.append(f"raw.{table} has {rows} rows of {run or 'no date'} that came in no file")
    return found


def unlike(then: Mapping[str, str], now: Mapping[str, str]) -> list[str]:
    """The logs that have another digest in one than in the other, or only one has."""
    return sorted(name for name in then.keys() | now.keys() if then.get(name) != now.get(name))


@cache
def logs(kind: str) -> frozenset[str]:
    """The models that say `{{ log() }}` or `{{ monthly() }}`, less those that are published: the lake proves them."""
    published = {table for family in (*FAMILIES, *MONTHLY) for table in family.tables}
    mark = re.compile(r"\{\{ " + kind + r"\(\) \}\}")
    models = (DBT_PROJECT / "models").rglob("*.sql")
    return frozenset(m.stem for m in models if m.stem not in published and mark.search(m.read_text(encoding="utf-8")))
