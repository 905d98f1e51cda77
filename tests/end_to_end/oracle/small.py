"""One export parcel told record by record, for tests worked out by hand."""

from __future__ import annotations

from copy import deepcopy
from datetime import date
from decimal import Decimal
from random import Random

from . import bundles
from .oracle import Life, Oracle, Readings
from .records import Delivered, Raw, Source
from .rules import IN_FORCE, Reference

D1, D2, D3 = date(2026, 11, 20), date(2026, 11, 21), date(2026, 12, 21)
NINE, TEN, ELEVEN = "20261120090000", "20261120100000", "20261120110000"
SOURCES = [Source("a", "202205"), Source("b", "202205"), Source("old", "2018")]
Register = list[tuple[str, date, date | None]]
_RANDOM = Random(0)  # noqa: S311
LINE = bundles.Line(1, "I1", "6109100010", Decimal(2), Decimal(10))


def parcel(flow: str = "E", order_no: str = "O1") -> bundles.Parcel:
    return bundles.Parcel(flow, "P", "E", order_no, "142", Decimal(0), [LINE])


def with_(raw: Raw, **head: str | None) -> Raw:
    """A copy with other head elements; `item_x=…` sets x of the first item."""
    new = deepcopy(raw)
    for element, value in head.items():
        if element.startswith("item_"):
            new.items[0][element.removeprefix("item_")] = value
        else:
            new.head[element] = value
    return new


def order(time: str = NINE, /, flow: str = "E", **head: str | None) -> Raw:
    return with_(bundles.order(parcel(flow), time, _RANDOM), **{"orderType": "I" if flow == "I" else "E"} | head)


def payment(
    time: str = NINE, /, flow: str = "E", number: str | None = "T1", amount: str = "20", **head: str | None
) -> Raw:
    return with_(bundles.payment(parcel(flow), number, Decimal(amount), time, _RANDOM), **head)


def waybill(time: str = NINE, /, flow: str = "E", **head: str | None) -> Raw:
    return with_(bundles.waybill(parcel(flow), "L", "W1", "10", time, _RANDOM), **head)


def declaration(time: str = NINE, /, cop_no: str = "C1", flow: str = "E", **head: str | None) -> Raw:
    raw = bundles.declaration(parcel(flow), cop_no, "L", "W1", "10", time, _RANDOM)
    marks = {"tradeMode": "9610"} | ({"statisticsFlag": "B"} if flow == "E" else {})
    return with_(raw, **marks | head)


def departure(left: str = TEN, **head: str | None) -> Raw:
    return with_(bundles.departure("L", ["W1"], left, NINE, _RANDOM), **head)


def cancellation(time: str = TEN, /, **head: str | None) -> Raw:
    return with_(bundles.cancellation(declaration(invtNo="534920261000000001"), time, _RANDOM), **head)


class Story:
    """An oracle fed by hand: `on(day, CEB303=[…], …)` is one run with one file a message."""

    def __init__(
        self,
        in_force: frozenset[str] = IN_FORCE,
        readings: Readings | None = None,
        register: Register | None = None,
    ) -> None:
        hs_codes = frozenset(("6109", "610910"))
        self.oracle = Oracle(Reference(hs_codes, register, {}), SOURCES, in_force, readings)
        self._files = 0

    def on(self, day: date, /, **messages: list[Raw]) -> Story:
        files = [self.file(code, records) for code, records in messages.items()]
        return self.deliver(day, *files)

    def deliver(self, day: date, *files: Delivered) -> Story:
        self.oracle.run(day, list(files))
        return self

    def file(self, code: str, records: list[Raw], source_id: str = "a", path: str = "", sha256: str = "") -> Delivered:
        self._files += 1
        return Delivered(source_id, path or f"f{self._files}.xml", sha256 or str(self._files), code, records)

    def life(self, cop_no: str = "C1") -> Life:
        return self.oracle.lives["E", cop_no]

    @property
    def states(self) -> list[str]:
        """Of every record, in the order received; quarantined ones with their rules."""
        records = [record for file in self.oracle.files for record in file.records]
        return [" ".join([r.state, *r.rules]) for r in records]


LISTS = {"CEB303": [order()], "CEB403": [payment()], "CEB505": [waybill()]}
IMPORT_LISTS = {"CEB311": [order(flow="I")], "CEB411": [payment(flow="I")], "CEB511": [waybill(flow="I")]}
