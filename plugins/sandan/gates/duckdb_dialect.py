"""DuckDB as Great Expectations needs it."""

from __future__ import annotations

from typing import Any

from duckdb_engine import Dialect
from sqlalchemy.dialects import registry

DRIVER = "duckdb_reading"


class ReadingDialect(Dialect):
    """DuckDB without transactions.

    Great Expectations 1.24 returns its connection before it fetches; the rollback of that return makes DuckDB drop
    the pending result ("list index out of range"). A gate only reads, so it has nothing to roll back. The other cure,
    an execution engine that freezes results, needs a subclass of the fluent data source, which is not public.
    """

    supports_statement_cache = False

    def do_begin(self, connection: Any) -> None:
        """Nothing to begin."""

    def do_commit(self, connection: Any) -> None:
        """Nothing to commit."""

    def do_rollback(self, connection: Any) -> None:
        """Nothing to roll back: the pending result stays readable."""


registry.register(DRIVER, __name__, ReadingDialect.__name__)
