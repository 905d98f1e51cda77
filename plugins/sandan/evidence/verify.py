"""`make verify`: the whole chain of the ledger, and everything that it has digests of, computed again."""

from __future__ import annotations

from collections import Counter
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from functools import partial
from typing import TYPE_CHECKING, Any

import duckdb
from rich.console import Console
from rich.markup import escape

from sandan.errors import SandanError
from sandan.evidence import chain, ledger, logs, statistics
from sandan.evidence import lake as lakes
from sandan.evidence.again import reading
from sandan.evidence.record import landed, mapping, run_of
from sandan.warehouse.connect import connect
from sandan.warehouse.contract import FAMILIES, MONTHLY
from sandan.warehouse.lake import attach, check_published, written_tables

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sandan.home import Home

#: what notes that a date or month began → the table of those that ended, what tells one, and its name
BEGUN = {
    "runs_begun": ("runs", "run_date", "strftime(run_date, '%Y-%m-%d')"),
    "months_begun": ("consolidations", "month", "month"),
}
#: what is in the warehouse of them nobody has seen yet
AT_WORK = """
select {name} from main.{begun}
anti join (select {key} from audit.{ended} join published.audit.{ended} using ({key}, run_id)) using ({key})
"""
LOST = "select {name} from published.audit.{ended} anti join audit.{ended} using ({key}) order by all"
PUBLISHED = """
select schema_name || '.' || table_name as "table", list(column_name)
from duckdb_columns() where database_name = 'published' group by all order by all
"""
UNLIKE = """
with held as (select {columns} from {table} where {compared}),
published as (select {columns} from published.{table} where {compared}),
only_held as (from held except all from published),
only_published as (from published except all from held)
select {shown}, count(*) filter (side = 'held'), count(*) filter (side = 'published')
from (select 'held' as side, * from only_held union all select 'published', * from only_published)
group by {shown} order by {shown} limit 5
"""
#: months of which a vintage began and is not published; that is nothing to complain of: it may have had no news
VINTAGES_AT_WORK = (
    "select month from main.vintages_begun anti join published.audit.trade_vintages using (month, vintage_no)"
)
#: what the gate of such a vintage saw
ITS_GATE = "stage = 'statistics' and strftime(run_date, '%Y-%m') in ({months})"


@dataclass
class Findings:
    """What was compared, by kind; what is not as it was; what was not compared; what an auditor should know beside."""

    checked: Counter[str] = field(default_factory=Counter)
    problems: list[str] = field(default_factory=list)
    skipped: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


def verify(home: Home, run: str | None = None, head: str | None = None, console: Console | None = None) -> int:
    """Compare everything with the ledger, or the files and logs of one run (YYYY-MM-DD or YYYY-MM).

    `head` is a hash that an auditor noted: some line must have it. Names whatever was changed. Returns the exit status:
    0, 1 where something is not as it was, 2 where not all could be compared.

    Raises:
        BusyError: another process has the warehouse.
        SandanError: nothing is published yet.
    """
    console = console or Console(highlight=False, soft_wrap=True)
    check_published(home)
    found = Findings()
    told = ledger.lines(home.ledger)
    found.checked["lines of the ledger"] = len(told)
    if head and head not in {line["hash"] for line in told}:
        found.problems.append(f"no line of the ledger has the hash {head}: lines were removed, or written again")
    with connect(home, read_only=True) as warehouse:
        attach(warehouse, home, read_only=True)
        # one look at the lake: it would read its catalogue again for every query
        warehouse.begin()
        at_work = _at_work(found, warehouse)
        found.problems += chain.faults(home, warehouse)
        found.notes += chain.notes(home, warehouse)
        _lake(found, warehouse, told, run)
        _runs(found, home, warehouse, run, at_work)
        if run is None:
            _whole(found, home, warehouse, told, at_work)
    return _shown(found, console, ledger.head(home.ledger) or "empty", run or "everything")


def _runs(
    found: Findings, home: Home, warehouse: duckdb.DuckDBPyConnection, run: str | None, at_work: set[str]
) -> None:
    """The files and logs of each run, or of the one that was asked for."""
    known = ledger.by_run(ledger.lines(home.ledger))
    if run not in {None, *known}:
        found.problems.append(f"the ledger has no run of {run}")
    for name, line in known.items():
        if run not in (None, name):
            continue
        if name in at_work:
            found.skipped.append(f"files and logs of {name}, which began again and is not published")
        else:
            _landing(found, home, warehouse, line)
            _logs(found, warehouse, line)


def _whole(
    found: Findings, home: Home, warehouse: duckdb.DuckDBPyConnection, told: list[ledger.Line], at_work: set[str]
) -> None:
    """What is of no single run: rows of none, and the marts."""
    # a run that was killed before its line has left its rows, too
    written = {of["run"] for snapshot in lakes.snapshots(warehouse) if (of := run_of(snapshot))}
    with _readable(found, warehouse, "raw, or a log,"):
        found.problems += logs.strays(home, warehouse, {line["run"] for line in told} | at_work | written)
    if at_work:
        found.skipped.append(f"the marts with the lake: {', '.join(sorted(at_work))} began and is not published")
    else:
        _marts(found, warehouse)


def _shown(found: Findings, console: Console, head: str, what: str) -> int:
    for problem in found.problems:
        console.print(f"[red]✗[/] {escape(problem)}")
    for note in found.notes:
        console.print(f"[yellow]![/] {escape(note)}")
    console.print(escape("compared: " + ", ".join(f"{count:,} {kind}" for kind, count in found.checked.items())))
    for left_out in found.skipped:
        console.print(f"[yellow]![/] not compared: {escape(left_out)}")
    console.print(f"ledger: {head}")
    if found.problems:
        console.print("[bold red]NOT as it was published[/]")
        return 1
    if found.skipped:
        console.print("[bold yellow]as it was published, as far as it was compared[/]")
        return 2
    console.print(f"[bold]{what} is as it was published[/]")
    return 0


def _at_work(found: Findings, warehouse: duckdb.DuckDBPyConnection) -> set[str]:
    """The dates and months that began and are not published; one that is, and has no row any more, is a problem."""
    there = set(warehouse.execute("select schema_name, table_name, database_name from duckdb_tables()").fetchall())
    own = {(schema, table) for schema, table, database in there if database != "published"}
    at_work = set()
    for begun, (ended, key, name) in BEGUN.items():
        values = {"begun": begun, "ended": ended, "key": key, "name": name}
        is_published = ("audit", ended, "published") in there
        if ("main", begun) in own:
            query = AT_WORK if is_published else "select {name} from main.{begun}"
            at_work |= {run for (run,) in warehouse.execute(query.format(**values)).fetchall()}
        if is_published and ("audit", ended) in own:
            found.problems += [
                f"{run} is published, and audit.{ended} of the warehouse lacks it: it began again, or the row was cut"
                for (run,) in warehouse.execute(LOST.format(**values)).fetchall()
            ]
    return at_work


def _lake(found: Findings, warehouse: duckdb.DuckDBPyConnection, told: list[ledger.Line], run: str | None) -> None:
    lines = {line["snapshot"]: line for line in told if "snapshot" in line}
    there = lakes.snapshots(warehouse)
    for snapshot in there:
        found.problems += _of_snapshot(snapshot, lines.get(snapshot.id))
    for number in sorted(lines.keys() - {snapshot.id for snapshot in there}):
        found.problems.append(f"snapshot {number} of ledger line {lines[number]['line']} is gone from the lake")
    changes = lakes.changes(warehouse)
    for number, line in lines.items():
        then, now = line["catalogue"], changes.get(number, {})
        for table in sorted(table for table in now.keys() | then.keys() if now.get(table) != then.get(table)):
            found.problems.append(f"the lake's catalogue of {table} is not {_left(line)}")
    found.problems += statistics.narrowed(warehouse)
    found.checked["snapshots"] = len(there)
    wrote = {path: line for line in lines.values() for path in line["lake"]}
    # of a snapshot that has no line, which is said above, no file can have one
    paths = {path for number, paths in lakes.files(warehouse).items() if number in lines for path in paths}
    mine = {path for path in paths if run in (None, wrote.get(path, {}).get("run"))}
    for path, digest in lakes.digests(warehouse, sorted(mine)).items():
        if path not in wrote:
            found.problems.append(f"lake file {path} is in no line of the ledger")
        elif digest != wrote[path]["lake"][path]:
            found.problems.append(f"lake file {path} is {'not ' + _left(wrote[path]) if digest else 'gone'}")
    found.checked["lake files"] = len(mine)


def _left(line: ledger.Line) -> str:
    return f"as the run of {line['run']} left it (ledger line {line['line']})"


def _of_snapshot(snapshot: lakes.Snapshot, line: ledger.Line | None) -> list[str]:
    run = run_of(snapshot)
    if not run:
        said = f"{snapshot.author} {snapshot.message}".strip() or "without a word"
        return [f"snapshot {snapshot.id} of {snapshot.at} was written by no run: {said}"]
    if line is None:
        return [f"snapshot {snapshot.id} of {run['run']} has no line: its run was killed; the next run writes it"]
    if run != {name: line[name] for name in run}:
        return [
            f"snapshot {snapshot.id} says that {run['run_id']} wrote it, ledger line {line['line']} names another run"
        ]
    return []


def _landing(found: Findings, home: Home, warehouse: duckdb.DuckDBPyConnection, line: ledger.Line) -> None:
    """The files of a date, and what `raw` has of those that are as they were."""
    found.problems += [
        f"raw.files does not know {name} of {line['run']} as it was received (ledger line {line['line']})"
        for name in logs.unlike(line["received"], landed(warehouse, line["run"]))
    ]
    for source_id in sorted({name.partition("/")[0] for name in line["landing"]}):
        known = {
            name.partition("/")[2]: digest
            for name, digest in line["landing"].items()
            if name.partition("/")[0] == source_id
        }
        place = f"landing/{source_id}/{line['run']}"
        with _readable(found, warehouse, place), reading(home, date.fromisoformat(line["run"]), source_id) as again:
            for path in sorted(known.keys() | again.digests.keys()):
                found.problems += _of_file(f"{place}/{path}", known.get(path, ""), again.digests.get(path), line)
            same = [path for path, digest in again.digests.items() if known.get(path) == digest]
            if mapping(home, source_id) == line["sources"].get(source_id):
                found.problems += again.differences(warehouse, same)
            else:
                found.skipped.append(f"records of {place}: sources/{source_id}.yml is another one now")
        found.checked["landing files"] += len(known)


@contextmanager
def _readable(found: Findings, warehouse: duckdb.DuckDBPyConnection, what: str) -> Iterator[None]:
    """Whatever cannot be read inside is a problem, and the rest is compared."""
    try:
        yield
    except SandanError as error:
        found.problems.append(f"{what} cannot be read: {error.problem}")
    except duckdb.Error:
        warehouse.rollback()
        warehouse.begin()
        found.problems.append(f"{what} cannot be read")


def _of_file(place: str, known: str, now: str | None, line: ledger.Line) -> list[str]:
    """`known`: the digest of the ledger; empty of a file that it does not name."""
    if known == now:
        return []
    if known == "":
        return [f"{place} is in no line of the ledger: it landed after the run, or was put there"]
    return [f"{place} is {'not as read' if now else 'gone'} (ledger line {line['line']})"]


def _logs(found: Findings, warehouse: duckdb.DuckDBPyConnection, line: ledger.Line) -> None:
    now, then = logs.digests(warehouse, line["run"]), line["logs"]
    found.problems += [f"warehouse table {table} is not {_left(line)}" for table in logs.unlike(then, now)]
    found.checked["logs"] += len(then)


def _marts(found: Findings, warehouse: duckdb.DuckDBPyConnection) -> None:
    """Every published table has the rows of its mart; but for the ledger, whose last line is not published yet."""
    keys = {f"{f.schema}.{table}": f.key or ("run_date",) for f in (*MONTHLY, *FAMILIES) for table in f.tables}
    written, at_work = written_tables(warehouse), _vintages_at_work(warehouse)
    its_gate = ITS_GATE.format(months=", ".join(f"'{month}'" for month in at_work)) if at_work else "false"
    for table, published in warehouse.execute(PUBLISHED).fetchall():
        if table not in keys or table == "audit.ledger":
            continue
        compared = f"not ({its_gate})" if table == "audit.gate_results" else "true"
        shown = ", ".join(f'"{name}"' for name in keys[table] if name in published) or "side"
        columns = ", ".join(f'"{name}"' for name in published)
        rows: list[tuple[Any, ...]] = []
        with _readable(found, warehouse, f"published.{table}"):
            unlike = partial(UNLIKE.format, table=table, columns=columns, shown=shown)
            if table in written or _has_rows(warehouse, table):
                rows = warehouse.execute(unlike(compared=compared)).fetchall()
            if table == "audit.gate_results" and warehouse.execute(unlike(compared=its_gate)).fetchone():
                found.skipped.append(f"what the gate saw of the vintage of {', '.join(at_work)} that is not published")
            found.checked["published tables"] += 1
        for *key, held, out in rows:
            where = ", ".join(str(part) for part in key)
            found.problems.append(
                f"{table} ({where}): {held} rows of the warehouse are not published so, {out} published are not held so"
            )


def _vintages_at_work(warehouse: duckdb.DuckDBPyConnection) -> list[str]:
    there = set(warehouse.execute("select database_name, schema_name, table_name from duckdb_tables()").fetchall())
    if ("published", "audit", "trade_vintages") in there and any(name == "vintages_begun" for *_, name in there):
        return sorted(month for (month,) in warehouse.execute(VINTAGES_AT_WORK).fetchall())
    return []


def _has_rows(warehouse: duckdb.DuckDBPyConnection, table: str) -> bool:
    """Whether a table that the lake says was never written has rows nonetheless, here or there."""
    return any(warehouse.execute(f"from {place} limit 1").fetchone() for place in (table, f"published.{table}"))
