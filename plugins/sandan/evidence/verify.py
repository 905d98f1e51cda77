"""`make verify`: the whole chain of the ledger, and everything that it has digests of, computed again."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING

import duckdb
from rich.console import Console
from rich.markup import escape

from sandan.errors import ConfigurationError
from sandan.evidence import lake as lakes
from sandan.evidence import ledger, logs
from sandan.evidence.again import reading
from sandan.evidence.record import mapping, run_of, summary
from sandan.warehouse.connect import connect
from sandan.warehouse.contract import FAMILIES, MONTHLY
from sandan.warehouse.lake import attach, check_published

if TYPE_CHECKING:
    from sandan.home import Home

#: dates and months that began and are not published: what is in the warehouse of them nobody has seen yet
AT_WORK = {
    "runs_begun": "select strftime(run_date, '%Y-%m-%d') from main.runs_begun anti join audit.runs using (run_date)",
    "months_begun": "select month from main.months_begun anti join audit.consolidations using (month)",
}
MIRROR = 'select * replace (strftime("at", \'%Y-%m-%dT%H:%M:%S\') as "at") from audit.ledger order by line'
PUBLISHED = """
select schema_name || '.' || table_name as "table", list(column_name)
from duckdb_columns() where database_name = 'published' group by all order by all
"""
UNLIKE = """
with only_held as (select {columns} from {table} except all select {columns} from published.{table}),
only_published as (select {columns} from published.{table} except all select {columns} from {table})
select {shown}, count(*) filter (side = 'held'), count(*) filter (side = 'published')
from (select 'held' as side, * from only_held union all select 'published', * from only_published)
group by {shown} order by {shown} limit 5
"""


@dataclass
class Findings:
    """What was compared, by kind; what is not as it was; what an auditor should know beside."""

    checked: Counter[str] = field(default_factory=Counter)
    problems: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


def verify(home: Home, run: str | None = None, head: str | None = None, console: Console | None = None) -> int:
    """Compare everything with the ledger, or the files and logs of one run (YYYY-MM-DD or YYYY-MM); the exit status.

    `head` is a hash that an auditor noted: some line must have it. Names whatever was changed.

    Raises:
        BusyError: another process has the warehouse.
        SandanError: nothing is published yet.
    """
    console = console or Console(highlight=False, soft_wrap=True)
    check_published(home)
    found = Findings()
    told = ledger.lines(home.ledger)
    found.checked["lines of the ledger"] = len(told)
    found.problems += ledger.faults(home.ledger)
    if head and head not in {line["hash"] for line in told}:
        found.problems.append(f"no line of the ledger has the hash {head}: lines were removed, or written again")
    with connect(home, read_only=True) as warehouse:
        attach(warehouse, home, read_only=True)
        # one look at the lake: it would read its catalogue again for every query
        warehouse.begin()
        at_work = _at_work(warehouse)
        _mirror(found, warehouse, told)
        _lake(found, warehouse, told, run)
        for name, line in ledger.by_run(told).items():
            if name in at_work:
                found.notes.append(f"{name} began again and is not published: its files and logs were not compared")
            elif run in (None, name):
                _landing(found, home, warehouse, line)
                _logs(found, warehouse, line)
        if at_work:
            found.notes.append("a run is not published yet: the marts were not compared with the lake")
        elif run is None:
            _marts(found, warehouse)
    for problem in found.problems:
        console.print(f"[red]✗[/] {escape(problem)}")
    for note in found.notes:
        console.print(f"[yellow]![/] {escape(note)}")
    console.print(escape("compared: " + ", ".join(f"{count:,} {kind}" for kind, count in found.checked.items())))
    console.print(f"ledger: {ledger.head(home.ledger) or 'empty'}")
    console.print(
        "[bold red]NOT as it was published[/]" if found.problems else "[bold]everything is as it was published[/]"
    )
    return 1 if found.problems else 0


def _at_work(warehouse: duckdb.DuckDBPyConnection) -> set[str]:
    there = warehouse.execute("select table_name from duckdb_tables() where schema_name = 'main'").fetchall()
    queries = [query for table, query in AT_WORK.items() if (table,) in there]
    return {run for query in queries for (run,) in warehouse.execute(query).fetchall()}


def _mirror(found: Findings, warehouse: duckdb.DuckDBPyConnection, told: list[ledger.Line]) -> None:
    written = {line["line"]: summary(line) for line in told}
    held = {row[0]: row for row in warehouse.execute(MIRROR).fetchall()}
    for number in sorted(written.keys() | held.keys()):
        if number not in written:
            found.problems.append(
                f"ledger line {number} is gone; audit.ledger has it, with the hash {held[number][-1]}"
            )
        elif number in held and held[number] != written[number]:
            found.problems.append(f"audit.ledger has line {number} otherwise than the ledger")
    found.checked["rows of audit.ledger"] = len(held)


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
    found.checked["snapshots"] = len(there)
    wrote = {path: line for line in lines.values() for path in line["lake"]}
    paths = {path for paths in lakes.files(warehouse).values() for path in paths}
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
    for source_id in sorted({name.partition("/")[0] for name in line["landing"]}):
        known = {
            name.partition("/")[2]: digest
            for name, digest in line["landing"].items()
            if name.partition("/")[0] == source_id
        }
        place = f"landing/{source_id}/{line['run']}"
        try:
            with reading(home, date.fromisoformat(line["run"]), source_id) as again:
                for path in sorted(known.keys() | again.digests.keys()):
                    found.problems += _of_file(f"{place}/{path}", known.get(path, ""), again.digests.get(path), line)
                same = [path for path, digest in again.digests.items() if known.get(path) == digest]
                if mapping(home, source_id) == line["sources"].get(source_id):
                    found.problems += again.differences(warehouse, same)
                else:
                    found.notes.append(f"sources/{source_id}.yml is another one now: records of {place} not compared")
        except ConfigurationError as error:
            found.problems.append(f"{place} cannot be read: {error.problem}")
        found.checked["landing files"] += len(known)
    if line["forgotten"]:
        found.notes.append(
            f"{line['run']}: {len(line['forgotten'])} files forgotten on {max(line['forgotten'].values())}"
        )


def _of_file(place: str, known: str, now: str | None, line: ledger.Line) -> list[str]:
    """`known`: the digest of the ledger; empty of a file that it does not name."""
    if known == now:
        return []
    if known == "":
        return [f"{place} is in no line of the ledger: it landed after the run, or was put there"]
    return [f"{place} is {'not as read' if now else 'gone'} (ledger line {line['line']})"]


def _logs(found: Findings, warehouse: duckdb.DuckDBPyConnection, line: ledger.Line) -> None:
    now, then = logs.digests(warehouse, line["run"]), line["logs"]
    for table in sorted(now.keys() | then.keys()):
        if now.get(table) != then.get(table):
            found.problems.append(f"warehouse table {table} is not {_left(line)}")
    found.checked["logs"] += len(then)


def _marts(found: Findings, warehouse: duckdb.DuckDBPyConnection) -> None:
    """Every published table has the rows of its mart; but for the ledger, whose last line is not published yet."""
    keys = {f"{f.schema}.{table}": f.key or ("run_date",) for f in (*MONTHLY, *FAMILIES) for table in f.tables}
    for table, published in warehouse.execute(PUBLISHED).fetchall():
        if table not in keys or table == "audit.ledger":
            continue
        shown = ", ".join(f'"{name}"' for name in keys[table] if name in published) or "side"
        columns = ", ".join(f'"{name}"' for name in published)
        try:
            rows = warehouse.execute(UNLIKE.format(table=table, columns=columns, shown=shown)).fetchall()
        except duckdb.Error:
            warehouse.rollback()
            warehouse.begin()
            found.problems.append(f"published.{table} cannot be read")
            continue
        for *key, held, out in rows:
            where = ", ".join(str(part) for part in key)
            found.problems.append(
                f"{table} ({where}): {held} rows of the warehouse are not published so, {out} published are not held so"
            )
        found.checked["published tables"] += 1
