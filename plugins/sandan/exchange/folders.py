"""`exchange/<receiver>/<period>/`: all folders of a period are written aside, then put in place of the earlier ones."""

from __future__ import annotations

import re
import shutil
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import TYPE_CHECKING

from sandan.errors import SandanError
from sandan.exchange.batch import Batch, documents
from sandan.lock import only_one
from sandan.read.limits import THREADS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from sandan.exchange.departments import DepartmentFile
    from sandan.home import Home

_NAME = re.compile(r"[0-9A-Za-z\u4e00-\u9fff][0-9A-Za-z_\u4e00-\u9fff-]*")


def write(home: Home, period: str, batches: Iterable[Batch], files: Iterable[DepartmentFile] = ()) -> dict[str, int]:
    """Write the messages and other files of a period (a date, a month), in place of all that was written for it before.

    Returns the counts `receivers`, `messages` and `receipts`, and of other files `extracts` and `rows`. A write that
    ends early, however, leaves what was there.

    Raises:
        BusyError: another process writes messages.
        SandanError: a message or file would not be valid; nothing was written.
    """
    with _workplace(home.exchange, "another run writes messages") as (aside, away):
        counts = _write_aside(aside / period, period, batches) | _write_files(aside / period, files)
        _replace(home, period, aside / period, away / period)
    return counts


@contextmanager
def replacing(root: Path, receiver: str, period: str) -> Iterator[Path]:
    """An empty folder, which takes the place of `root/<receiver>/<period>/` when the block ends well.

    Raises:
        BusyError: another process writes below `root`.
        SandanError: `receiver` cannot name a folder.
    """
    _check_name(receiver)
    with _workplace(root, "another package or vintage is being written") as (aside, away):
        folder = aside / period / receiver
        folder.mkdir(parents=True)
        yield folder
        (away / period).mkdir(parents=True)
        _swap(folder, root / receiver / period, away / period / receiver)


@contextmanager
def _workplace(root: Path, busy: str) -> Iterator[tuple[Path, Path]]:
    """Where to write aside, and where to put what is replaced; what a killed write left there is settled first."""
    with only_one(root / ".lock", busy, "wait for it to end, then run this again"):
        aside, away = root / ".writing", root / ".replaced"
        _put_back(root, away)
        shutil.rmtree(aside, ignore_errors=True)
        yield aside, away
        shutil.rmtree(aside)
        shutil.rmtree(away, ignore_errors=True)


def _write_aside(folder: Path, period: str, batches: Iterable[Batch]) -> dict[str, int]:
    folder.mkdir(parents=True)
    messages: dict[tuple[str, str], int] = {}
    records = 0
    for batch in batches:
        _check_name(batch.receiver)
        receiver = folder / batch.receiver
        receiver.mkdir(exist_ok=True)
        before = messages.get((batch.receiver, batch.message), 0)
        parts = documents(batch, before + 1)
        # libxml2 works while Python makes the next message
        with ThreadPoolExecutor(THREADS) as pool:
            for _ in pool.map(lambda part, to=receiver: (to / part.name).write_bytes(part.written(period)), parts):
                pass
        messages[batch.receiver, batch.message] = before + len(parts)
        records += len(batch.heads)
    receivers = len({receiver for receiver, _ in messages})
    return {"receivers": receivers, "messages": sum(messages.values()), "receipts": records}


def _check_name(receiver: str) -> None:
    if not _NAME.fullmatch(receiver):
        problem = f"{receiver!r} cannot name the folder of a receiver"
        raise SandanError(problem, "correct the party code where it is from: letters, digits, - and _")


def _write_files(folder: Path, files: Iterable[DepartmentFile]) -> dict[str, int]:
    rows = []
    for file in files:
        (folder / file.receiver).mkdir(exist_ok=True)
        rows.append(file.write(folder / file.receiver / file.name))
    return {"extracts": len(rows), "rows": sum(rows)}


def _replace(home: Home, period: str, new: Path, away: Path) -> None:
    """Receiver by receiver: a folder is never half old, half new. Vintages of statistics are no receiver's."""
    away.mkdir(parents=True)
    for old in sorted(home.exchange.glob(f"[!.]*/{period}")):
        if old.parent != home.statistics and not (new / old.parent.name).exists():
            old.rename(away / old.parent.name)
    for folder in sorted(new.iterdir()):
        _swap(folder, home.exchange / folder.name / period, away / folder.name)


def _swap(folder: Path, place: Path, away: Path) -> None:
    place.parent.mkdir(exist_ok=True)
    if place.exists():
        place.rename(away)
    folder.rename(place)


def _put_back(exchange: Path, away: Path) -> None:
    """A write that was killed between its two renames: the receiver gets its earlier folder again."""
    for folder in sorted(away.glob("*/*")):
        place = exchange / folder.name / folder.parent.name
        if not place.exists():
            folder.rename(place)
    shutil.rmtree(away, ignore_errors=True)
