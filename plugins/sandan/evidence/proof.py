"""From what is published of a declaration to the records it rests on: each link computed again."""

from __future__ import annotations

from collections import defaultdict
from contextlib import ExitStack
from typing import TYPE_CHECKING, Any, Self

import duckdb
from rich.markup import escape

from sandan.errors import ConfigurationError, SandanError
from sandan.evidence import chain, ledger, logs, statistics
from sandan.evidence import lake as lakes
from sandan.evidence.again import Reading, reading
from sandan.evidence.record import landed, mapping
from sandan.run.pages import rows_of
from sandan.warehouse.connect import connect
from sandan.warehouse.lake import attach, check_published

if TYPE_CHECKING:
    from datetime import date

    from rich.console import Console

    from sandan.home import Home

PUBLISHED = """
select schema_name || '.' || table_name as name
from duckdb_columns()
where database_name = 'published' and column_name in ('ebc_code', 'cop_no')
group by all having count(*) = 2 order by all
"""
#: `filename` of a row without a file names the catalogue; `snapshot_id` is the snapshot that wrote it
PUBLISHED_ROWS = """
select snapshot_id as written_by, filename as lies_in, *
from published.{table} where (ebc_code, cop_no) = ($ebc_code, $cop_no)
"""
HELD_ROWS = "from {table} where (ebc_code, cop_no) = ($ebc_code, $cop_no)"
DECISION = """
from matching.decisions where declaration_key = $ebc_code || chr(31) || $cop_no
qualify row_number() over (order by run_date desc) = 1
"""
DECLARED = "from staging.stg_declarations where record_id = $record_id"
DECLARED_ITEMS = "from staging.stg_declaration_items where record_id = $record_id"
#: staged lists, and the keys of the declaration that they have
STAGED = """
select table_name as name, list(column_name order by column_name) as keys
from duckdb_columns()
where schema_name = 'staging' and starts_with(table_name, 'stg_')
    and column_name in ('declaration_key', 'order_key', 'waybill_key')
group by all order by all
"""
RECORDS = 'select distinct run_date, source_id, path, "position" from staging.{name} where {keys}'
PAPERS = """
select distinct paper as name, landed_on as run_date, source_id, path, "position"
from public_service.rebate_evidence where (ebc_code, cop_no) = ($ebc_code, $cop_no)
"""
#: columns that say when a row was written, and the columns of a proof
OF_RUN = {"run_date", "changed_on", "written_by", "lies_in"}
OK = "as it was"

Row = dict[str, Any]


class Proof:
    """What was proved so far. A link is told once, a problem too: many declarations rest on one file."""

    def __init__(self, home: Home) -> None:
        check_published(home)
        self._home = home
        told = ledger.lines(home.ledger)
        self._runs = ledger.by_run(told)
        self._lines = {line["snapshot"]: line for line in told if "snapshot" in line}
        self._links: dict[str, list[str]] = {}
        self._problems: dict[str, None] = {}
        self._skipped: dict[str, None] = {}
        self._changes: dict[int, dict[str, str]] = {}
        self._digests: dict[str, str] = {}
        self._logged: set[tuple[str, ...]] = set()
        self._readings: dict[tuple[date, str, str], Reading] = {}
        self._open = ExitStack()

    def __enter__(self) -> Self:
        self.warehouse = self._open.enter_context(connect(self._home, read_only=True))
        attach(self.warehouse, self._home, read_only=True)
        # one look at the lake: it would read its catalogue again for every query
        self.warehouse.begin()
        self._problems |= dict.fromkeys(chain.faults(self._home, self.warehouse))
        self._problems |= dict.fromkeys(statistics.narrowed(self.warehouse))
        self._changes = lakes.changes(self.warehouse)
        return self

    def __exit__(self, *_: object) -> None:
        self._open.close()

    @property
    def status(self) -> int:
        """The exit status: 1 where anything is not as it was, 2 where a link could not be compared."""
        return 1 if self._problems else 2 if self._skipped else 0

    def declaration(self, name: str) -> None:
        """Follow a declaration through the lake, the warehouse and the landing."""
        ebc_code, _, cop_no = name.partition("/")
        key = {"ebc_code": ebc_code, "cop_no": cop_no}
        self._links[f"declaration {cop_no} of {ebc_code}"] = []
        published = {of: rows for (of,) in self._rows(PUBLISHED) if (rows := self._of_lake(of, key)) is not None}
        facts = published.get("clearance.clearance_facts")
        if facts == []:
            raise SandanError(f"no declaration {cop_no} of {ebc_code} is published", "write EBC_CODE/COP_NO")
        for of, rows in published.items():
            if rows:
                self._mart(of, rows, key)
        decisions = rows_of(self.warehouse, DECISION, key)
        if facts:
            self._declared(facts[0], published.get("clearance.clearance_items") or [], decisions)
        self._landed(key, decisions)

    def show(self, console: Console) -> None:
        """Print the links, then what is wrong."""
        for title, links in self._links.items():
            console.print(f"[bold]{escape(title)}[/]")
            for link in links:
                console.print(escape(link))
            console.print()
        for problem in self._problems:
            console.print(f"[red]✗[/] {escape(problem)}")
        console.print(f"ledger: {ledger.head(self._home.ledger) or 'empty'}")
        for skipped in self._skipped:
            console.print(f"[yellow]![/] not compared: {escape(skipped)}")
        if self._problems:
            console.print("[bold red]NOT proved[/]")
        elif self._skipped:
            console.print("[bold yellow]proved as far as it was compared[/]")
        else:
            console.print("[bold]proved[/]: every link was computed again")

    def _rows(self, query: str) -> list[tuple[Any, ...]]:
        return self.warehouse.execute(query).fetchall()

    def _link(self, said: str, place: str) -> None:
        self._links[next(reversed(self._links))] += [f"  {said}", f"      {place}"]

    def _problem(self, said: str) -> str:
        self._problems[said] = None
        return "not " + OK

    def _of_lake(self, of: str, key: Row) -> list[Row] | None:
        """The published rows of a table, with the files they lie in checked; None where they cannot be read."""
        try:
            rows = rows_of(self.warehouse, PUBLISHED_ROWS.format(table=of), key)
        except duckdb.Error:
            self.warehouse.rollback()
            self.warehouse.begin()
            self._problem(f"published.{of} cannot be read")
            for known in self._lines.values():
                for path in known["lake"]:
                    if path.startswith(of.replace(".", "/") + "/"):
                        self._file(path)
            return None
        counted: dict[tuple[int, str], int] = defaultdict(int)
        for row in rows:
            counted[row["written_by"], row["lies_in"]] += 1
        folder = lakes.data_path(self.warehouse)
        for (snapshot, place), count in sorted(counted.items()):
            is_file = place.startswith(folder)
            path = place.removeprefix(folder)
            line = self._lines.get(snapshot)
            state = OK
            if line is None:
                state = self._problem(
                    f"{of}: a row was written by snapshot {snapshot}, which has no line in the ledger"
                )
            elif self._changes.get(snapshot, {}).get(of) != line["catalogue"].get(of):
                state = self._problem(f"the lake's catalogue of {of} is not as the run of {line['run']} left it")
            if is_file and not self._file(path):
                state = "not " + OK
            wrote = f"by the run of {line['run']}, ledger line {line['line']}" if line else "by no run"
            self._link(
                f"{of}: {count} rows {wrote}: {state}",
                f"{path} sha256 {self._digests[path]}" if is_file else "in the catalogue",
            )
        return rows

    def _file(self, path: str) -> bool:
        """Whether a file of the lake has the digest that the ledger has of it."""
        if path not in self._digests:
            self._digests |= lakes.digests(self.warehouse, [path])
        digest = self._digests[path]
        line = next((line for line in self._lines.values() if path in line["lake"]), None)
        if line is None:
            self._problem(f"lake file {path} is in no line of the ledger")
        elif digest != line["lake"][path]:
            self._problem(f"lake file {path} is {'not ' + OK if digest else 'gone'} (ledger line {line['line']})")
        return line is not None and digest == line["lake"][path]

    def _mart(self, of: str, rows: list[Row], key: Row) -> None:
        """Published rows and those that the warehouse holds are the same."""
        try:
            held = rows_of(self.warehouse, HELD_ROWS.format(table=of), key)
        except duckdb.CatalogException:
            self.warehouse.rollback()
            self.warehouse.begin()
            held = []
        out = [{name: value for name, value in row.items() if name not in ("written_by", "lies_in")} for row in rows]
        only_out, only_held = _less(out, held), _less(held, out)
        if len(only_out) == len(only_held) == 1:
            self._problem(f"warehouse row of {of}: {', '.join(_unlike(only_out[0], only_held[0]))} not as published")
        elif only_out or only_held:
            self._problem(f"warehouse rows of {of}: {max(len(only_out), len(only_held))} not as published")

    def _declared(self, facts: Row, items: list[Row], decisions: list[Row]) -> None:
        """What is published says what was decided, and that what was staged."""
        if not decisions:
            self._problem(f"matching.decisions has no row of {facts['cop_no']}")
            return
        record = {"record_id": decisions[0]["record_id"]}
        if differ := _unlike(facts, decisions[0], OF_RUN):
            self._problem(f"matching.decisions of {decisions[0]['run_date']}: {', '.join(differ)} not as published")
        for declared in rows_of(self.warehouse, DECLARED, record) or [dict.fromkeys(facts)]:
            if differ := _unlike(facts, declared, OF_RUN):
                self._problem(f"staging.stg_declarations: {', '.join(differ)} not as published")
        staged = {item["gnum"]: item for item in rows_of(self.warehouse, DECLARED_ITEMS, record)}
        for item in items:
            if differ := _unlike(item, staged.get(item["gnum"], {"gnum": None}), OF_RUN):
                self._problem(
                    f"staging.stg_declaration_items, item {item['gnum']}: {', '.join(differ)} not as published"
                )
        values = [item["value_cny"] for item in items]
        if items and None not in values and sum(values) != facts["goods_value_cny"]:
            self._problem("clearance.clearance_facts: goods_value_cny is not the sum of its items")
        self._logs(str(decisions[0]["run_date"]), {"decisions", "findings"})

    def _logs(self, run: str, tables: set[str]) -> None:
        line = self._runs.get(run)
        if line is None:
            self._problem(f"the ledger has no line of the run of {run}")
            return
        then = {name: digest for name, digest in line["logs"].items() if name.partition(".")[2] in tables}
        if (run, *sorted(then)) not in self._logged:
            self._logged.add((run, *sorted(then)))
            now = logs.digests(self.warehouse, run, tables)
            for name in logs.unlike(then, now):
                self._problem(f"warehouse table {name} is not as the run of {run} left it (ledger line {line['line']})")

    def _landed(self, key: Row, decisions: list[Row]) -> None:
        """The records that name the declaration, its order or its waybill, and the papers of its refunds."""
        records: dict[tuple[date, str, str, int], set[str]] = defaultdict(set)
        known = {"declaration_key": f"{key['ebc_code']}\x1f{key['cop_no']}"}
        known |= {name: decision[name] for decision in decisions for name in ("order_key", "waybill_key")}
        for name, columns in self._rows(STAGED):
            keys = {column: known[column] for column in columns if known.get(column)}
            query = RECORDS.format(name=name, keys=" or ".join(f"{column} = ${column}" for column in keys))
            for found in self.warehouse.execute(query, keys).fetchall() if keys else []:
                records[found].add(name)
        if self._rows("from duckdb_tables() where schema_name = 'public_service' and table_name = 'rebate_evidence'"):
            for paper in rows_of(self.warehouse, PAPERS, key):
                place = (paper["run_date"], paper["source_id"], paper["path"], paper["position"])
                records[place].add(paper["name"])
        staged: dict[str, set[str]] = defaultdict(set)
        for (run_date, source_id, path, position), names in sorted(records.items()):
            staged[str(run_date)] |= {name for name in names if name.startswith("stg_")}
            self._record(run_date, source_id, path, position, names)
        for run, tables in staged.items():
            self._logs(run, tables)

    def _record(self, run_date: date, source_id: str, path: str, position: int, names: set[str]) -> None:
        """The file of a record has the digest of the ledger, and `raw` has the record as the file has it."""
        line = self._runs.get(
            str(run_date), {"line": "none", "landing": {}, "forgotten": {}, "received": {}, "sources": {}}
        )
        name, place = f"{source_id}/{path}", f"landing/{source_id}/{run_date}/{path}"
        known, forgotten = line["landing"].get(name, ""), line["forgotten"].get(name)
        digest, problems = self._read_again(run_date, source_id, path, position, line)
        if digest != known:
            problems.append(f"{place} is {'not as read' if digest else 'gone'} (ledger line {line['line']})")
        if landed(self.warehouse, str(run_date)).get(name) != line["received"].get(name):
            problems.append(f"raw.files does not know {name} of {run_date} as it was received")
        state = "redacted" if forgotten else OK
        for said in problems:
            state = self._problem(said)
        lists = ", ".join(sorted(n.removeprefix("stg_") for n in names))
        since = f" on {forgotten}" if forgotten and not problems else ""
        self._link(
            f"{lists}: record {position}, ledger line {line['line']}: {state}{since}", f"{place} sha256 {digest}"
        )

    def _read_again(
        self, run_date: date, source_id: str, path: str, position: int, line: ledger.Line
    ) -> tuple[str, list[str]]:
        """The digest of a file as it is now, empty where there is none, and how its record differs in `raw`."""
        place = (run_date, source_id, path)
        if place not in self._readings:
            try:
                again = self._open.enter_context(reading(self._home, *place))
            except ConfigurationError as error:
                return "", [error.problem]
            self._readings[place] = again
        again = self._readings[place]
        digest = again.digests.get(path, "")
        if mapping(self._home, source_id) != line["sources"].get(source_id):
            self._skipped[f"records of landing/{source_id}/{run_date}: sources/{source_id}.yml is another one now"] = (
                None
            )
            return digest, []
        try:
            return digest, again.differences(self.warehouse, again.digests, position)
        except SandanError as error:
            return digest, [error.problem]
        except duckdb.Error:
            self.warehouse.rollback()
            self.warehouse.begin()
            return digest, [f"raw, or its archive, cannot be read for {source_id} of {run_date}"]


def _unlike(one: Row, other: Row, besides: set[str] | None = None) -> list[str]:
    """The columns that both rows have, and in which they differ."""
    return [name for name in one if name in other and name not in (besides or ()) and one[name] != other[name]]


def _less(rows: list[Row], others: list[Row]) -> list[Row]:
    """Rows without those that are among the others, one for one."""
    left = list(others)
    found = []
    for row in rows:
        if row in left:
            left.remove(row)
        else:
            found.append(row)
    return found
