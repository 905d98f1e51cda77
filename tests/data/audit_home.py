"""A home with two published days, and with one that stopped behind them, as their runs would have left it."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from datetime import date, datetime
from typing import TYPE_CHECKING

import duckdb

from sandan.evidence import ledger
from sandan.gates import page_name
from sandan.home import PROJECT, Home
from sandan.run import approvals, outcomes
from sandan.run.approvals import Approval
from sandan.run.outcomes import Outcome
from sandan.warehouse.connect import connect, settings
from sandan.warehouse.lake import attach

if TYPE_CHECKING:
    from pathlib import Path

LAKE = PROJECT / "tests" / "data" / "audit.sql"
GOOD, BAD, STOPPED = date(2026, 11, 19), date(2026, 11, 20), date(2026, 11, 21)
#: what stood in the warehouse when the run of the last day stopped; its quarantine is that of an earlier attempt
UNPUBLISHED = """
create schema raw;
create schema audit;
create table raw.files as select *, 'order' as list from published.audit.files limit 0;
insert into raw.files values
('2026-11-21', 'export-orders', 'c.xml', repeat('c1', 32), 9, 77, 'read', 'CEB303', '2022', null, 'order'),
('2026-11-21', 'export-orders', 'd.xml', repeat('d1', 32), 9, 0, 'quarantined', null, null, 'not well-formed', null);
create table audit.gate_results as from published.audit.gate_results limit 0;
insert into audit.gate_results by name
select * replace (
    date '2026-11-21' as run_date, false as success, 'export-orders/c.xml (read): announced 77, loaded 76' as observed,
    'file_records_loaded' as expectation
)
from published.audit.gate_results where run_date = '2026-11-19';
create table audit.quarantine as from published.audit.quarantine;
update audit.quarantine set run_date = '2026-11-21';
"""


def make(root: Path) -> Home:
    """The home in `root`."""
    home = Home(root=root, sources=PROJECT / "sources")
    home.published.mkdir(parents=True)
    with duckdb.connect(config=settings(home)) as connection:
        attach(connection, home)
        connection.execute(LAKE.read_text(encoding="utf-8"))
        days = {
            message.split()[1]: snapshot
            for snapshot, message in connection.execute(
                "select snapshot_id, commit_message from published.snapshots() where author = 'sandan'"
            ).fetchall()
        }
    with closing(sqlite3.connect(home.published / "catalog.sqlite")) as catalog, catalog:
        # as if they had run then: attempts of the tests come later
        catalog.execute("update ducklake_snapshot set snapshot_time = '2026-11-21 00:36:00+08'")
    for day, snapshot in days.items():
        ledger.append(
            home.ledger,
            {"event": "day", "run": day, "run_id": "one", "at": f"{day}T23:00:00", "snapshot": snapshot}
            | {"landing": {"export-orders/a.xml": "a1" * 32}, "logs": {}, "sources": {}, "lake": {}, "catalogue": {}},
        )
    with connect(home) as connection:
        attach(connection, home, read_only=True)
        connection.execute(UNPUBLISHED)
    outcomes.begin(home, STOPPED)
    for stage, ok in (("survey", True), ("load", True), ("gate_received", False), ("data_docs", True)):
        outcomes.append(home, STOPPED, Outcome(stage, "", datetime(2026, 11, 22), 1.0, ok))
    answer = Approval("received", ["raw.files · some"], "refused", "", "2026-11-22T12:30:00", "no answer in 12 hours")
    approvals.append(home, STOPPED, answer)
    for page in ("index.html", f"validations/{page_name('received', 'raw.files')}/{BAD}/x/received.html"):
        file = home.data_docs / page
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text("<!DOCTYPE html><title>Data Docs</title>", encoding="utf-8")
    return home
