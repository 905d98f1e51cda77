"""The trade of a month counted again, in Python, from the messages in the landing.

Which records stand, and what became of a declaration, the simulator's truth says; what they say of goods, and when they
went, is read from the messages themselves.
"""

from __future__ import annotations

import csv
import zipfile
import zlib
from collections import defaultdict
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date, datetime
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from lxml import etree

from sandan.home import PROJECT

from .comparison import truth_rows

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from sandan.home import Home
    from sandan.month import Month

SEEDS = PROJECT / "dbt_project" / "seeds"
DECLARATIONS = {"export-declarations": "E", "import-declarations": "I"}
EVENTS = {"export-departures": "E", "import-signings": "I"}
RETURNS = ("export-returns", "import-returns")

Key = tuple[str, str]
Cell = tuple[str | None, ...]


@dataclass
class Message:
    """One record: when and where it landed, and its elements."""

    landed: date
    place: tuple[str, str, int]
    head: dict[str, str]
    items: list[dict[str, str]]
    stands: bool

    def __getitem__(self, element: str) -> str:
        return self.head.get(element, "")

    @property
    def order(self) -> tuple[Any, ...]:
        """That in which applications count."""
        source, path, position = self.place
        return (self["appTime"], path.rpartition("/")[2], source, path, position)


@dataclass
class Item:
    """An item of a list with what it counts."""

    flow: str
    key: Key
    cell: Cell
    qty: Fraction
    qty1: Fraction | None
    kilograms: Fraction | None
    value: Fraction
    dollars: Fraction
    weight: Fraction | None = None


@dataclass
class Sums:
    """A cell."""

    lists: set[Key] = field(default_factory=set)
    items: list[Item] = field(default_factory=list)
    returned: list[tuple[Fraction, ...]] = field(default_factory=list)

    def row(self) -> tuple[Any, ...]:
        """Lists, items, enterprises, quantity, weight, CNY, USD; returns and what came back by them, in CNY and USD."""
        qty = None if any(item.qty1 is None for item in self.items) else sum(item.qty1 or 0 for item in self.items)
        weight = None if any(item.weight is None for item in self.items) else sum(i.weight or 0 for i in self.items)
        enterprises = {enterprise for enterprise, _ in self.lists}
        values = (sum(item.value for item in self.items), sum(item.dollars for item in self.items))
        back = (sum(value for value, _ in self.returned), sum(dollars for _, dollars in self.returned))
        return (len(self.lists), len(self.items), len(enterprises), qty, weight, *values, len(self.returned), *back)


def expected_cells(home: Home, month: Month, days: Sequence[date]) -> dict[Cell, tuple[Any, ...]]:
    """The cells of `month` after the runs of `days`."""
    landing = Landing(home, days)
    cells: dict[Cell, Sums] = defaultdict(Sums)
    for key, (flow, declared) in landing.declarations.items():
        counted_at = landing.counted_at(key, flow, declared)
        if counted_at is None:
            continue
        items = _items(flow, key, declared, landing.declared_on(key))
        if _month(counted_at) == str(month):
            for item in items.values():
                cells[item.cell].lists.add(key)
                cells[item.cell].items.append(item)
        for asked, gnum, before, after in landing.returned(key, declared):
            if _month(max(asked, counted_at)) == str(month):
                item = items[gnum]
                parts = tuple(
                    _rounded(amount * after / item.qty) - _rounded(amount * before / item.qty)
                    for amount in (item.value, item.dollars)
                )
                cells[item.cell].returned.append(parts)
    return {cell: sums.row() for cell, sums in cells.items()}


def found_cells(lake: Any, month: Month, vintage_no: int) -> dict[Cell, tuple[Any, ...]]:
    """The cells of a vintage as published."""
    rows = lake.execute(
        "select flow, supervision_mode, hs_code, partner, transport_mode, customs_code, unit1, declarations, items, "
        "enterprises, qty1, net_weight_kg, value_cny, value_usd, returns, returned_value_cny, returned_value_usd "
        "from statistics.trade_cells where period = $1 and vintage_no = $2",
        [str(month), vintage_no],
    ).fetchall()
    return {row[:7]: row[7:] for row in rows}


def expected_totals(cells: dict[Cell, tuple[Any, ...]]) -> dict[Cell, tuple[Fraction | None, ...]]:
    """Net weight, CNY and USD by flow, level, code and partner, as tables for publication have them."""
    totals: dict[Cell, tuple[Fraction | None, ...]] = defaultdict(lambda: (Fraction(0),) * 3)
    for (flow, _, code, partner, *_), (_, _, _, _, weight, cny, usd, *_) in cells.items():
        for digits in (0, 2, 4, 6, 8):
            for of_partner in (partner, "ALL"):
                key = (flow, str(digits), (code or "")[:digits] or "TOTAL", of_partner)
                # where a part is not known, the whole is not
                parts = zip(totals[key], (weight, cny, usd), strict=True)
                totals[key] = tuple(None if a is None or b is None else a + b for a, b in parts)
    return totals


def published_totals(lake: Any, month: Month, vintage_no: int) -> tuple[dict[Cell, tuple[Any, ...]], set[Cell]]:
    """What went out of the trade of a vintage, and the keys of what is hidden."""
    rows = lake.execute(
        "select flow, cast(hs_level as varchar), hs_code, partner, net_weight_kg, value_cny, value_usd "
        "from statistics.trade_published where period = $1 and vintage_no = $2 and flow in ('E', 'I')",
        [str(month), vintage_no],
    ).fetchall()
    return {row[:4]: row[4:] for row in rows if row[5] is not None}, {row[:4] for row in rows if row[5] is None}


class Landing:
    """What landed on some days, as far as it stands in the end."""

    def __init__(self, home: Home, days: Sequence[date]) -> None:
        self._home = home
        self._days = days
        self._states = {
            (row["run_date"], row["source_id"], row["path"], row["position"]): row["state"]
            for row in truth_rows(home, days[-1], "records")
        }
        self._statuses = {
            day: {(row["ebc_code"], row["cop_no"]): row["status"] for row in truth_rows(home, day, "declarations")}
            for day in days
        }
        self.declarations: dict[Key, tuple[str, Message]] = {}
        self._began: dict[Key, str] = {}
        for source, flow in DECLARATIONS.items():
            for record in sorted(self._records(source, "superseded"), key=lambda record: record.order):
                key = (record["ebcCode"], record["copNo"])
                if record["appType"] == "1":
                    self._began[key] = record["appTime"]
                if record.stands and record["appType"] != "3":
                    self.declarations[key] = (flow, record)
        self._went: dict[tuple[str, str, str], list[tuple[str, date]]] = defaultdict(list)
        for source, flow in EVENTS.items():
            for event in self._records(source):
                time = event["leaveTime"] or event["logisticsTime"]
                for waybill in [item["logisticsNo"] for item in event.items] or [event["logisticsNo"]]:
                    self._went[flow, event["logisticsCode"], waybill].append((time, event.landed))
        self._applications = self._by_declaration([r for source in RETURNS for r in self._records(source)])

    def counted_at(self, key: Key, flow: str, declared: Message) -> str | None:
        """When an export left, or an import was released; of one that has not, nothing."""
        if flow == "I":
            released = self._first(key, {"released", "closed", "returned"})
            return released and f"{released:%Y%m%d}235959"
        left = self._went[flow, declared["logisticsCode"], declared["logisticsNo"]]
        # what leaves after all of it has come back changes nothing any more
        until = self._first(key, {"returned"}) or self._days[-1]
        times = [time for time, landed in left if landed <= until]
        return min(times) if times and self._first(key, {"closed", "returned"}) else None

    def returned(self, key: Key, declared: Message) -> Iterator[tuple[str, str, Fraction, Fraction]]:
        """Each application and item: when, which, how much of the item had come back before it and with it."""
        latest: dict[str, Message] = {}
        for record in sorted(self._applications.get(key, []), key=lambda record: record.order):
            latest[record["guid"]] = record
        counted = sorted((r for r in latest.values() if r["appType"] != "3"), key=lambda record: record.order)
        for item in declared.items:
            gnum, left, parts = item["gnum"], Fraction(item["qty"]), []
            for record in counted:
                wanted = sum((Fraction(line["qty"]) for line in record.items if line["gnum"] == gnum), Fraction(0))
                taken = min(max(wanted, Fraction(0)), left)
                left -= taken
                if taken:
                    parts.append((record["appTime"], record["guid"], taken))
            so_far = Fraction(0)
            for asked, _, taken in sorted(parts):
                yield asked, gnum, so_far, so_far + taken
                so_far += taken

    def _first(self, key: Key, statuses: set[str]) -> date | None:
        return next((day for day in self._days if self._statuses[day].get(key) in statuses), None)

    def _by_declaration(self, records: list[Message]) -> dict[Key, list[Message]]:
        numbers = {record["invtNo"]: key for key, (_, record) in self.declarations.items() if record["invtNo"]}
        found: dict[Key, list[Message]] = defaultdict(list)
        for record in records:
            key = (record["ebcCode"], record["copNo"])
            named = key if key in self.declarations else numbers.get(record["invtNo"])
            if named:
                found[named].append(record)
        return found

    def declared_on(self, key: Key) -> str:
        """The time of the first version, whose month's rates count."""
        return self._began[key]

    def _records(self, source: str, *other: str) -> Iterator[Message]:
        """Those that stand in the end, or are in an `other` state."""
        for day in self._days:
            folder = self._home.landing_of(source, day)
            for path, content in _files(folder):
                # what is broken has no record that stands
                root = etree.fromstring(content, etree.XMLParser(recover=True, huge_tree=True))
                records = [] if root is None else [e for e in root if _name(e) not in ("BaseTransfer", "Signature")]
                for position, record in enumerate(records, start=1):
                    state = self._states.get((day, source, path, position))
                    if state in {"accepted", *other}:
                        yield _message(day, (source, path, position), record, stands=state == "accepted")


def _files(folder: Path) -> Iterator[tuple[str, bytes]]:
    for file in sorted(folder.rglob("*")) if folder.exists() else ():
        path = str(file.relative_to(folder))
        if file.suffix == ".zip":
            with zipfile.ZipFile(file) as archive:
                for name in archive.namelist():
                    with suppress(zipfile.BadZipFile, zlib.error):  # a member may be broken on purpose
                        yield f"{path}/{name}", archive.read(name)
        elif file.is_file():
            yield path, file.read_bytes()


def _message(day: date, place: tuple[str, str, int], record: Any, *, stands: bool) -> Message:
    heads = [child for child in record if _name(child).endswith("Head")] or [record]
    items = [child for child in record if _name(child).endswith("List")]
    return Message(day, place, _texts(heads[0]), [_texts(item) for item in items], stands)


def _texts(element: Any) -> dict[str, str]:
    found: dict[str, str] = {}
    for child in element:
        if text := (child.text or "").strip(" \t\r\n"):
            found.setdefault(_name(child), text)
    return found


def _name(element: Any) -> str:
    return etree.QName(element).localname if isinstance(element.tag, str) else ""


def _items(flow: str, key: Key, declared: Message, declared_on: str) -> dict[str, Item]:
    rates = _rates(declared_on)
    items = {}
    charges = sum(
        _rounded(_number(declared[fee]) * rates[declared["currency"]])
        for fee in ("freight", "insuredFee")
        if flow == "I"
    )
    goods = [_rounded(_number(item["totalPrice"]) * rates[item["currency"]]) for item in declared.items]
    left = charges
    for nth, (item, price) in enumerate(zip(declared.items, goods, strict=True), start=1):
        value, dollars = price, _rounded(_number(item["totalPrice"]) * rates[item["currency"]] / rates["502"])
        if flow == "I":
            share = left if nth == len(goods) else _rounded(charges * price / sum(goods)) if sum(goods) else 0
            left -= share
            value = price + share
            dollars = _rounded(value / rates["502"])
        digits = 4 if declared["statisticsFlag"] == "A" else 8
        cell = (flow, declared["tradeMode"], item["gcode"][:digits], COUNTRIES[item["country"]], declared["trafMode"])
        items[item["gnum"]] = Item(
            flow,
            key,
            (*cell, declared["customsCode"], item.get("unit1")),
            _number(item["qty"]),
            _number(item["qty1"]) if "qty1" in item else None,
            _kilograms(item, "1") or _kilograms(item, "2"),
            value,
            dollars,
        )
    _weigh(list(items.values()), _number(declared["netWeight"]))
    return items


def _weigh(items: list[Item], net: Fraction) -> None:
    """By stated kilograms where all state them, else by value; to the gram, the last item takes what is left."""
    stated = [item.kilograms for item in items]
    weights = [kg for kg in stated if kg] if all(stated) else [item.value for item in items]
    so_far = given = Fraction(0)
    for nth, (item, weight) in enumerate(zip(items, weights, strict=True), start=1):
        so_far += weight
        until = net if nth == len(items) else _rounded(_rounded(net * so_far / sum(weights)), 3)
        item.weight, given = until - given, until


def _kilograms(item: dict[str, str], nth: str) -> Fraction | None:
    per_unit = {"035": Fraction(1), "036": Fraction(1, 1000)}.get(item.get(f"unit{nth}", ""))
    return _number(item[f"qty{nth}"]) * per_unit if per_unit and f"qty{nth}" in item else None


def _rates(time: str) -> dict[str, Fraction]:
    month = f"{time[:4]}-{time[4:6]}"
    return RATES[month] | {"142": Fraction(1)}


def _rounded(number: Fraction, decimals: int = 5) -> Fraction:
    """Half away from zero."""
    scaled = abs(number) * 10**decimals
    whole = (2 * scaled.numerator + scaled.denominator) // (2 * scaled.denominator)
    return Fraction(whole, 10**decimals) * (-1 if number < 0 else 1)


def _number(text: str) -> Fraction:
    return Fraction(text or 0)


def _month(time: str) -> str:
    return f"{datetime.strptime(time, '%Y%m%d%H%M%S'):%Y-%m}"


def _seed(name: str) -> list[dict[str, str]]:
    with (SEEDS / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


RATES: dict[str, dict[str, Fraction]] = defaultdict(dict)
for _row in _seed("exchange_rates"):
    RATES[_row["month"]][_row["currency"]] = Fraction(_row["cny_per_unit"])
COUNTRIES = {
    row["code"]: row["iso"]
    for row in _seed("code_lists")
    if (row["code_list"], row["code_set"]) == ("country", "customs")
}
