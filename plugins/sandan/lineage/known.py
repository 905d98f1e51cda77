"""What events tell of tables: shapes and what landed from the warehouse, descriptions from the dbt project."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING

from sandan.lineage.datasets import Table
from sandan.lineage.queries import followed
from sandan.month import CountedMonth
from sandan.warehouse.connect import connect
from sandan.warehouse.raw import REFERENCE
from sandan.warehouse.transform import manifest

if TYPE_CHECKING:
    import duckdb
    from dbt.contracts.graph.nodes import ManifestNode, SourceDefinition

    from sandan.home import Home
    from sandan.lineage.columns import Lineage, Tables
    from sandan.lineage.events import Run

COLUMNS = """
select schema_name, table_name, map_from_entries(list((column_name, data_type) order by column_index))
from duckdb_columns() where database_name = current_database() and not internal
group by all order by all
"""
LANDED = """
select source_id, count(*), sum(bytes)::bigint, sum(records)::bigint from raw.files where run_date = $1
group by source_id order by source_id
"""
SNAPSHOT = """
select max(snapshot) from audit.ledger where event = $event and starts_with(run, $run) and run_id = $run_id
"""


@dataclass(frozen=True)
class Known:
    """What a run left to tell of.

    `models`: name of each that ran → its table, and its lineage unless its SQL cannot be followed; `seeds`: name → its
    table and its file in the project; `landed`: source, files, bytes and records; `reference`: the operator's own
    files; `snapshot`: that of the lake which the run published; `named`: table of each model whose SQL cannot be
    followed → the tables that it names to dbt.
    """

    tables: dict[str, Table]
    models: dict[str, tuple[str, Lineage | None]]
    seeds: dict[str, tuple[str, str]]
    landed: list[tuple[str, int, int, int]]
    reference: list[str]
    snapshot: int | None
    named: dict[str, set[str]] = field(default_factory=dict)

    @property
    def unknown(self) -> list[str]:
        """The models whose SQL cannot be followed."""
        return sorted(model for model, lineage in self.models.values() if lineage is None)

    def raw(self) -> list[str]:
        """The tables that the load writes."""
        return [name for name in self.tables if name.startswith("raw.")]


def look(home: Home, run: Run) -> Known:
    """Look at what the run left.

    Raises:
        BusyError: another process has the warehouse.
    """
    if not home.warehouse.exists():
        return Known({}, {}, {}, [], [], None)
    types: Tables = {}
    with connect(home, read_only=True) as warehouse:
        for schema, table, columns in warehouse.execute(COLUMNS).fetchall():
            types.setdefault(schema, {})[table] = columns
        landed = warehouse.execute(LANDED, [run.run]).fetchall() if run.did("load") else []
        snapshot = _snapshot(warehouse, run) if run.published else None
    from dbt.contracts.graph.nodes import ModelNode, SeedNode

    project = manifest(home)
    nodes = {node.name: node for node in project.nodes.values()}
    of_id = {**project.nodes, **project.sources}
    described = {_table(node): node for node in (*nodes.values(), *project.sources.values())}
    tables = {}
    for schema, of_schema in types.items():
        for table, columns in of_schema.items():
            node = described.get(f"{schema}.{table}")
            told = {name: column.description for name, column in node.columns.items()} if node else {}
            tables[f"{schema}.{table}"] = Table(f"{schema}.{table}", columns, node.description if node else "", told)
    ran = [nodes[name] for name in run.models]
    models = [node for node in ran if isinstance(node, ModelNode)]
    seeds = [node for node in ran if isinstance(node, SeedNode)]
    compiled = home.dbt / "compiled" / str(project.metadata.project_name)
    files = {_table(model): compiled / model.original_file_path for model in models}
    lineages = followed(files, types, home.dbt / "columns.json")
    return Known(
        tables,
        {model.name: (_table(model), lineages[_table(model)]) for model in models},
        {seed.name: (_table(seed), seed.original_file_path) for seed in seeds},
        landed,
        [f"reference/{table}.csv" for table in REFERENCE if (home.reference / f"{table}.csv").exists()],
        snapshot,
        {
            _table(model): {_table(of_id[name]) for name in model.depends_on.nodes if name in of_id}
            for model in models
            if lineages[_table(model)] is None
        },
    )


def _table(node: ManifestNode | SourceDefinition) -> str:
    return f"{node.schema}.{node.name}"


def _snapshot(warehouse: duckdb.DuckDBPyConnection, run: Run) -> int | None:
    event = "day" if isinstance(run.run, date) else "vintage" if isinstance(run.run, CountedMonth) else "month"
    values = {"event": event, "run": str(run.run), "run_id": run.run_id}
    (snapshot,) = warehouse.execute(SNAPSHOT, values).fetchone() or (None,)
    return None if snapshot is None else int(snapshot)
