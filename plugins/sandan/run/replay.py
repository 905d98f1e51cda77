"""`make replay`: after a mapping is mended, a later run reads again what a source and date left in the quarantine.

The run of the date itself stays as it is published. Only what is open is read again, and of a file only those records.
"""

from __future__ import annotations

import os
import tempfile
from collections import defaultdict
from dataclasses import asdict, dataclass
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rich.markup import escape

from sandan.errors import SandanError
from sandan.read import replays
from sandan.read.landing import landed_files
from sandan.read.outcome import UnreadableError
from sandan.read.source import load_source_of, parse
from sandan.run import clock
from sandan.run.attended import attended
from sandan.run.pages import rows_of
from sandan.run.quarantine import WANTED, Wanted
from sandan.warehouse.connect import connect
from sandan.warehouse.forgotten import refuse_forgotten
from sandan.warehouse.lake import connect_published

if TYPE_CHECKING:
    from datetime import date

    import duckdb
    from rich.console import Console

    from sandan.home import Home
    from sandan.read.landing import Landed
    from sandan.read.sources import Source

OPEN = f"select path, position, sha256, replayed_from {WANTED} order by path, position"
#: how many records a file had
RECORDS = """
select records from audit.files
where run_date = $run_date and source_id = $source_id and path = $path and state = 'read'
"""


def replay(home: Home, source_id: str, day: date, into: date | None) -> int:
    """Order what `source_id` has open in the quarantine of `day` for the run of `into`; returns the exit status.

    Without `into`: the day after the last run.
    """
    return attended(home, f"replay-{day}", lambda console: _replay(console, home, source_id, day, into))


def _replay(console: Console, home: Home, source_id: str, day: date, into: date | None) -> None:
    source = load_source_of(home, source_id)
    with connect(home) as warehouse:
        refuse_forgotten(warehouse, day)
    with connect_published(home) as lake:
        ((last,),) = lake.execute("select max(run_date) from audit.runs").fetchall()
        into = into or last + timedelta(days=1)
        if into <= day:
            raise SandanError(f"{into} is no later date than {day}", "name a later one, or none: INTO=")
        ordering = _Ordering(home, lake, source, day, into)
        done, left = ordering.order(rows_of(lake, OPEN, asdict(Wanted(source_id, day=day, only_open=True))))
    records = sum(len(order.positions) for order in done if order.positions is not None)
    files = sum(order.positions is None for order in done)
    console.print(f"Ordered: {records:,} records and {files:,} whole files of {source_id}, quarantined on {day}")
    for said in left:
        console.print(f"[yellow]Not ordered: {escape(said)}[/]")
    if done and into > last:
        console.print(f"They are read again by the run of {into}: make run DATE={into}")
    elif done:
        console.print(f"[yellow]{into} has run: run it again, and the dates behind it: make run DATE={into}[/]")


@dataclass(frozen=True)
class _Ordering:
    home: Home
    lake: duckdb.DuckDBPyConnection
    source: Source
    day: date
    into: date

    def order(self, entries: list[dict[str, Any]]) -> tuple[list[replays.Replay], list[str]]:
        """The orders made, and the files of which none was made, each with the reason."""
        files: dict[str, list[dict[str, Any]]] = defaultdict(list)
        for entry in entries:
            files[entry["path"]].append(entry)
        landed = {file.path: file for file in landed_files(self._landing(self.day), self.source.files)}
        done, left = [], []
        for path, of_file in files.items():
            try:
                done.append(self._order(landed.get(path), of_file))
            except UnreadableError as error:
                left.append(f"{path}: {error}")
        return done, left

    def _landing(self, day: date) -> Path:
        return self.home.landing_of(self.source.id, day)

    def _order(self, landed: Landed | None, entries: list[dict[str, Any]]) -> replays.Replay:
        """Put a file into the landing of the later run and note the order.

        Raises:
            UnreadableError: it would help nothing, or take other records than were quarantined; says why.
        """
        first = entries[0]
        if replays.is_stray(first["path"], first["replayed_from"]):
            raise UnreadableError("it lies where replays do, and nobody ordered it: order what came on the date in it")
        came_on = first["replayed_from"] or self.day
        path = replays.first_path(first["path"], first["replayed_from"])
        content = landed.content() if landed else None
        if not landed or not content or content.sha256 != first["sha256"]:
            raise UnreadableError("the landing does not hold this file any more, as it was")
        if content.fault:
            raise UnreadableError(content.fault)
        (read,) = parse([content.data], self.source)
        if isinstance(read, UnreadableError):
            raise read
        order = replays.Replay(
            self.into, self.source.id, came_on, path, content.sha256, *self._meant(first["path"], entries)
        )
        if refusal := order.refusal(read.records):
            raise UnreadableError(f"{refusal}: run {self.day} again instead")
        known = replays.ordered(self.home, self.into, self.source.id).get(order.replayed_path)
        if known and None not in (known.positions, order.positions) and known.records != order.records:
            raise UnreadableError(f"records of it are ordered for {self.into} that another mapping made")
        # of an archive the member alone, anything else as it came
        self._put(order.replayed_path, content.data if landed.member else landed.file.read_bytes())
        replays.add(self.home, order, clock.now().isoformat(timespec="seconds"))
        return order

    def _put(self, path: str, data: bytes) -> None:
        """Write a file into the landing of the later run, whole or not at all."""
        target = self._landing(self.into) / path
        target.parent.mkdir(parents=True, exist_ok=True)
        # beside the folders of the sources, where no run takes it for a file that was sent
        with tempfile.TemporaryDirectory(prefix=".replaying-", dir=self.home.landing) as building:
            built = Path(building) / "file"
            with built.open("wb") as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
            built.replace(target)

    def _meant(self, path: str, entries: list[dict[str, Any]]) -> tuple[frozenset[int] | None, int | None]:
        """The records meant and how many the file was then; of the whole file None."""
        earlier = replays.ordered(self.home, self.day, self.source.id).get(path)
        of_some = earlier if earlier and earlier.positions is not None else None
        if not all(entry["position"] is not None for entry in entries):
            # a file of which some records were meant, and none could be read
            return (of_some.positions, of_some.records) if of_some else (None, None)
        positions = frozenset(entry["position"] for entry in entries)
        if of_some:  # `audit.files` counts those that were meant
            return positions, of_some.records
        place = {"run_date": self.day, "source_id": self.source.id, "path": path}
        before = self.lake.execute(RECORDS, place).fetchone()
        return positions, before[0] if before else None
