"""The tables of schema `raw`, made from the lists: what a source sends is text until staging types it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sandan import lists

if TYPE_CHECKING:
    import duckdb

FILES = """
create table if not exists raw.files (
    run_date date, file_id bigint, source_id varchar, path varchar, file_name varchar, sha256 varchar, bytes bigint,
    message varchar, list varchar, flow varchar, edition varchar, code_lists varchar, relaxed varchar[],
    records bigint, state varchar, reason varchar, replayed_from date, replayed_positions integer[]
)
"""
#: of a warehouse from before there were replays
REPLAYED = (
    "alter table raw.files add column if not exists replayed_from date",
    "alter table raw.files add column if not exists replayed_positions integer[]",
)
#: the operator's own tables
REFERENCE = {
    "party_register": {
        "party_code": "varchar", "role": "varchar", "name": "varchar", "valid_from": "date", "valid_to": "date",
    },
    "exchange_rates": {"month": "varchar", "currency": "varchar", "cny_per_unit": "decimal(19, 8)"},
    "export_controls": {"hs_code": "varchar", "measure": "varchar", "valid_from": "date", "valid_to": "date"},
    "import_rates": {
        "hs_code": "varchar", "name": "varchar", "unit1": "varchar", "unit2": "varchar", "mfn_rate": "decimal(19, 5)",
        "vat_rate": "decimal(19, 5)", "consumption_rate": "decimal(19, 5)", "valid_from": "date", "valid_to": "date",
    },
}  # fmt: skip


def create_tables(connection: duckdb.DuckDBPyConnection) -> None:
    """Create what is missing; a column that a new edition brought is added, and empty in older rows."""
    connection.execute("create schema if not exists raw")
    connection.execute(FILES)
    for added in REPLAYED:
        connection.execute(added)
    for table, columns in REFERENCE.items():
        definition = ", ".join(f"{column} {type_}" for column, type_ in columns.items())
        connection.execute(f"create table if not exists raw.{table} ({definition})")
    there = set(
        connection.execute("select table_name, column_name from duckdb_columns() where schema_name = 'raw'").fetchall()
    )
    for table, columns in record_tables().items():
        definition = ", ".join(f'"{column}" {type_}' for column, type_ in columns.items())
        connection.execute(f"create table if not exists raw.{table} ({definition})")
        if (table, "run_date") in there:
            for column in (column for column in columns if (table, column) not in there):
                connection.execute(f'alter table raw.{table} add column "{column}" {columns[column]}')


def record_tables() -> dict[str, dict[str, str]]:
    """Table → column → type, of the heads and items of every list."""
    tables = {}
    for name, (heads, items) in lists.TABLES.items():
        keys = {"run_date": "date", "record_id": "bigint", "file_id": "bigint", "position": "integer"}
        # fault: what the reader could not represent of a record; staging quarantines it
        tables[heads] = keys | dict.fromkeys((*lists.columns(name, "head"), "fault"), "varchar")
        if items:
            keys = {"run_date": "date", "record_id": "bigint", "line": "integer"}
            tables[items] = keys | dict.fromkeys(lists.columns(name, "item"), "varchar")
    return tables
