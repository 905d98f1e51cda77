"""The oracle: runs of dates over delivered files, and what a reader should then find published.

Slow and plain on purpose; semantics.md in Python dictionaries.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime

from .decisions import close, decide
from .formats import faults
from .records import Delivered, FileState, Record, Source, received
from .rules import IN_FORCE, Reference

Key = tuple[str, ...]
DONE = {"released", "closed", "returned"}
EVENTS = {"arrival", "departure", "waybill_status"}
STATES = ("accepted", "superseded", "duplicate", "stale", "draft", "quarantined")
RETURN_STATUS = {"waiting": "120", "review": "300", "refused": "100", "released": "800", "closed": "899"}


@dataclass(frozen=True)
class Readings:
    """Where the text allows two readings: the one taken is the default."""

    spell_crosses_lives: bool = False  # found_on of a re-declared key starts anew
    close_is_final: bool = False  # an earlier event that arrives after the closing moves closed_at
    cancel_tries_both: bool = True  # a cancel application whose key finds nothing is tried by its invtNo
    repeated_in_run_by_first: bool = True  # of equal files in one run only the first is a candidate for 'read'


@dataclass(eq=False)
class Life:
    """One life of a declaration key, from an accepted appType 1 to its delete."""

    record: Record
    declared: date
    run_date: date
    fresh: bool = True  # accepted in the run now under way
    cancelled: bool = False
    status: str = ""  # '' until first decided
    failed_rules: list[str] = field(default_factory=list)
    findings: dict[str, date] = field(default_factory=dict)
    has: tuple[bool, bool, bool] = (False, False, False)
    matched_on: date | None = None
    released_on: date | None = None
    closed_at: datetime | None = None

    @property
    def shown_status(self) -> str:
        return "cancelled" if self.cancelled else self.status


class Oracle:
    """State over runs. Feed dates in ascending order."""

    def __init__(
        self,
        reference: Reference,
        sources: list[Source],
        in_force: frozenset[str] = IN_FORCE,
        readings: Readings | None = None,
    ) -> None:
        self.reference = reference
        self.sources = {source.source_id: source for source in sources}
        self.in_force = in_force
        self.readings = readings or Readings()
        self.files: list[FileState] = []
        self.current: dict[str, dict[Key, Record]] = {"order": {}, "payment": {}, "waybill": {}}
        self.lives: dict[Key, Life] = {}
        self.events: dict[str, dict[Key, list[str]]] = {"E": {}, "I": {}}  # flow → waybill → times

    def run(self, day: date, files: list[Delivered]) -> None:
        """The run of `day` over the landing files of `day`."""
        done = {key for key, life in self.lives.items() if life.status in DONE}
        for life in self.lives.values():
            life.fresh = False
        arrived = [record for record in self._receive(day, files) if self._to_apply(record)]
        for record in sorted(arrived, key=lambda r: r.order_of_application):
            if record.list in EVENTS:
                self._note_event(record)
            elif record.list == "cancellation":
                self._cancel(record, done)
            elif record.list == "declaration":
                self._declare(record, done)
            else:
                self._apply(record, done)
        decide(self, day)
        close(self, day)

    def _receive(self, day: date, files: list[Delivered]) -> list[Record]:
        before = {(f.source_id, f.sha256) for f in self.files}
        records: list[Record] = []
        seen: set[str] = set()
        for file in sorted(files, key=lambda f: (f.source_id, f.name, f.path)):
            state = FileState(day, file.source_id, file.path, file.sha256, "read")
            known = (file.source_id, file.sha256) in before
            if known or file.sha256 in seen:
                state.state = "repeated"
            elif file.broken:
                state.state = "quarantined"
            else:
                state.records = list(received(day, self.sources[file.source_id], file))
            if not known or self.readings.repeated_in_run_by_first:
                seen.add(file.sha256)
            self.files.append(state)
            records += state.records
        return records

    def _to_apply(self, record: Record) -> bool:
        record.rules = faults(record)
        if record.rules:
            record.state = "quarantined"
        elif record["appStatus"] == "1":
            record.state = "draft"
        return not record.state

    def _apply(self, record: Record, done: set[Key]) -> None:
        """An order, payment or waybill."""
        current = self.current[record.list]
        old = current.get(record.key)
        if record["appType"] == "1":
            record.state = "duplicate" if old else "accepted"
            current.setdefault(record.key, record)
        elif old is None:
            _quarantine(record, "VER03")
        elif any(_names(self.lives[key].record, old) for key in done):
            _quarantine(record, "VER04")
        elif record["appTime"] <= old["appTime"]:
            record.state = "stale"
        else:
            record.state, old.state = "accepted", "superseded"
            if record["appType"] == "2":
                current[record.key] = record
            else:
                del current[record.key]

    def _declare(self, record: Record, done: set[Key]) -> None:
        life = self._living(record.key)
        if record["appType"] == "1" and life:
            record.state = "duplicate"
        elif record["appType"] == "1":
            record.state = "accepted"
            before = self.lives.get(record.key)
            new = Life(record, _date(record["appTime"]), record.run_date)
            if before and self.readings.spell_crosses_lives:
                new.findings = dict(before.findings)
            self.lives[record.key] = new
        elif life is None:
            _quarantine(record, "VER03")
        elif self._may_change(record, life, done):
            if record["appType"] == "2":
                life.record, life.fresh = record, True
            else:
                life.cancelled = True

    def _cancel(self, record: Record, done: set[Key]) -> None:
        names_key = all(record.key)
        life = self._living(record.key) if names_key else None
        if life is None and record["invtNo"] and (self.readings.cancel_tries_both or not names_key):
            named = [key for key, each in self.lives.items() if each.record["invtNo"] == record["invtNo"]]
            life = next((self._living(key) for key in sorted(named) if self._living(key)), None)
        if life is None:
            _quarantine(record, "VER03")
        elif self._may_change(record, life, done):
            life.cancelled = True

    def _living(self, key: Key) -> Life | None:
        life = self.lives.get(key)
        return None if life is None or life.cancelled else life

    def _may_change(self, record: Record, life: Life, done: set[Key]) -> bool:
        if life.record.key in done:
            _quarantine(record, "VER04")
        elif record["appTime"] <= life.record["appTime"]:
            record.state = "stale"
        else:
            record.state, life.record.state = "accepted", "superseded"
        return record.state == "accepted"

    def _note_event(self, record: Record) -> None:
        record.state = "accepted"
        if record.list == "departure":
            for item in record.items:
                waybill = (record["logisticsCode"], item.get("logisticsNo", ""))
                self.events["E"].setdefault(waybill, []).append(record["leaveTime"])
        elif record.list == "waybill_status" and record["logisticsStatus"] == "S":
            self.events["I"].setdefault(record.waybill_reference, []).append(record["logisticsTime"])


def _names(declaration: Record, other: Record) -> bool:
    """Does the declaration name this order, payment (by its order) or waybill?"""
    if other.list == "waybill":
        return declaration.waybill_reference == other.waybill_reference
    return declaration.order_reference == other.order_reference


def _quarantine(record: Record, rule_id: str) -> None:
    record.state, record.rules = "quarantined", [rule_id]


def _date(time: str) -> date:
    return date(int(time[:4]), int(time[4:6]), int(time[6:8]))
