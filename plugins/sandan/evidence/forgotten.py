"""What was forgotten on purpose: a line of the ledger says of each file which digest it has from then on."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from sandan.errors import SandanError
from sandan.evidence import ledger, logs
from sandan.evidence.record import landed, mirror
from sandan.run import clock
from sandan.warehouse.connect import connect

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from sandan.home import Home

REDACTED = """
select strftime(run_date, '%Y-%m-%d'), source_id || '/' || path, redacted_sha256 from audit.forgotten order by all
"""


def check_received(home: Home, days: Iterable[date]) -> None:
    """Refuse to forget dates of which `raw.files` tells other digests than their lines of the ledger.

    To be asked before anything is forgotten: afterwards nobody can tell what was changed by somebody else. A date that
    no run published has no line, and nothing to be compared with.

    Raises:
        BusyError: another process has the warehouse.
        SandanError: a file is not known by the digest that it came with.
    """
    came = {line["run"]: line["landing"] for line in ledger.lines(home.ledger) if line["event"] == "day"}
    with connect(home, read_only=True) as warehouse:
        for day in (day.isoformat() for day in days if day.isoformat() in came):
            was, held = came[day], landed(warehouse, day)
            for name in sorted(name for name in was.keys() | held.keys() if was.get(name) != held.get(name)):
                raise SandanError(
                    f"{name} of {day} is known by another digest in raw.files than in the ledger",
                    f"make verify DATE={day} says what was changed; nothing is forgotten before that is put right",
                )


def record_forgotten(home: Home) -> list[ledger.Line]:
    """Append a line for each date of which `audit.forgotten` says more than the ledger; returns the lines.

    The digests of the originals stay in the lines before; those of the logs are taken as they are now.

    Raises:
        BusyError: another process has the warehouse.
    """
    known = ledger.by_run(ledger.lines(home.ledger))
    written = []
    with connect(home) as warehouse:
        redacted: dict[str, dict[str, str]] = defaultdict(dict)
        for run, name, digest in warehouse.execute(REDACTED).fetchall():
            redacted[run][name] = digest
        for run in sorted(redacted.keys() & known.keys()):
            files, then, now = known[run]["landing"], known[run]["logs"], logs.digests(warehouse, run)
            entry = {
                "event": "forget",
                "run": run,
                "at": clock.now().isoformat(timespec="seconds"),
                "landing": {
                    name: {"was": files[name], "is": digest}
                    for name, digest in redacted[run].items()
                    if digest != files[name]
                },
                "logs": {
                    name: now.get(name) for name in sorted(then.keys() | now.keys()) if then.get(name) != now.get(name)
                },
            }
            if entry["landing"] or entry["logs"]:
                written.append(ledger.append(home.ledger, entry))
        mirror(warehouse, written)
    return written
