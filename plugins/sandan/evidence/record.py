"""A line of the ledger for every snapshot that a run of ours published: digests of what it took in and what it wrote.

A run that was killed after it published and before its line gets it by whoever comes next: the runs after it first ask
here, and find all that the line is made of still there.
"""

from __future__ import annotations

import hashlib
import re
from typing import TYPE_CHECKING

from sandan.errors import SandanError
from sandan.evidence import lake as lakes
from sandan.evidence import ledger, logs
from sandan.run import clock
from sandan.warehouse.connect import connect
from sandan.warehouse.lake import attach, check_published
from sandan.warehouse.publish import AUTHOR
from sandan.warehouse.runs import TABLE

if TYPE_CHECKING:
    import duckdb

    from sandan.home import Home

#: what `warehouse.publish` says of a run: its job, its date or month, of the statistics of a month also the vintage
MESSAGE = re.compile(r"\w+ (?P<run>\d{4}-\d{2}(?:-\d{2}| · vintage \d+)?) · run (?P<run_id>.*)")
EVENTS = {len("YYYY-MM-DD"): "day", len("YYYY-MM"): "month"}
MIRRORED = "select coalesce(max(line), 0), coalesce(max(snapshot), 0) from audit.ledger"
INSERT = "insert into audit.ledger values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)"
LANDED = """
select source_id || '/' || path, sha256 from raw.files where strftime(run_date, '%Y-%m-%d') = $1 order by all
"""


def record(home: Home) -> list[ledger.Line]:
    """Append a line for each snapshot that has none and that a run wrote; returns the lines.

    Raises:
        BusyError: another process has the warehouse.
    """
    try:
        check_published(home)
    except SandanError:
        return []
    # for auditors of other accounts too; with the warehouse open it would be made for its owner alone
    home.ledger.touch()
    with connect(home) as connection:
        attach(connection, home, read_only=True)
        connection.execute(TABLE)
        mirrored, after = connection.execute(MIRRORED).fetchone() or (0, 0)
        told = ledger.lines(home.ledger, mirrored)
        if len(told) == 1:
            # a kill leaves no more than that; others stay away, and verify names them
            mirror(connection, told[0])
        after = max([after, *(line.get("snapshot", 0) for line in told)])
        pending = [(snapshot, run) for snapshot in lakes.snapshots(connection, after) if (run := run_of(snapshot))]
        written = []
        if pending:
            changes, files = lakes.changes(connection, after), lakes.files(connection, after)
        for snapshot, run in pending:
            entry = {
                "event": EVENTS.get(len(run["run"]), "vintage"),
                **run,
                "at": clock.now().isoformat(timespec="seconds"),
                "snapshot": snapshot.id,
                "landing": landed(connection, run["run"]),
                "sources": mappings(home, connection, run["run"]),
                "lake": lakes.digests(connection, files.get(snapshot.id, [])),
                "catalogue": changes.get(snapshot.id, {}),
                "logs": logs.digests(connection, run["run"]),
            }
            written.append(ledger.append(home.ledger, entry))
            mirror(connection, written[-1])
    return written


def run_of(snapshot: lakes.Snapshot) -> dict[str, str]:
    """`run` and `run_id` of the run that wrote a snapshot; nothing where none did."""
    found = MESSAGE.fullmatch(snapshot.message)
    return found.groupdict() if found and snapshot.author == AUTHOR else {}


def landed(warehouse: duckdb.DuckDBPyConnection, run: str) -> dict[str, str]:
    """`source/path` → digest, of the files of a date as they were read; of a month none."""
    return dict(warehouse.execute(LANDED, [run]).fetchall())


def mappings(home: Home, warehouse: duckdb.DuckDBPyConnection, run: str) -> dict[str, str]:
    """Source → digest of its YAML: by another one the same files give other records."""
    names = sorted({name.partition("/")[0] for name in landed(warehouse, run)})
    return {name: digest for name in names if (digest := mapping(home, name))}


def mapping(home: Home, source_id: str) -> str:
    """The digest of a source's YAML; empty where there is none."""
    file = home.sources / f"{source_id}.yml"
    return hashlib.sha256(file.read_bytes()).hexdigest() if file.exists() else ""


def mirror(warehouse: duckdb.DuckDBPyConnection, line: ledger.Line) -> None:
    """Add a line to `audit.ledger`, before the next one is written."""
    warehouse.execute(INSERT, summary(line))


def summary(line: ledger.Line) -> tuple[object, ...]:
    """The row of `audit.ledger` of a line."""
    names = ("line", "event", "run", "run_id", "snapshot", "at")
    counts = (len(line.get(name, {})) for name in ("landing", "lake"))
    return (*(line.get(name) for name in names), *counts, line["previous"], line["hash"])
