"""A home with two published days, and with one that stopped behind them, as their runs would have left it."""

from __future__ import annotations

import re
import shutil
import sqlite3
from contextlib import closing
from datetime import date, datetime
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import duckdb

from sandan.evidence import ledger
from sandan.gates import page_name
from sandan.home import PROJECT, Home
from sandan.month import CountedMonth, Month
from sandan.run import approvals, outcomes
from sandan.run.approvals import Approval
from sandan.run.outcomes import Outcome
from sandan.warehouse.connect import connect, settings
from sandan.warehouse.lake import attach

LAKE = PROJECT / "tests" / "data" / "audit.sql"
GOOD, BAD, STOPPED = date(2026, 11, 19), date(2026, 11, 20), date(2026, 11, 21)
MONTH, STOPPED_MONTH = Month.fromisoformat("2026-10"), CountedMonth.fromisoformat("2026-11")
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
#: a month consolidated, and two vintages of its statistics, the second with a warning that somebody accepted
MONTHS = """
create table published.audit.consolidations as select '2026-10' as month, * exclude (run_date, state, unclaimed,
    rules_skipped) from published.audit.runs limit 1;
create table published.clearance.consolidation_counts as select '2026-10' as month, 10 as closed, 8 as consolidated,
    1 as late, 1 as left_out_simplified, 1 as left_out_returned, 3 as forms, 5 as lines, 9 as members;
insert into published.audit.gate_results by name select * replace (date '2026-10-31' as run_date,
    'consolidated' as stage) from published.audit.gate_results where run_date = '2026-11-19';
@three 2026-10
create schema published.statistics;
create table published.audit.trade_vintages as select *, 1 as vintage_no, 'preliminary' as vintage, 3 as items,
    2 as items_left_out from published.audit.consolidations;
create table published.statistics.coverage as select '2026-10' as period, 1 as vintage_no, 'export-orders' as source_id,
    'order' as list, 31 as days, 30 as days_heard, 9 as received, 7 as accepted, 1 as superseded, 0 as duplicate,
    0 as stale, 0 as draft, 1 as quarantined;
create table published.statistics.trade_items as select '2026-10' as period, 1 as vintage_no, '3301960' as ebc_code,
    'L' || n as cop_no, 1 as gnum, 'E' as flow, 100 as value_cny from range(3) as items (n);
create table published.statistics.trade_exclusions as select '2026-10' as period, 1 as vintage_no, 'E' as flow,
    'waiting' as reason, 1 as declarations, 2 as items, 50 as value_cny;
create table published.statistics.revision_sizes (period varchar, vintage_no integer, flow varchar, measure varchar,
    before decimal(19, 5), after decimal(19, 5), cells integer, revised_cells integer);
@three 2026-10 · vintage 1
insert into published.audit.trade_vintages by name select * replace (2 as vintage_no, 'revised' as vintage, 2 as items,
    [{'gate': 'statistics', 'warnings': ['statistics.coverage · source_heard'], 'decision': 'accepted',
    'who': 'han.meimei', 'at': timestamp '2026-11-22 09:00', 'why': 'holiday'}] as approvals)
    from published.audit.trade_vintages;
insert into published.statistics.trade_items select * replace (2 as vintage_no) from published.statistics.trade_items
    limit 1;
insert into published.statistics.trade_exclusions select * replace (2 as vintage_no)
    from published.statistics.trade_exclusions;
insert into published.statistics.revision_sizes values ('2026-10', 2, 'E', 'value_cny', 300, 100, 1, 1);
insert into published.audit.gate_results by name select * replace (date '2026-10-31' as run_date,
    'statistics' as stage, 'statistics.coverage' as suite, 'source_heard' as expectation, 'warning' as severity,
    false as success) from published.audit.gate_results where run_date = '2026-11-19';
insert into published.audit.gate_results by name select * replace (date '2026-10-31' as run_date,
    'statistics' as stage) from published.audit.gate_results where run_date = '2026-11-19';
@three 2026-10 · vintage 2
"""


def add_months(home: Home) -> None:
    """Runs of months, each a snapshot of its own; the last one, at another month's statistics, stopped at its gate."""
    pieces = re.split(r"^@three (.*)\n", MONTHS, flags=re.MULTILINE)
    with duckdb.connect(config=settings(home)) as connection:
        attach(connection, home)
        for statements, run in zip(pieces[::2], pieces[1::2], strict=False):
            job = "trade_statistics_monthly" if "vintage" in run else "consolidate_monthly"
            connection.begin()
            connection.execute(statements)
            connection.execute("call published.set_commit_message('sandan', $1)", [f"{job} {run} · run three"])
            connection.commit()
    outcomes.begin(home, STOPPED_MONTH)
    for stage, ok in (("begin_vintage", True), ("count_trade", True), ("gate_statistics", False)):
        outcomes.append(home, STOPPED_MONTH, Outcome(stage, "", datetime(2026, 12, 5), 1.0, ok))


def make(root: Path) -> Home:
    """The home in `root`: a copy of the one that this process made first."""
    shutil.copytree(_first().name, root, dirs_exist_ok=True)
    return Home(root=root, sources=PROJECT / "sources")


@cache
def _first() -> TemporaryDirectory[str]:
    made = TemporaryDirectory()
    _build(Home(root=Path(made.name), sources=PROJECT / "sources"))
    return made


def _build(home: Home) -> None:
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
