"""Replays: what was quarantined on an earlier date is read again, as part of the landing of a later one.

An order puts a copy of the file into the landing of the run that reads it again, below `replay/<date it came>/`, and a
line into `replays.jsonl` with the records that are meant: the others of the file were judged when it came.
"""

from __future__ import annotations

import json
import os
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING, Any

from sandan.errors import SandanError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sandan.home import Home

FOLDER = "replay"


@dataclass(frozen=True)
class Replay:
    """A file of `source_id` that the run of `run_date` reads again.

    `came_on`, `path`: the date and the path with which it came first. `positions`: the records meant; None for all.
    `records`: how many the file was when they were quarantined: by another mapping a position may be another record.
    """

    run_date: date
    source_id: str
    came_on: date
    path: str
    sha256: str
    positions: frozenset[int] | None
    records: int | None = None

    @property
    def replayed_path(self) -> str:
        """Where it lies below the landing folder of `run_date`."""
        return f"{FOLDER}/{self.came_on}/{self.path}"

    def refusal(self, records: int) -> str | None:
        """Why the file, read as so many records, is not to be taken; None where it is."""
        if self.positions is None or self.records in (None, records):
            return None
        return f"it is now {records:,} records and was {self.records:,}, so that a position may be another record"


def first_path(path: str, came_on: date | None) -> str:
    """The path with which a file came first, of a replay (`came_on`) and of any other."""
    return path.removeprefix(f"{FOLDER}/{came_on}/") if came_on else path


def is_stray(path: str, order: object) -> bool:
    """Whether a file lies where replays do, and nobody ordered it (`order` is empty)."""
    return order is None and path.startswith(f"{FOLDER}/")


def add(home: Home, replay: Replay, ordered_at: str) -> None:
    """Append an order, after whatever whole lines there are: one that a killed command cut short was no order yet."""
    line = {
        "run_date": str(replay.run_date),
        "source_id": replay.source_id,
        "came_on": str(replay.came_on),
        "path": replay.path,
        "sha256": replay.sha256,
        "positions": None if replay.positions is None else sorted(replay.positions),
        "records": replay.records,
        "ordered_at": ordered_at,
    }
    with home.replays.open("ab") as file:
        file.truncate(len(_whole(home.replays.read_bytes())))
        file.write(json.dumps(line, ensure_ascii=False).encode() + b"\n")
        file.flush()
        os.fsync(file.fileno())


def ordered(home: Home, run_date: date, source_id: str) -> dict[str, Replay]:
    """The replays of a run and source, by path below its landing folder; of several orders of a file their sum."""
    found: dict[str, Replay] = {}
    for replay in _orders(home):
        if (replay.run_date, replay.source_id) == (run_date, source_id):
            known = found.get(replay.replayed_path)
            found[replay.replayed_path] = _joined(known, replay) if known else replay
    return found


def _joined(one: Replay, other: Replay) -> Replay:
    if one.positions is None or other.positions is None:
        return one if one.positions is None else other
    positions = one.positions | other.positions
    return replace(other, positions=positions)


def _orders(home: Home) -> Iterator[Replay]:
    if not home.replays.exists():
        return
    for number, line in enumerate(_whole(home.replays.read_bytes()).splitlines(), start=1):
        try:
            yield _order(json.loads(line))
        except (ValueError, KeyError, TypeError) as error:
            raise SandanError(
                f"{home.replays}, line {number} is no order",
                "put the file back as it was; where nobody has it, remove the line and order again: make replay",
            ) from error


def _whole(data: bytes) -> bytes:
    """The lines that have an end."""
    return data[: data.rfind(b"\n") + 1]


def _order(order: dict[str, Any]) -> Replay:
    positions = order["positions"]
    return Replay(
        date.fromisoformat(order["run_date"]),
        order["source_id"],
        date.fromisoformat(order["came_on"]),
        order["path"],
        order["sha256"],
        None if positions is None else frozenset(positions),
        order.get("records"),
    )
