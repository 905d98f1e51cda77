"""Published lakes made by SQL, for tests of what reads them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import duckdb

from sandan.home import PROJECT
from sandan.warehouse.connect import settings
from sandan.warehouse.lake import attach

if TYPE_CHECKING:
    from sandan.home import Home

DATA = PROJECT / "tests" / "data"
#: a lake of several enterprises, whose codes are beginnings of each other, and one of a month's vintages
ENTERPRISES, STATISTICS = ((DATA / f"{name}.sql").read_text("utf-8") for name in ("enterprises", "statistics"))


def in_lake(home: Home, *statements: str) -> Home:
    """Run statements on the lake of `home`, which is made where there is none; it is `published`."""
    home.published.mkdir(parents=True, exist_ok=True)
    with duckdb.connect(config=settings(home)) as connection:
        attach(connection, home)
        for statement in statements:
            connection.execute(statement)
    return home
