"""Which vintage a report is of, and the connection that answers for it."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sandan.errors import SandanError
from sandan.quality import queries
from sandan.run.pages import rows_of
from sandan.warehouse.lake import connect_published

if TYPE_CHECKING:
    from collections.abc import Iterator

    import duckdb

    from sandan.home import Home
    from sandan.month import Month
    from sandan.page.charts import Rows

#: not yet there in a lake of an edition before this one
TABLES = (
    "trade_published",
    "trade_suppression",
    "coverage",
    "item_nonresponse",
    "revision_sizes",
    "unit_value_outliers",
)
KNOWN = "select table_name from duckdb_tables() where database_name = 'published' and schema_name = 'statistics'"


@dataclass(frozen=True)
class Asked:
    """A vintage, its row of `audit.trade_vintages`, and one published snapshot."""

    lake: duckdb.DuckDBPyConnection
    month: Month
    vintage: dict[str, Any]

    def rows(self, query: str) -> Rows:
        """The rows of a query of `queries`."""
        known = {
            "period": str(self.month),
            "vintage_no": self.vintage["vintage_no"],
            "ended_at": self.vintage["ended_at"],
            "last": self.month.last,
        }
        return rows_of(self.lake, query, {name: value for name, value in known.items() if f"${name}" in query})

    def by_flow(self, query: str) -> dict[str, Rows]:
        """The rows of a query, those of each flow together, in their order."""
        found: dict[str, Rows] = {}
        for row in self.rows(query):
            found.setdefault(row["flow"], []).append(row)
        return found


@contextmanager
def vintage_asked(home: Home, month: Month, vintage_no: int) -> Iterator[Asked]:
    """The vintage as of one published snapshot.

    Raises:
        SandanError: it is not published, or its lake was made by an earlier edition.
    """
    with connect_published(home) as lake:
        lake.begin()
        published = {name for (name,) in lake.execute(KNOWN).fetchall()}
        if missing := [name for name in TABLES if name not in published]:
            raise SandanError(
                f"the published lake has no {', '.join(missing)}",
                f"count the month with this edition first: make statistics MONTH={month}",
            )
        found = rows_of(lake, queries.VINTAGE, {"period": str(month), "vintage_no": vintage_no})
        if not found:
            raise SandanError(
                f"vintage {vintage_no} of {month} is not published", f"count the month: make statistics MONTH={month}"
            )
        yield Asked(lake, month, found[0])
