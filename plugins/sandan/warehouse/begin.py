"""A run may begin when every earlier date that began is published.

A run that stopped at a gate, or was killed, leaves decisions in the warehouse that no reader has seen. A later date
would build on them and publish only its own rows: a hole that nothing would fill.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from sandan.warehouse.connect import connect
from sandan.warehouse.forgotten import refuse_forgotten
from sandan.warehouse.published_runs import PublishedRuns, check_days
from sandan.warehouse.runs import BEGUN, TABLE

if TYPE_CHECKING:
    from datetime import date

    from sandan.home import Home


def begin(home: Home, run_date: date) -> None:
    """Note that the run of `run_date` begins.

    Raises:
        SandanError: what landed for the date is forgotten, or an earlier date began and is not published; names the
            dates, and how to go on.
    """
    with connect(home) as connection:
        refuse_forgotten(connection, run_date)
        connection.execute(BEGUN)
        connection.execute(TABLE)
        check_days(connection, PublishedRuns(home), run_date - timedelta(days=1), run_date)
        connection.begin()
        connection.execute("delete from audit.runs where run_date = $1", [run_date])
        connection.execute("delete from main.runs_begun where run_date = $1", [run_date])
        connection.execute("insert into main.runs_begun values ($1)", [run_date])
        connection.commit()
