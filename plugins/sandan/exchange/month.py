"""The summary applications of a published month, to the agents that declare them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sandan.exchange.batch import Batch, columns
from sandan.exchange.folders import write
from sandan.warehouse.lake import connect_published

if TYPE_CHECKING:
    from collections.abc import Iterator

    import duckdb

    from sandan.home import Home
    from sandan.month import Month

MESSAGE = "CEB701"
BATCHES = """
select agent_code, edition, min(agent_name) from clearance.summary_applications where month = $1
group by agent_code, edition order by all
"""
ROWS = """
select {columns}, invt_nos from clearance.summary_applications
where month = $month and agent_code = $agent order by ebc_code, customs_code, msg_seq_no
"""
#: what a row does not hold: the guid is made of the number of the application and of its part
OTHERWISE = {
    "guid": "cop_no || '/' || msg_seq_no",
    "msg_count": "msg_count::varchar",
    "msg_seq_no": "msg_seq_no::varchar",
    "pre_no": "null",
    "sum_no": "null",
    "loct_no": "null",
    "note": "null",
}
#: how agents transfer messages, and a place for the number of their client, which only they know
TRANSFER = ("DXP", "DXPENT0000000000")


def write_month(home: Home, month: Month) -> dict[str, int]:
    """Write the summary applications of `month`, in place of those of an earlier run of it.

    Reads the published lake, so it may be done again at any time. Returns the counts `receivers`, `messages` and
    `applications`.

    Raises:
        BusyError: another process writes messages.
        SandanError: nothing is published, or a message would not be valid.
    """
    with connect_published(home) as lake:
        counts = write(home, str(month), _batches(lake, month))
    return {"receivers": counts["receivers"], "messages": counts["messages"], "applications": counts["receipts"]}


def _batches(lake: duckdb.DuckDBPyConnection, month: Month) -> Iterator[Batch]:
    for agent, edition, name in lake.execute(BATCHES, [str(month)]).fetchall():
        wanted = ", ".join(OTHERWISE.get(column, column) for column in columns(MESSAGE, edition))
        rows = lake.execute(ROWS.format(columns=wanted), {"month": str(month), "agent": agent}).fetchall()
        items = [[(number,) for number in row[-1]] for row in rows]
        transfer = (agent, name, *TRANSFER, None)
        yield Batch(agent, MESSAGE, edition, [row[:-1] for row in rows], items, transfer)
