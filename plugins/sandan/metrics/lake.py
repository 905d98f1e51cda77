"""What dbt's connection has for `mf`: the published lake, read-only, and the models of the metrics as views on it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from dbt.adapters.duckdb.plugins import BasePlugin

from sandan.home import PROJECT, Home
from sandan.warehouse.connect import settings
from sandan.warehouse.lake import attach

if TYPE_CHECKING:
    import duckdb
    from dbt.adapters.duckdb.credentials import DuckDBCredentials

METRICS = PROJECT / "dbt_project" / "metrics"
REFERENCE = (PROJECT / "dbt_project" / "seeds" / "hs_codes.csv", *sorted((METRICS / "reference").glob("*.csv")))


class Plugin(BasePlugin):
    """Makes a connection in memory one on the published lake."""

    def update_connection_config(self, creds: DuckDBCredentials, config: dict[str, Any]) -> None:  # noqa: ARG002
        """Bound it like every connection of ours."""
        config.update(settings(Home.from_environment()))

    def configure_connection(self, conn: duckdb.DuckDBPyConnection) -> None:
        """Attach the lake, load the reference tables, make the views."""
        attach(conn, Home.from_environment(), read_only=True)
        conn.execute("create schema reference")
        for file in REFERENCE:
            # codes begin with zeros
            conn.execute(f"create table reference.{file.stem} as from read_csv($1, all_varchar = true)", [str(file)])
        for model in sorted((METRICS / "models").glob("*.sql")):
            conn.execute(f"create view {model.stem} as {model.read_text('utf-8')}")
