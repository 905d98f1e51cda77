"""What the commands share that tell people about single parcels, from the published lake."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from rich.markup import escape
from rich.table import Table

from sandan.warehouse.catalogue import titles

if TYPE_CHECKING:
    import duckdb
    from rich.console import Console


def table(console: Console, header: tuple[str, ...], rows: list[tuple[Any, ...]]) -> None:
    """Print rows below a blank line."""
    shown = Table(*header, box=None, padding=(0, 2, 0, 2))
    for row in rows:
        # what a source sent may look like markup
        shown.add_row(*("" if value is None else escape(str(value)) for value in row))
    console.print()
    console.print(shown)


def titles_of_rules() -> dict[str, str]:
    """Rule → its names; of several rows the latest."""
    return {rule_id: " ".join(pair) for rule_id, pair in titles().items()}


def rows_of(lake: duckdb.DuckDBPyConnection, query: str, values: dict[str, Any]) -> list[dict[str, Any]]:
    """The rows of a query, each by the names of its columns."""
    result = lake.execute(query, values)
    names = [column[0] for column in result.description or ()]
    return [dict(zip(names, row, strict=True)) for row in result.fetchall()]
