"""Replays: what was quarantined on an earlier date is read again, as part of the landing of a later one.

An order puts a copy of the file into the landing of the run that reads it again, below `replay/<date it came>/`, and a
line into `replays.jsonl` with the records that are meant: the others of the file were judged when it came.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sandan.home import Home

FOLDER = "replay"


@dataclass(frozen=True)
class Replay:
    """A file of `source_id` that the run of `run_date` reads again.

    `came_on`, `path`: the date and the path with which it came first. `positions`: the records meant; None for all.
    """

    run_date: date
    source_id: str
    came_on: date
    path: str
    sha256: str
    positions: frozenset[int] | None

    @property
    def replayed_path(self) -> str:
        """Where it lies below the landing folder of `run_date`."""
        return f"{FOLDER}/{self.came_on}/{self.path}"


def first_path(path: str, came_on: date | None) -> str:
    """The path with which a file came first, of a replay (`came_on`) and of any other."""
    return path.removeprefix(f"{FOLDER}/{came_on}/") if came_on else path


def add(home: Home, replay: Replay, ordered_at: str) -> None:
    """Append an order."""
    line = {
        "run_date": str(replay.run_date),
        "source_id": replay.source_id,
        "came_on": str(replay.came_on),
        "path": replay.path,
        "sha256": replay.sha256,
        "positions": None if replay.positions is None else sorted(replay.positions),
        "ordered_at": ordered_at,
    }
    with home.replays.open("a", encoding="utf-8") as file:
        file.write(json.dumps(line, ensure_ascii=False) + "\n")


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
    return Replay(one.run_date, one.source_id, one.came_on, one.path, one.sha256, positions)


def _orders(home: Home) -> Iterator[Replay]:
    if not home.replays.exists():
        return
    for line in home.replays.read_text("utf-8").splitlines():
        order = json.loads(line)
        positions = order["positions"]
        yield Replay(
            date.fromisoformat(order["run_date"]),
            order["source_id"],
            date.fromisoformat(order["came_on"]),
            order["path"],
            order["sha256"],
            None if positions is None else frozenset(positions),
        )
