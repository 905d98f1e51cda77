"""Small nasty worlds: a few codes, many collisions, told over some run dates.

A world has its own key prefix, so that many worlds share the files of one story; they meet in their buyers alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from copy import deepcopy
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from random import Random

from . import bundles
from .mutations import broken_rule, garbled, respelled
from .records import Raw, Source, fields

DAYS_BEFORE = (0, 0, 0, 0, 0, 1, 1, 2, 5, 29, 30, 31, 32)
ARRIVES = (0,) * 12 + (1, 1, 1, 2, 2, 9)  # in which run; 9: never
MONTHS_AGO = ("20211231230000", "20220101000000", "20200630235959", "20200701000000")


@dataclass(frozen=True)
class Sent:
    """One record on its way: the run (index) and source that bring it."""

    run: int
    source: Source
    message: str
    raw: Raw


class World:
    """One world: `declarations` declarations whose keys begin with `prefix`."""

    def __init__(self, prefix: str, dates: Sequence[date], sources: Sequence[Source], random: Random) -> None:
        self.prefix = prefix
        self.dates = dates
        self.sources = sources
        self.random = random
        self.sent: list[Sent] = []
        self.parcels: list[bundles.Parcel] = []
        self.waybills: list[tuple[str, str, str, str]] = []  # flow, carrier, number, gross weight
        self.fault_rate = random.choice([0.02, 0.15, 0.35])
        self.change_rate = random.choice([0.1, 0.3, 0.6])

    def populate(self, declarations: int) -> list[Sent]:
        for number in range(declarations):
            self._story(number)
        return self.sent

    def _story(self, number: int) -> None:
        random, r = self.random, self.random.random
        flow = random.choice("EEI")
        same = [p for p in self.parcels if p.flow == flow]
        parcel = random.choice(same) if same and r() < 0.3 else self._new_parcel(flow, number)
        known = [w for w in self.waybills if w[0] == flow]
        _, carrier, waybill_no, gross = (
            random.choice(known) if known and r() < 0.15 else self._new_waybill(flow, number, parcel)
        )
        cop_no = f"{self.prefix}C{random.randrange(number + 1) if r() < 0.05 else number}"
        raw = bundles.declaration(parcel, cop_no, carrier, waybill_no, gross, self._time(), random)
        if r() < 0.3:
            raw.head["netWeight"] = "0.1"
        self._send_with_sequels("CEB603" if flow == "E" else "CEB621", raw)
        if r() < 0.1:
            cancel = bundles.cancellation(raw, self._after(raw.head["appTime"] or ""), random)
            if r() < 0.3:
                cancel.head["copNo" if flow == "I" else "invtNo"] = None
            if r() < 0.2:
                cancel = broken_rule(cancel, random)
            self._send("CEB605" if flow == "E" else "CEB623", cancel, random.choice(ARRIVES))

    def _new_parcel(self, flow: str, number: int) -> bundles.Parcel:
        random = self.random
        parcel = bundles.parcel(flow, self.prefix, number, random)
        self.parcels.append(parcel)
        self._send_with_sequels("CEB303" if flow == "E" else "CEB311", bundles.order(parcel, self._time(), random))
        first = random.choice([parcel.due, parcel.due, parcel.due, Decimal("0.01"), parcel.due / 2])
        first = round(first, 5)
        amounts = [first] if first == parcel.due else [first, parcel.due - first]
        for part, amount in enumerate(amounts):
            pay_no: str | None = f"{self.prefix}T{number}-{part}"
            if flow == "E" and random.random() < 0.15:
                pay_no = None
            raw = bundles.payment(parcel, pay_no, amount, self._time(), random)
            self._send_with_sequels("CEB403" if flow == "E" else "CEB411", raw)
        return parcel

    def _new_waybill(self, flow: str, number: int, parcel: bundles.Parcel) -> tuple[str, str, str, str]:
        random = self.random
        carrier, waybill_no = f"{self.prefix}L{random.randint(1, 2)}", f"{self.prefix}W{number}"
        gross = random.choice(["1", "0.5", "2.0002", "10"])
        self.waybills.append((flow, carrier, waybill_no, gross))
        raw = bundles.waybill(parcel, carrier, waybill_no, gross, self._time(), random)
        self._send_with_sequels("CEB505" if flow == "E" else "CEB511", raw)
        for _ in range(random.choice([0, 1, 1, 2])):
            left = self._time()
            if flow == "E":
                others = [w[2] for w in self.waybills if w[:2] == (flow, carrier)]
                numbers = [*random.sample(others, min(2, len(others))), waybill_no]
                event, code = bundles.departure(carrier, numbers, left, self._time(), random), "CEB509"
            else:
                status = random.choice("SSST")
                event, code = bundles.signing(carrier, waybill_no, status, left, self._time(), random), "CEB513"
            event.head["appType"] = random.choice("1123")
            self._send(code, event, random.choice(ARRIVES))
        return self.waybills[-1]

    def _send_with_sequels(self, code: str, raw: Raw) -> None:
        """A first record, then perhaps changes, deletes, twins, drafts and new lives of its key."""
        random = self.random
        first = broken_rule(raw, random) if random.random() < self.fault_rate else raw
        run = random.choice(ARRIVES)
        self._send(code, first, run)
        time = raw.head["appTime"] or ""
        while random.random() < self.change_rate:
            sequel = deepcopy(random.choice([raw, raw, first]))
            if random.random() < 0.4:
                sequel = broken_rule(sequel, random)
            time = self._after(time)
            sequel.head["guid"] = f"{random.getrandbits(144):036X}"
            sequel.head["appType"] = random.choice("1122223")
            sequel.head["appStatus"] = random.choice("22222221")
            sequel.head["appTime"] = time
            run = min(run, 2) + random.choice([0, 0, 0, 1, 1, 2, -1])
            self._send(code, sequel, max(run, 0))

    def _send(self, code: str, raw: Raw, run: int) -> None:
        random = self.random
        if run >= len(self.dates):
            return
        source = random.choice(self.sources)
        if random.random() < 0.3:
            raw = respelled(raw, random)
        if random.random() < 0.06:
            raw = garbled(raw, random, [(f.level, f.element) for f in fields(code, source.edition)])
        self.sent.append(Sent(run, source, code, raw))

    def _time(self) -> str:
        """Few enough different times that many are equal."""
        random = self.random
        if random.random() < 0.02:
            return random.choice(MONTHS_AGO)
        day = random.choice(self.dates[:2]) - timedelta(days=random.choice(DAYS_BEFORE))
        return f"{day:%Y%m%d}{random.choice(['08', '09', '23'])}0000"

    def _after(self, time: str) -> str:
        """A later time mostly; sometimes the same, sometimes an earlier one."""
        hours = self.random.choice([1, 1, 1, 2, 24, 24, 0, -1])
        return f"{datetime.strptime(time, '%Y%m%d%H%M%S') + timedelta(hours=hours):%Y%m%d%H%M%S}"


def story(seed: int, dates: Sequence[date], sources: Sequence[Source], worlds: int, declarations: int) -> list[Sent]:
    """Everything that all worlds of one story send."""
    random = Random(seed)  # noqa: S311
    sent: list[Sent] = []
    for number in range(worlds):
        world = World(f"w{number}", dates, sources, Random(random.getrandbits(64)))  # noqa: S311
        sent += world.populate(declarations)
    return sent
