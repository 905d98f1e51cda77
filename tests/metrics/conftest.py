"""A published lake of chance, made in seconds: what is tested is how it is asked."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import duckdb
import pytest
import yaml

from sandan.home import PROJECT, Home
from sandan.warehouse import disclosure, vintages
from sandan.warehouse.lake import attach

if TYPE_CHECKING:
    from collections.abc import Iterator

CONTRACTED = (
    "clearance/clearance_facts", "clearance/clearance_items", "public_service/rebate_eligibility",
    "statistics/trade_items", "statistics/trade_returns", "statistics/trade_cells", "statistics/trade_revisions",
)  # fmt: skip


@pytest.fixture(scope="session")
def home(tmp_path_factory: pytest.TempPathFactory) -> Home:
    home = Home(root=tmp_path_factory.mktemp("metrics"), sources=PROJECT / "sources")
    home.published.mkdir()
    with duckdb.connect() as connection:
        attach(connection, home)
        for schema in ("clearance", "public_service", "statistics", "audit"):
            connection.execute(f"create schema published.{schema}")
        for table in tables():
            connection.execute(table)
        connection.execute(Path(__file__).with_name("lake.sql").read_text("utf-8"))
    return home


def tables() -> Iterator[str]:
    """The published tables as their contracts have them."""
    for name in CONTRACTED:
        (model,) = yaml.safe_load((PROJECT / "dbt_project" / "models" / f"{name}.yml").read_text("utf-8"))["models"]
        columns = ", ".join(f'"{column["name"]}" {column["data_type"]}' for column in model["columns"])
        yield f"create table published.{name.replace('/', '.')} ({columns})"
    for made in (disclosure.TABLES, vintages.TABLES):
        for statement in made.split(";"):
            for schema in ("statistics.", "audit."):
                if f"exists {schema}" in statement:
                    yield statement.replace(f"exists {schema}", f"exists published.{schema}")
