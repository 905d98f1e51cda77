"""What the ledger says, held against what the warehouse noted of it."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from sandan.evidence import ledger
from sandan.evidence.record import summary
from sandan.warehouse.forgotten import redacted, tables_of_persons

if TYPE_CHECKING:
    import duckdb

    from sandan.home import Home

HELD = 'select * replace (strftime("at", \'%Y-%m-%dT%H:%M:%S\') as "at") from audit.ledger order by line'


def faults(home: Home, warehouse: duckdb.DuckDBPyConnection) -> list[str]:
    """What is wrong with the chain, with its lines in `audit.ledger`, and with what they say was forgotten."""
    told = ledger.lines(home.ledger)
    return [*ledger.faults(home.ledger), *_mirror(warehouse, told), *_forgotten(warehouse, told)]


def notes(home: Home, warehouse: duckdb.DuckDBPyConnection) -> list[str]:
    """What an auditor should know of the ledger beside: each line of what was forgotten, and one that is not noted."""
    told = ledger.lines(home.ledger)
    said = [
        f"ledger line {line['line']}, {line['run']}: {len(line['landing'])} files forgotten on {line['at'][:10]}, "
        f"{len(line['logs'])} logs rewritten"
        for line in told
        if line["event"] == "forget"
    ]
    if told and told[-1]["line"] not in _held(warehouse):
        said.append(f"ledger line {told[-1]['line']} is not in audit.ledger: its run was killed, the next one adds it")
    return said


def _held(warehouse: duckdb.DuckDBPyConnection) -> dict[int, tuple[object, ...]]:
    return {row[0]: row for row in warehouse.execute(HELD).fetchall()}


def _mirror(warehouse: duckdb.DuckDBPyConnection, told: list[ledger.Line]) -> list[str]:
    written, held = {line["line"]: summary(line) for line in told}, _held(warehouse)
    found = []
    for number in sorted(written.keys() | held.keys()):
        if number not in written:
            found.append(f"ledger line {number} is gone; audit.ledger has it, with the hash {held[number][-1]}")
        elif number not in held:
            # each line is noted before the next is written, so that a kill leaves out the last one at most
            if number != told[-1]["line"]:
                found.append(f"ledger line {number} is not in audit.ledger: no run appended it")
        elif held[number] != written[number]:
            found.append(f"audit.ledger has line {number} otherwise than the ledger")
    return found


def _forgotten(warehouse: duckdb.DuckDBPyConnection, told: list[ledger.Line]) -> list[str]:
    """What was forgotten: of files the lines say what `audit.forgotten` does, of logs those of persons."""
    persons = tables_of_persons(warehouse)
    noted = redacted(warehouse)
    found = []
    said: dict[str, dict[str, dict[str, str]]] = defaultdict(dict)
    for line in (line for line in told if line["event"] == "forget"):
        said[line["run"]] |= line["landing"]
        found += [
            f"ledger line {line['line']} says {name} was forgotten, audit.forgotten does not"
            for name, change in line["landing"].items()
            if noted[line["run"]].get(name) != change
        ]
        found += [
            f"ledger line {line['line']} has another digest of {table}, which forgetting does not rewrite"
            for table in line["logs"]
            if table not in persons
        ]
    for run in sorted({line["run"] for line in told} & noted.keys()):
        found += [
            f"{name} of {run} is forgotten by audit.forgotten, and in no line of the ledger"
            for name in sorted(noted[run].keys() - said[run].keys())
        ]
    return found
