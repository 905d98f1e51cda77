"""What was forgotten on purpose: a line of the ledger says of each file which digest it has from then on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sandan.errors import ConfigurationError
from sandan.evidence import ledger, logs
from sandan.evidence.again import reading
from sandan.evidence.record import mirror
from sandan.run import clock
from sandan.warehouse.connect import connect
from sandan.warehouse.runs import TABLE

if TYPE_CHECKING:
    from datetime import date

    from sandan.home import Home


def check_landing(home: Home, run_date: date) -> list[str]:
    """`source/path` of the files of a date that are not as the ledger says, or that it does not name.

    To be asked before anything is forgotten: afterwards nobody can tell what was changed by somebody else.
    """
    known = ledger.by_run(ledger.lines(home.ledger)).get(run_date.isoformat(), {}).get("landing", {})
    now: dict[str, str] = {}
    for source_id in sorted(folder.parent.name for folder in home.landing.glob(f"*/{run_date.isoformat()}")):
        try:
            with reading(home, run_date, source_id) as again:
                now |= {f"{source_id}/{path}": digest for path, digest in again.digests.items()}
        except ConfigurationError:
            now[f"{source_id}/"] = ""
    names = sorted(known.keys() | now.keys())
    return [name for name in names if known.get(name) != now.get(name)]


def record_forgotten(home: Home, files: dict[date, dict[str, str | None]]) -> list[ledger.Line]:
    """Append a line for each date: `source/path` → digest of the redacted file, None where it is gone.

    The digests of the originals stay in the lines before; those of the logs are taken as they are now.

    Raises:
        BusyError: another process has the warehouse.
    """
    known = ledger.by_run(ledger.lines(home.ledger))
    with connect(home) as warehouse:
        warehouse.execute(TABLE)
        written = []
        for run_date, digests in sorted(files.items()):
            before = known[run_date.isoformat()]
            then, now = before["logs"], logs.digests(warehouse, run_date.isoformat())
            entry = {
                "event": "forget",
                "run": run_date.isoformat(),
                "at": clock.now().isoformat(timespec="seconds"),
                "landing": {
                    name: {"was": before["landing"][name], "is": digest} for name, digest in sorted(digests.items())
                },
                "logs": {
                    name: now.get(name) for name in sorted(then.keys() | now.keys()) if then.get(name) != now.get(name)
                },
            }
            written.append(ledger.append(home.ledger, entry))
            mirror(warehouse, written[-1:])
    return written
