"""What was forgotten on purpose: a line of the ledger says of each file which digest it has from then on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sandan.errors import SandanError
from sandan.evidence import ledger, logs
from sandan.evidence.record import landed, mirror
from sandan.run import clock
from sandan.warehouse.connect import connect
from sandan.warehouse.forgotten import redacted, tables_of_persons

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from sandan.home import Home


def check_received(home: Home, days: Iterable[date]) -> None:
    """Refuse to forget dates of which the warehouse holds something else than their lines of the ledger say.

    To be asked before anything is forgotten: afterwards nobody can tell what was changed by somebody else. A date that
    no run published has no line, and nothing to be compared with. Where an earlier command was killed before its line,
    what forgetting rewrites may be as it left it.

    Raises:
        BusyError: another process has the warehouse.
        SandanError: a file is not known by the digest that it came with, or a log is not as the run left it.
    """
    known = ledger.by_run(ledger.lines(home.ledger))
    with connect(home, read_only=True) as warehouse:
        changed, persons = redacted(warehouse), tables_of_persons(warehouse)
        for day in (day.isoformat() for day in days if day.isoformat() in known):
            for name in logs.unlike(known[day]["received"], landed(warehouse, day)):
                raise _refused(f"{name} of {day} is known by another digest in raw.files than in the ledger", day)
            is_rewritten = any(known[day]["landing"].get(name) != of["is"] for name, of in changed[day].items())
            for table in logs.unlike(known[day]["logs"], logs.digests(warehouse, day)):
                if table not in persons or not is_rewritten:
                    raise _refused(f"{table} is not as the run of {day} left it", day)


def record_forgotten(home: Home) -> list[ledger.Line]:
    """Append a line for each date of which `audit.forgotten` says more than the ledger; returns the lines.

    The digests of the originals stay in the lines before; those of the logs that forgetting rewrites are taken as they
    are now.

    Raises:
        BusyError: another process has the warehouse.
        SandanError: another log is not as the run left it; no line is written.
    """
    known = ledger.by_run(ledger.lines(home.ledger))
    entries, written = [], []
    with connect(home) as warehouse:
        of_run, persons = redacted(warehouse), tables_of_persons(warehouse)
        for run in sorted(of_run.keys() & known.keys()):
            files, then, now = known[run]["landing"], known[run]["logs"], logs.digests(warehouse, run)
            changed = logs.unlike(then, now)
            for table in (table for table in changed if table not in persons):
                raise _refused(f"{table} is not as the run of {run} left it, and forgetting does not rewrite it", run)
            entry = {
                "event": "forget",
                "run": run,
                "at": clock.now().isoformat(timespec="seconds"),
                "landing": {
                    name: {"was": files[name], "is": of["is"]}
                    for name, of in of_run[run].items()
                    if of["is"] != files[name]
                },
                "logs": {name: now.get(name) for name in changed},
            }
            if entry["landing"] or entry["logs"]:
                entries.append(entry)
        for entry in entries:
            written.append(ledger.append(home.ledger, entry))
            mirror(warehouse, written[-1])
    return written


def _refused(problem: str, day: str) -> SandanError:
    return SandanError(
        problem, f"make verify DATE={day} says what was changed; nothing is forgotten before that is put right"
    )
