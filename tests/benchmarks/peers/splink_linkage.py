"""Splink's exact linkage on DuckDB: declarations with each list, then the three linkages side by side."""

from __future__ import annotations

from typing import TYPE_CHECKING

import duckdb
from peer import LISTS, SQL, THREADS, measure
from splink import DuckDBAPI, Linker, SettingsCreator, block_on

if TYPE_CHECKING:
    from pathlib import Path

#: list → its own id, the key that declarations name, and what is compared
LINKED = {
    "orders": ("order_key", "order_key", ("ebc_code", "amount_due")),
    "payments": ("payment_key", "order_key", ("amount_paid",)),
    "waybills": ("waybill_key", "waybill_key", ("gross_weight",)),
}


def work(folder: Path, target: Path) -> None:
    connection = duckdb.connect(config={"threads": THREADS, "preserve_insertion_order": False})
    connection.execute("create schema landed")
    for name in LISTS:
        connection.execute(f"create view landed.{name} as from '{folder / name}.parquet'")
    # a pair has the key of its declaration: by that, `three_lists.sql` puts the linkages side by side
    renamed = "select * replace (declaration_key as order_key, declaration_key as waybill_key) from landed.declarations"
    connection.execute(f"create view declarations as {renamed}")
    for name, (own, key, values) in LINKED.items():
        linked = link(connection, name, own, key, values)
        taken = ", ".join(f"{value}_r as {value}" for value in values)
        connection.execute(f"create view {name} as select unique_id_l as {key}, {taken} from {linked}")
    connection.execute(f"copy ({SQL}) to '{target}'")


def link(connection: duckdb.DuckDBPyConnection, name: str, own: str, key: str, values: tuple[str, ...]) -> str:
    """The table of pairs that have the same key; of a pair, the declaration is on the left."""
    empty = ", ".join(f"cast(null as {'varchar' if value == 'ebc_code' else 'bigint'}) as {value}" for value in values)
    api = DuckDBAPI(connection)
    sides = []
    for side, query in (
        (f"a_{name}", f"select declaration_key as unique_id, {key} as link_key, {empty} from landed.declarations"),
        (f"b_{name}", f"select {own} as unique_id, {key} as link_key, {', '.join(values)} from landed.{name}"),
    ):
        connection.execute(f"create view {side} as {query}")
        sides.append(api.register(side, dataset_display_name=side))
    settings = SettingsCreator(
        link_type="link_only",
        blocking_rules_to_generate_predictions=[block_on("link_key")],
        additional_columns_to_retain=["link_key", *values],
    )
    return str(Linker(sides, settings, validate_settings=False).inference.deterministic_link().physical_name)


if __name__ == "__main__":
    measure(work)
