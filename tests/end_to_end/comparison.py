"""What a warehouse and a lake hold against the simulator's truth, and what is simulated for several of these tests."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pyarrow.parquet as pq

from sandan import read, warehouse
from sandan.gates import results
from sandan.warehouse.contract import FAMILIES, MONTHLY
from sandan.warehouse.runs import record_run
from tests.days import PARTS

if TYPE_CHECKING:
    from datetime import date, datetime

    import duckdb

    from sandan.home import Home
    from sandan.month import Month

#: what is not decided by what landed: when a run was made, and how long it took
ABOUT_THE_RUN = {"runs", "consolidations", "ledger"}
RECORD_STATES = """
select states.run_date, files.source_id, files.path, states.record_id % 10000000 as position,
    case when gone.superseded_id is not null then 'superseded' else states.state end as state, states.rule_ids
from audit.record_states as states
join raw.files as files on states.record_id // 10000000 = files.file_id
left join (select distinct superseded_id from staging.record_versions where superseded_id is not null) as gone
    on states.record_id = gone.superseded_id
"""


def run(home: Home, day: date, moment: datetime) -> None:
    """What the tasks of `three_lists_daily` do but for the gates, in this process; it is said to run at `moment`."""
    surveyed = read.survey(home, day)
    for source in surveyed.sources:
        read.read_source(home, day, source)
    warehouse.begin(home, day)
    warehouse.load(home, day)
    results.prepare(home)  # published like the others, and empty
    warehouse.transform(home, day, *(PARTS[:-1] if _has_exporters(home) else PARTS))
    told = {"started_at": moment, "ended_at": moment, "unclaimed": surveyed.unclaimed, "stage_seconds": {}}
    record_run(home, day, run_id=f"run of {day}", **told)
    warehouse.publish(home, day, f"run of {day}")


def _has_exporters(home: Home) -> bool:
    """What small exporters are told is compared elsewhere; to publish, its tables have to be there."""
    query = "select 1 from duckdb_tables() where schema_name = 'integrated_service'"
    with warehouse.connect(home, read_only=True) as connection:
        return connection.execute(query).fetchone() is not None


def truth(home: Home, day: date, table: str) -> str:
    """A table of the truth at the end of a day, as SQL."""
    return f"'{home.simulation / 'truth' / day.isoformat() / f'{table}.parquet'}'"


def truth_rows(home: Home, day: date, table: str) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = pq.read_table(home.simulation / f"truth/{day}/{table}.parquet").to_pylist()
    return rows


def differences(connection: duckdb.DuckDBPyConnection, expected: str, found: str) -> list[tuple[Any, ...]]:
    return connection.execute(
        f"select 'missing', * from (({expected}) except all ({found})) "
        f"union all select 'unexpected', * from (({found}) except all ({expected})) order by all limit 40"
    ).fetchall()


def wrong_decisions(home: Home, day: date, version: str = "") -> list[tuple[Any, ...]]:
    """Where statuses and failed rules are not those of the truth at the end of a day; `version` is of the lake."""
    columns = "ebc_code, cop_no, status, failed_rules"
    with warehouse.connect_published(home) as lake:
        return differences(
            lake,
            f"select {columns} from {truth(home, day, 'declarations')}",
            f"select {columns} from clearance.clearance_facts {version}",
        )


def wrong_records(home: Home, day: date) -> list[tuple[Any, ...]]:
    """Where states of records, and the rules of those in quarantine, are not those of the truth at the end of a day."""
    columns = "run_date, source_id, path, position, state, if(state = 'quarantined', list_sort(rule_ids), []) as rules"
    with warehouse.connect(home, read_only=True) as connection:
        return differences(
            connection,
            f"select {columns} from {truth(home, day, 'records')}",
            f"select {columns} from ({RECORD_STATES})",
        )


def wrong_files(home: Home, day: date) -> list[tuple[Any, ...]]:
    columns = "run_date, source_id, path, state"
    with warehouse.connect_published(home) as lake:
        return differences(
            lake, f"select {columns} from {truth(home, day, 'files')}", f"select {columns} from audit.files"
        )


def published(home: Home) -> dict[str, list[tuple[Any, ...]]]:
    """Every published row, sorted, table by table."""
    with warehouse.connect_published(home) as lake:
        known = {
            f"{schema}.{table}"
            for schema, table in lake.execute(
                "select schema_name, table_name from duckdb_tables() where database_name = 'published'"
            ).fetchall()
        }
        tables = {f"{family.schema}.{table}" for family in (*FAMILIES, *MONTHLY) for table in family.tables}
        return {
            name: lake.execute(f"from {name} order by all").fetchall()
            for name in sorted(tables & known)
            if name.partition(".")[2] not in ABOUT_THE_RUN
        }


def partition_rows(home: Home, run: date | Month) -> list[tuple[str, str, int]]:
    """Table, run, and how many rows the run wrote there, where it wrote any; asked before a later run changes them."""
    with warehouse.connect_published(home) as lake:
        columns = lake.execute(
            "select schema_name || '.' || table_name, list(column_name) from duckdb_columns() "
            "where database_name = 'published' group by all order by all"
        ).fetchall()
        counts = []
        for table, names in columns:
            column = next(name for name in ("changed_on", "run_date", "month", "period", "run") if name in names)
            counts += lake.execute(
                f"select '{table}', '{run}', count(*) as n from published.{table} "
                f"where cast({column} as varchar) = '{run}' having n > 0"
            ).fetchall()
    return counts
