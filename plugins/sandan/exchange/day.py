"""What a published run tells: receipts to the party that sent what they answer, extracts to the departments."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sandan.errors import SandanError
from sandan.exchange.batch import Batch, columns
from sandan.exchange.departments import DepartmentFile
from sandan.exchange.folders import write
from sandan.exchange.services import load_services
from sandan.read.sources import load_sources
from sandan.warehouse.lake import connect_published

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    import duckdb

    from sandan.home import Home

#: rows held at a time: whole messages of any record limit
PORTION = 20_000

#: receivers by code, and of each the messages in the order of their numbers
BATCHES = """
select parties.party, receipts.message, receipts.edition
from exchange.receipts as receipts
join parties using (source_id)
where run_date = $run_date
group by all
order by all
"""
ROWS = """
select {columns}
from exchange.receipts as receipts
join parties using (source_id)
where run_date = $run_date and party = $party and message = $message and edition = $edition
order by return_time, receipt_id
"""
UNKNOWN = "select source_id from exchange.receipts anti join parties using (source_id) where run_date = $1 limit 1"


def write_day(home: Home, run_date: date) -> dict[str, int]:
    """Write every receipt and extract of the run of `run_date`, in place of those of an earlier run of that date.

    Reads the published lake, so it may be done again at any time. Returns the counts `receivers`, `messages` and
    `receipts`, and of the departments `extracts` and `rows`.

    Raises:
        BusyError: another process writes messages.
        ConfigurationError: a service file is wrong.
        SandanError: nothing is published, a source of the run is no longer known, or a message would not be valid.
    """
    extracts = load_services(home.services)
    with connect_published(home) as lake:
        lake.execute("create temp table parties (source_id varchar, party varchar)")
        parties = [[source.id, source.party_code] for source in load_sources(home.sources).values()]
        lake.executemany("insert into parties values ($1, $2)", parties)
        if unknown := lake.execute(UNKNOWN, [run_date]).fetchone():
            raise SandanError(
                f"source {unknown[0]} sent records on {run_date}, and {home.sources} no longer says who it is",
                f"put {unknown[0]}.yml back: its party is the receiver of the receipts",
            )
        files = [DepartmentFile(lake, run_date, extract) for extract in extracts]
        return write(home, run_date.isoformat(), _batches(lake, run_date), files)


def _batches(lake: duckdb.DuckDBPyConnection, run_date: date) -> Iterator[Batch]:
    for party, message, edition in lake.execute(BATCHES, {"run_date": run_date}).fetchall():
        names = columns(message, edition)
        wanted = ", ".join(
            {"guid": "run_date || receipt_id", "ori_biz_message": "''"}.get(name, name) for name in names
        )
        about = {"run_date": run_date, "party": party, "message": message, "edition": edition}
        rows = lake.execute(ROWS.format(columns=wanted), about)
        while portion := rows.fetchmany(PORTION):
            yield Batch(party, message, edition, portion)
