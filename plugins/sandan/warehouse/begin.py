"""A run may begin when every earlier date that began is published.

A run that stopped at a gate, or was killed, leaves decisions in the warehouse that no reader has seen. A later date
would build on them and publish only its own rows: a hole that nothing would fill.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sandan.errors import SandanError
from sandan.warehouse.connect import connect
from sandan.warehouse.lake import connect_published
from sandan.warehouse.runs import BEGUN, TABLE

if TYPE_CHECKING:
    from datetime import date

    from sandan.home import Home

#: the run that each earlier date that began ended with; none, where it stopped before it published
EARLIER = """
select distinct begun.run_date, runs.run_id
from main.runs_begun as begun
left join audit.runs as runs on runs.run_date = begun.run_date
where begun.run_date < $1
order by begun.run_date
"""


def begin(home: Home, run_date: date) -> None:
    """Note that the run of `run_date` begins.

    Raises:
        SandanError: an earlier date began and is not published; names the dates, and how to go on.
    """
    with connect(home) as connection:
        connection.execute(BEGUN)
        connection.execute(TABLE)
        earlier = connection.execute(EARLIER, [run_date]).fetchall()
        published = set(_published(home)) if earlier else set()
        if stopped := [str(day) for day, run_id in earlier if (day, run_id) not in published]:
            raise SandanError(
                f"{', '.join(stopped)} began and is not published, and {run_date} builds on it",
                f"put right what stopped it, then run it again: make run DATE={stopped[0]}",
            )
        connection.begin()
        connection.execute("delete from audit.runs where run_date = $1", [run_date])
        connection.execute("delete from main.runs_begun where run_date = $1", [run_date])
        connection.execute("insert into main.runs_begun values ($1)", [run_date])
        connection.commit()


def _published(home: Home) -> list[tuple[date, str]]:
    try:
        lake = connect_published(home)
    except SandanError:  # nothing is published yet
        return []
    with lake:
        return lake.execute("select run_date, run_id from audit.runs").fetchall()
