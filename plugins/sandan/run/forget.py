"""`make forget`: clear personal data older than a date go, and what was published stays."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

from rich.markup import escape

from sandan import evidence
from sandan.read.forget import check_folder, forget_folder
from sandan.read.left_over import remove_left_over
from sandan.read.sources import load_sources
from sandan.read.survey import dates, unclaimed
from sandan.run import clock
from sandan.run.attended import attended
from sandan.warehouse import archive, forgotten
from sandan.warehouse.rewrite import rewrite
from sandan.warehouse.transform import forget_persons

if TYPE_CHECKING:
    from datetime import date

    from rich.console import Console

    from sandan.home import Home


def forget(home: Home, before: date) -> int:
    """Forget the persons of everything that landed before `before`; returns the exit status.

    Landing files are redacted, what was read of them goes, raw and staged records lose the clear values. Whatever
    interrupts it, the same command goes on where it ended.
    """
    return attended(home, f"forget-{before.isoformat()}", lambda console: _forget(console, home, before))


def _forget(console: Console, home: Home, before: date) -> None:
    sources = load_sources(home.sources)
    landed = {
        (source_id, day): home.landing_of(source_id, day)
        for source_id in sources
        for day in dates(home.landing / source_id)
        if day < before
    }
    known = forgotten.folders(home, before)
    # an empty one has nothing that a run could have read
    for of in landed:
        known.setdefault(of, forgotten.Folder())
    with console.status("Comparing the landing with what was read of it"):
        evidence.check_received(home, sorted({day for _, day in landed}))
        for of, folder in landed.items():
            check_folder(folder, sources[of[0]], known[of].digests)
    files = 0
    with console.status("Redacting the landing"):
        for of, folder in landed.items():
            if known[of].is_due:
                redacted = forget_folder(folder, sources[of[0]])
                forgotten.record(home, before, clock.now(), of, redacted)
                files += len(redacted)
    for day in dates(home.read):
        if day < before:
            shutil.rmtree(home.read_of(day))
    remove_left_over(home)
    with console.status("Forgetting in the warehouse"):
        archive.bring_back(home, before)
        forget_persons(home, before)
        evidence.record_forgotten(home)
        rewrite(home)
        archive.remove_left_over(home)
    console.print(f"Forgotten: the persons of everything that landed before {before}; {files:,} files redacted now")
    console.print("Their digests, before and after: audit.forgotten and the ledger. What was published stays as it is.")
    for name in unclaimed(home, sources):
        place = escape(str(home.landing / name))
        console.print(f"[yellow]Left as it is, with whoever is in it, since no run takes it: {place}[/]")
