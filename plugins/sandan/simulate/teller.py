"""Writes one chunk of the story: sends sheets to their sinks, keeps what is expected, gathers events into messages."""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from sandan.simulate import duty, write_local, write_xml
from sandan.simulate.controls import controls_on
from sandan.simulate.effects import Effects
from sandan.simulate.export import export_case
from sandan.simulate.imports import import_case
from sandan.simulate.parties import OPERATOR
from sandan.simulate.record import Record
from sandan.simulate.sheet import Clock, Elements, Sheet, guid
from sandan.simulate.sink import MAIN, Sink
from sandan.simulate.sources import SOURCES

if TYPE_CHECKING:
    from pathlib import Path

    from sandan.simulate.buyers import Totals
    from sandan.simulate.case import Case
    from sandan.simulate.people import Person

LAST_DUE = 3  # days ahead on which a parcel may still be heard of
#: days ahead that a story may plan; on the last two, returns come that were asked for, or arrive, too late
ASKED_LATE, ARRIVES_LATE = 33, 47
DUES = (*range(LAST_DUE + 1), ASKED_LATE, ARRIVES_LATE)
NUMBERED = -1  # the day after the story, if its receipts are there by then: what names a number that they give
EVENT_LINES = 50  # waybills named by one arrival or departure
DAY = 86400


@dataclass(frozen=True, slots=True)
class Place:
    """Where a chunk writes: landing and effects below `folder`/due-<n>, file names begin with `stem`.

    `reference` is the operator's folder.
    """

    folder: Path
    stem: str
    per_file: int
    reference: Path

    def of(self, due: int) -> Path:
        """The folder of a due day."""
        return self.folder / "due-1" / "numbered" if due == NUMBERED else self.folder / f"due-{due}"


class Teller:
    """One chunk. `due` counts days from the day of the story; 0 lands today, more waits in the outbox."""

    def __init__(self, clock: Clock, rng: random.Random, place: Place, totals: Totals) -> None:
        """Start with no file open; all chance comes from `rng`."""
        self.clock = clock
        self.rng = rng
        self.totals = totals
        self._place = place
        self._effects: dict[int, Effects] = {}
        for due in (*DUES, NUMBERED):
            self._effects[due] = Effects(self._effects)
        self._sinks: dict[tuple[str, int], Sink] = {}
        self._events: dict[tuple[str, int, str, str], list[str]] = {}
        self._cop = 0
        self._step = 0

    # cases

    def case(  # noqa: PLR0913 - a case has that many sides
        self,
        flow: str,
        number: int,
        second: int,
        *,
        national: bool = False,
        wholesale: bool = False,
        buyer: Person | None = None,
    ) -> Case:
        """A clean case; arguments as in `export_case` and `import_case`."""
        if flow == "E":
            return export_case(
                self.rng, self.clock, self.controls(second), number, second, national=national, wholesale=wholesale
            )
        rates = self.rates(second)
        return import_case(self.rng, self.clock, rates, number, second, national=national, buyer=buyer)

    def rates(self, second: int) -> dict[str, duty.Rate]:
        """The import rates in force then."""
        return duty.rates_on(duty.table(self._place.reference), self.clock.day + timedelta(second // DAY))

    def controls(self, second: int) -> tuple[str, ...]:
        """The commodity codes under export control then."""
        return controls_on(self._place.reference, self.clock.day + timedelta(second // DAY))

    # records

    def send(
        self,
        sheet: Sheet,
        due: int = 0,
        lane: str = MAIN,
        state: str = "accepted",
        rules: tuple[str, ...] = (),
    ) -> Record:
        """Write a record as it stands now; it is expected to end in `state` in the run that receives it."""
        record = self.record(sheet, state, rules)
        self.sink(sheet.source, due).put(record, lane)
        return record

    def record(self, sheet: Sheet, state: str = "accepted", rules: tuple[str, ...] = ()) -> Record:
        """A record as it stands now, not yet in a file."""
        source = SOURCES[sheet.source]
        body = write_xml.record(sheet, source.prefix) if source.national else write_local.record(sheet)
        return Record(body, state, rules, named="" not in {sheet.head.get("copNo"), sheet.head.get("coElNo")})

    def sink(self, source_id: str, due: int = 0) -> Sink:
        """The files of a source for a due day."""
        sink = self._sinks.get((source_id, due))
        if sink is None:
            place = self._place
            folder = place.of(due) / "landing" / source_id
            mark = "N" if due == NUMBERED else f"T{due}" if due else ""
            stem = f"{SOURCES[source_id].message}_{place.stem}{mark}"
            sink = Sink(SOURCES[source_id], folder, stem, place.per_file, self._effects[due])
            self._sinks[source_id, due] = sink
        return sink

    def resend(self, sheet: Sheet, app_type: str, second: int, due: int = 0) -> Sheet:
        """A copy of the sheet to be sent `due` days later, at that second of the day."""
        return sheet.again(self.rng, app_type, self.clock.stamp(second + due * DAY))

    # decisions

    def decide(self, case: Case, status: str, failed: tuple[str, ...] = (), due: int = 0, back_days: int = 0) -> None:
        """The declaration has this status and these failed rules from the end of the run `due` days later on."""
        key = _key(case)
        self._step += 1
        declared = self.clock.day - timedelta(back_days)
        self._effects[due].declaration(*key, status, tuple(sorted(failed)), declared, self._step)
        for item, tax in zip(case.declaration.items, case.taxes, strict=bool(case.taxes)):
            self._effects[due].tax(*key, int(item["gnum"]), tax.tariff, tax.consumption, tax.vat, self._step)
        case.taxes = []  # told, until they change
        if case.flow == "E" and status == "closed":
            self._effects[due].exported(*key, case.declaration, self._step)

    def returned(self, case: Case, quantities: dict[str, int], *, in_time: bool, due: int) -> None:
        """By the end of the run `due` days later so much of each line (by gnum) has come back in all."""
        self._step += 1
        for gnum, qty in quantities.items():
            self._effects[due].returned(*_key(case), int(gnum), qty, in_time, self._step)

    def bought(self, buyer: str, year: int, amount: int, due: int = 0) -> None:
        """The buyer's total of the year grows, from the run after that `due` days later on."""
        self._effects[due].bought(buyer, year, amount)

    # events

    def arrives(self, case: Case) -> None:
        """An export parcel comes to the supervised place; decides nothing."""
        self._name_waybill("export-arrivals", 0, case)

    def leaves(self, case: Case, due: int) -> None:
        """The parcel leaves the country or, an import, is signed for."""
        if case.flow == "E":
            self._name_waybill("export-departures", due, case)
        else:
            self.send(self.signing(case, due), due)

    def closes(self, case: Case, due: int, warnings: tuple[str, ...] = ()) -> None:
        """A released declaration is closed by its event, `due` days after the story's day; its warnings stay."""
        self.leaves(case, due)
        self.decide(case, "closed", warnings, due)

    def usually_closes(self, case: Case, due: int, warnings: tuple[str, ...] = ()) -> None:
        """As most parcels do on the day after their release; a few take a day more, a few are never heard of."""
        chance = self.rng.random()
        if chance < 0.93:  # noqa: PLR2004
            self.closes(case, due, warnings)
        elif chance < 0.97 and due < LAST_DUE:  # noqa: PLR2004
            self.closes(case, due + 1, warnings)

    def signing(self, case: Case, due: int) -> Sheet:
        """CEB513 for an import waybill."""
        way = case.waybill.head
        second = due * DAY + 30000 + self.rng.randrange(40000)
        return Sheet(
            "CEB513",
            "import-signings",
            {
                "guid": guid(self.rng),
                "appType": "1",
                "appTime": self.clock.stamp(second),
                "appStatus": "2",
                "logisticsCode": way["logisticsCode"],
                "logisticsName": way["logisticsName"],
                "logisticsNo": way["logisticsNo"],
                "logisticsStatus": "S",
                "logisticsTime": self.clock.stamp(second - 600),
                "note": "",
            },
            [],
        )

    def departure(self, case: Case, due: int, waybills: list[str]) -> Sheet:
        """CEB509 of the case's carrier, naming the waybills."""
        way = case.waybill.head
        return self._departure(way["logisticsCode"], way["logisticsName"], due, waybills)

    def settle(self) -> None:
        """A case is told to its end: write the messages that are full."""
        for sink in self._sinks.values():
            sink.settle()

    def finish(self) -> None:
        """Send the gathered events, close all files, write what is expected."""
        for (source_id, due, code, name), waybills in self._events.items():
            make = self._departure if source_id == "export-departures" else self._arrival
            for first in range(0, len(waybills), EVENT_LINES):
                self.send(make(code, name, due, waybills[first : first + EVENT_LINES]), due)
        for sink in self._sinks.values():
            sink.close()
        for due, effects in self._effects.items():
            effects.write(self._place.of(due) / "effects", self._place.stem)

    def _name_waybill(self, source_id: str, due: int, case: Case) -> None:
        way = case.waybill.head
        key = (source_id, due, way["logisticsCode"], way["logisticsName"])
        self._events.setdefault(key, []).append(way["logisticsNo"])

    def _event_head(self, letter: str, due: int) -> tuple[Elements, int]:
        second = due * DAY + 30000 + self.rng.randrange(40000)
        self._cop += 1
        return {
            "guid": guid(self.rng),
            "appType": "1",
            "appTime": self.clock.stamp(second),
            "appStatus": "2",
            "customsCode": "2991",
            "copNo": f"{letter}{self._place.stem}{self._cop:05d}",
        }, second

    def _departure(self, code: str, name: str, due: int, waybills: list[str]) -> Sheet:
        head, second = self._event_head("D", due)
        head |= {
            "logisticsCode": code,
            "logisticsName": name,
            "trafMode": "5",
            "trafName": "",
            "voyageNo": f"SD{self.rng.randrange(100, 1000)}",
            "billNo": f"990-{self.clock.date(due)[2:]}{self._cop:04d}",
            "leaveTime": self.clock.stamp(second - 900),
            "msgCount": "1",
            "msgSeqNo": "1",
            "note": "",
        }
        items = [
            {"gnum": str(line), "totalPackageNo": "", "logisticsNo": waybill, "note": ""}
            for line, waybill in enumerate(waybills, start=1)
        ]
        return Sheet("CEB509", "export-departures", head, items)

    def _arrival(self, code: str, name: str, due: int, waybills: list[str]) -> Sheet:
        head, _ = self._event_head("A", due)
        head |= {
            "operatorCode": OPERATOR.code,
            "operatorName": OPERATOR.name,
            "loctNo": "",
            "ieFlag": "E",
            "trafMode": "5",
            "billNo": "",
            "domesticTrafNo": f"SIM{self.rng.randrange(10000, 99999)}",
            "logisticsCode": code,
            "logisticsName": name,
            "msgCount": "1",
            "msgSeqNo": "1",
            "note": "",
        }
        items = [
            {"gnum": str(line), "logisticsNo": waybill, "totalPackageNo": "", "note": ""}
            for line, waybill in enumerate(waybills, start=1)
        ]
        return Sheet("CEB507", "export-arrivals", head, items)


def _key(case: Case) -> tuple[str, str]:
    head = case.declaration.head
    return head["ebcCode"].strip(), head["copNo"]
