"""What a reader finds in the published lake, and what the oracle says should be there, in the same words.

Every view is a dictionary: what identifies a row → what is said of it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from datetime import datetime, time
from typing import Any

import duckdb

from .decisions import list_usage
from .oracle import RETURN_STATUS, STATES, Life, Oracle
from .rules import action

View = dict[tuple[Any, ...], Any]
END_OF_DAY = time(23, 59, 59)


def observed(lake: duckdb.DuckDBPyConnection) -> dict[str, View]:
    return {name: dict(read(lake)) for name, (read, _) in VIEWS.items()}


def expected(oracle: Oracle) -> dict[str, View]:
    return {name: dict(say(oracle)) for name, (_, say) in VIEWS.items()}


Rows = Iterator[tuple[tuple[Any, ...], Any]]


def _rows(lake: duckdb.DuckDBPyConnection, table: str, keys: int, columns: str) -> Rows:
    rows = lake.execute(f"select {columns} from {table}").fetchall()
    seen = Counter(row[:keys] for row in rows)
    twice = [key for key, count in seen.items() if count > 1]
    assert not twice, f"{table}: {len(twice)} keys more than once, e.g. {twice[:3]}"
    for row in rows:
        yield row[:keys], row[keys:]


def _facts(lake: duckdb.DuckDBPyConnection) -> Rows:
    columns = "flow, status, return_status, failed_rules, has_order, has_payment, has_waybill, matched_at, released_at"
    columns = f"ebc_code, cop_no, {columns}, closed_at, run_date, declared_date, order_no, logistics_no, item_count"
    return _rows(lake, "clearance.clearance_facts", 2, columns)


def _said_facts(oracle: Oracle) -> Rows:
    for key, life in oracle.lives.items():
        yield key, _fact(life)


def _fact(life: Life) -> tuple[Any, ...]:
    ends = [day and datetime.combine(day, END_OF_DAY) for day in (life.matched_on, life.released_on)]
    shown = (life.shown_status, RETURN_STATUS.get(life.shown_status), life.failed_rules)
    record = life.record
    named = (record["orderNo"] or None, record["logisticsNo"] or None, len(record.items))
    return (record.flow, *shown, *life.has, *ends, life.closed_at, life.run_date, life.declared, *named)


def _findings(lake: duckdb.DuckDBPyConnection) -> Rows:
    return _rows(lake, "clearance.check_findings", 3, "ebc_code, cop_no, rule_id, action, found_on")


def _said_findings(oracle: Oracle) -> Rows:
    for key, life in oracle.lives.items():
        for rule_id, found_on in life.findings.items():
            yield (*key, rule_id), (action(rule_id), found_on)


def _parts(key: str) -> tuple[str, ...]:
    """The parts of a shown key, without the empty ones; no key of the worlds contains a bar."""
    return tuple(filter(None, key.split("|")))


def _usage(lake: duckdb.DuckDBPyConnection) -> Rows:
    for key, (usage, source_id) in _rows(lake, "clearance.list_usage", 2, "list, key, usage, source_id"):
        parts = _parts(key[1])
        if key[0] == "payment" and parts[0] in ("E", "I"):  # import and export payments have keys of their own
            parts = parts[1:]
        yield (key[0], *parts), (usage, source_id)


def _said_usage(oracle: Oracle) -> Rows:
    for list_name, source_id, key, usage in list_usage(oracle):
        parts = key[1:] if list_name == "payment" else key
        yield (list_name, *filter(None, parts)), (usage, source_id)


def _files(lake: duckdb.DuckDBPyConnection) -> Rows:
    return _rows(lake, "audit.files", 3, "run_date, source_id, path, sha256, state, records")


def _said_files(oracle: Oracle) -> Rows:
    for file in oracle.files:
        yield (file.run_date, file.source_id, file.path), (file.sha256, file.state, len(file.records))


def _quarantine(lake: duckdb.DuckDBPyConnection) -> Rows:
    return _rows(lake, "audit.quarantine", 4, "run_date, source_id, path, position, rule_ids")


def _said_quarantine(oracle: Oracle) -> Rows:
    for file in oracle.files:
        if file.state == "quarantined":
            yield (file.run_date, file.source_id, file.path, None), (["FMT01"],)
        for record in file.records:
            if record.state == "quarantined":
                yield (file.run_date, file.source_id, file.path, record.position), (record.rules,)


def _conservation(lake: duckdb.DuckDBPyConnection) -> Rows:
    table = "(from audit.conservation where received > 0)"
    return _rows(lake, table, 3, f"run_date, source_id, sha256, received, {', '.join(STATES)}")


def _said_conservation(oracle: Oracle) -> Rows:
    for file in oracle.files:
        states = Counter(record.state for record in file.records)
        if file.records:
            counts = (states[state] for state in STATES)
            yield (file.run_date, file.source_id, file.sha256), (len(file.records), *counts)


VIEWS: dict[str, tuple[Callable[[duckdb.DuckDBPyConnection], Rows], Callable[[Oracle], Rows]]] = {
    "files": (_files, _said_files),
    "quarantine": (_quarantine, _said_quarantine),
    "conservation": (_conservation, _said_conservation),
    "facts": (_facts, _said_facts),
    "findings": (_findings, _said_findings),
    "usage": (_usage, _said_usage),
}


def record_states(warehouse: duckdb.DuckDBPyConnection) -> View:
    """The state of every record as of now, from the warehouse (the lake publishes only counts of them)."""
    rows = warehouse.execute(
        """
        select files.run_date, files.source_id, files.path, cast(states.record_id % 10000000 as integer),
            case when states.record_id in (
                select superseded_id from staging.record_versions where superseded_id is not null
            ) then 'superseded' else states.state end
        from audit.record_states as states
        inner join raw.files as files on states.record_id // 10000000 = files.file_id
        """
    ).fetchall()
    return {row[:4]: row[4] for row in rows}


def said_record_states(oracle: Oracle) -> View:
    return {
        (file.run_date, file.source_id, file.path, record.position): record.state
        for file in oracle.files
        for record in file.records
    }


def differences(said: View, found: View) -> list[tuple[tuple[Any, ...], Any, Any]]:
    """(key, said, found) wherever the two differ; None where a side has no such row."""
    keys = [*said, *(key for key in found if key not in said)]
    return [(key, said.get(key), found.get(key)) for key in keys if said.get(key) != found.get(key)]
