"""What goes wrong with a record: rules it breaks, fields it garbles, spellings that must not matter."""

from __future__ import annotations

from collections.abc import Callable
from copy import deepcopy
from decimal import Decimal
from random import Random

from .records import Raw

NUMBERS: tuple[str, ...] = (
    "goodsValue",
    "freight",
    "acturalPaid",
    "charge",
    "amountPaid",
    "grossWeight",
    "netWeight",
    "weight",
)
NUMBERS += ("packNo", "gnum", "qty", "price", "totalPrice")
WHOLE = ("packNo", "gnum")
MARGINS = ("0.01", "0.01001", "-0.01", "-0.01001", "1", "-1")
BAD_CODES = ("6109990010", "6109000000", "8517120000", "9999990000", "9801000000", "6100000000")
PADS = (" ", "\t", "\r\n", "  ", "\n")
#: not white space for a trim of space, tab, CR, LF
FOREIGN_BLANKS = ("\u00a0", "\u3000")
BAD_NUMBERS = ("1.000001", "123456789012345", "1e3", "1,000", "１２", "--1", "1 2", "0x1", "abc", "1.2.3", ".", "+")
BAD_TIMES: tuple[str, ...] = (
    "20260230120000",
    "20261320120000",
    "20261120250000",
    "20261120126000",
    "20261120120060",
    "2026112012000",
)
BAD_TIMES += ("Mon Aug 06 10", "2026-11-20 120", "2026112012000０")


def _add(values: dict[str, str | None], element: str, margin: str) -> None:
    values[element] = str(Decimal(values.get(element) or "0") + Decimal(margin))


def broken_rule(raw: Raw, random: Random) -> Raw:
    """A copy that disagrees with the other lists, or is at the very edge of agreeing."""
    new = deepcopy(raw)
    change = random.choice([change for level, needs, change in CHANGES if _has(new, level, needs)])
    change(new, random)
    return new


def _has(raw: Raw, level: str, element: str) -> bool:
    return any(element in values for values in ([raw.head] if level == "head" else raw.items))


def _amount(raw: Raw, random: Random) -> None:
    element = next(e for e in ("charge", "amountPaid", "acturalPaid", "goodsValue") if e in raw.head)
    _add(raw.head, element, random.choice(MARGINS))


def _weight(raw: Raw, random: Random) -> None:
    element = "weight" if "weight" in raw.head else "grossWeight"
    factor = Decimal(random.choice(["1.05", "0.95", "1.05", "0.95", "1.2"]))
    margin = Decimal(random.choice(["0", "0.00001", "-0.00001"]))
    raw.head[element] = str(Decimal(raw.head[element] or "0") * factor + margin)


def _line(element: str, margins: tuple[str, ...] = MARGINS) -> Callable[[Raw, Random], None]:
    def change(raw: Raw, random: Random) -> None:
        _add(random.choice(raw.items), element, random.choice(margins))

    return change


def _set(element: str, *values: str | None) -> Callable[[Raw, Random], None]:
    def change(raw: Raw, random: Random) -> None:
        raw.head[element] = random.choice(values)

    return change


def _set_line(element: str, *values: str | None) -> Callable[[Raw, Random], None]:
    def change(raw: Raw, random: Random) -> None:
        random.choice(raw.items)[element] = random.choice(values)

    return change


def _money(element: str, *margins: str) -> Callable[[Raw, Random], None]:
    def change(raw: Raw, random: Random) -> None:
        _add(raw.head, element, random.choice(margins))

    return change


def _drop_line(raw: Raw, random: Random) -> None:
    if len(raw.items) > 1:
        raw.items.remove(random.choice(raw.items))


def _net(raw: Raw, random: Random) -> None:
    raw.head["netWeight"] = raw.head["grossWeight"]
    _add(raw.head, "netWeight", random.choice(["0", "0.00001", "-0.00001"]))


def _requantify(raw: Raw, random: Random) -> None:
    """Less of everything, totals kept right: a split shipment."""
    part = Decimal(random.choice(["0.5", "0.5", "0.25", "0.50002"]))
    for item in raw.items:
        item["qty"] = str(Decimal(item["qty"] or "0") * part)
        item["totalPrice"] = str(round(Decimal(item["qty"] or "0") * Decimal(item["price"] or "0"), 5))


#: an element the record must have → the change
CHANGES: list[tuple[str, str, Callable[[Raw, Random], None]]] = [
    ("head", "charge", _amount),
    ("head", "amountPaid", _amount),
    ("head", "goodsValue", _amount),
    ("head", "packNo", _weight),
    ("item", "price", _line("price")),
    ("item", "totalPrice", _line("totalPrice")),
    ("item", "qty", _line("qty", ("0.00001", "-0.00001", "1", "-0.5"))),
    ("item", "totalPrice", _requantify),
    ("item", "itemNo", _set_line("itemNo", "OTHER", None, "")),
    ("item", "price", _set_line("currency", "502", "110", "142")),
    ("item", "gnum", _set_line("gnum", "7")),
    ("item", "gnum", _drop_line),
    ("head", "currency", _set("currency", "502", "110", "142")),
    ("head", "packNo", _set("packNo", "2", "01", "+1", "0")),
    ("head", "netWeight", _net),
    ("item", "gcode", _set_line("gcode", *BAD_CODES)),
    ("head", "statisticsFlag", _set("statisticsFlag", "A", "B")),
    ("head", "trafMode", _set("logisticsNo", None, "NOWHERE", "")),
    ("head", "trafMode", _set("logisticsCode", None, "")),
    ("head", "trafMode", _set("orderNo", None, "NOTHING", "")),
    ("head", "goodsValue", _set("ebcCode", "STRANGER", None)),
    ("head", "leaveTime", _set("leaveTime", "20261119080000", "20261121080000")),
    ("head", "logisticsTime", _set("logisticsStatus", "S", "T")),
    ("head", "taxTotal", _money("taxTotal", *MARGINS)),
    ("head", "discount", _money("discount", *MARGINS)),
    ("head", "taxTotal", _set("payTransactionId", None, "OTHER", "")),
    ("head", "taxTotal", _set("payCode", None, "OTHER", "")),
    ("head", "taxTotal", _set("consignee", "别人", " 收", "收件")),
    ("head", "buyerTelephone", _set("buyerTelephone", "2", "01", "1 ")),
    ("head", "buyerTelephone", _set("buyerIdNumber", "ID9", "id1")),
    ("head", "buyerTelephone", _set("buyerName", "别人", "买方\n")),
    ("head", "payerName", _set("payerName", "别人", "\t买方")),
    ("head", "payerName", _set("payerIdNumber", "ID9")),
    ("head", "payerName", _set("payCode", "OTHER")),
    ("head", "weight", _set("orderNo", "OTHER")),
    ("head", "weight", _set("consignee", "别人", "收")),
    ("head", "weight", _set("consigneeTelephone", "2", "1")),
    ("head", "weight", _set("consigneeAddress", "B", "A\r\n")),
    ("head", "declTime", _money("freight", *MARGINS, "4990")),
    ("head", "declTime", _money("insuredFee", "0.00001", "1000")),
    ("head", "declTime", _set_line("qty", "1", "1.0")),
    ("head", "reason", _set("copNo", None, "", "NONE")),
    ("head", "reason", _set("invtNo", None, "", "534920261000000000")),
]


def garbled(raw: Raw, random: Random, elements: list[tuple[str, str]]) -> Raw:
    """A copy with one or two field faults. `elements`: (level, element) of the message."""
    new = deepcopy(raw)
    for _ in range(random.choice([1, 1, 2])):
        level, element = random.choice(elements)
        values = new.head if level == "head" or not new.items else random.choice(new.items)
        kind = random.randrange(6)
        if kind == 0:
            values[element] = random.choice([None, "", " \t"])
        elif kind == 1:
            values[element] = "长" * random.choice([1, 3, 4, 18, 19, 31, 33, 61, 101, 1001])
        elif kind in (2, 3):
            numeric = [e for e in NUMBERS if values.get(e)]
            if numeric:
                values[random.choice(numeric)] = random.choice(BAD_NUMBERS)
        elif kind == 4:
            coded = [
                e for e in ("appType", "appStatus", "currency", "country", "unit", "ieFlag", "fFlag") if e in values
            ]
            if coded:
                values[random.choice(coded)] = random.choice(["9", "ZZZ", "999", "CNY", "x"])
        else:
            _structure(new, values, random)
    return new


def _structure(new: Raw, values: dict[str, str | None], random: Random) -> None:
    timed = [e for e in ("appTime", "payTime", "accountingDate", "leaveTime", "logisticsTime") if e in new.head]
    choice = random.randrange(5)
    if choice == 0:
        new.head[random.choice(timed)] = random.choice(BAD_TIMES)
    elif choice == 1 and new.items:
        new.items.append(dict(new.items[0], gnum=random.choice(["01", "+1", "1"])))
    elif choice == 2:
        new.items.clear()
    elif choice == 3 and "qty1" in values:
        values.update(random.choice([{"unit2": "035"}, {"qty2": "0"}, {"qty2": "0", "unit2": "035"}, {"qty2": "x"}]))
    else:
        element = random.choice(list(new.head))
        new.head[element] = random.choice(FOREIGN_BLANKS) + (new.head[element] or "")


def respelled(raw: Raw, random: Random) -> Raw:
    """A copy that says the same: signs, zeros, padding, empty for absent."""
    new = deepcopy(raw)
    for values in (new.head, *new.items):
        for element, value in list(values.items()):
            if value is None and random.random() < 0.3:
                values[element] = random.choice(["", " ", "\n"])
            if not value or random.random() < 0.7:
                continue
            spelled = value
            if element in NUMBERS and value[0] not in "+-" and "E" not in value:
                spelled = random.choice(["", "+", "0", "+000", "0000000000000000"]) + value
                if element not in WHOLE:
                    spelled += (
                        random.choice(["000000", "0"]) if "." in spelled else random.choice([".0", ".000000", ""])
                    )
            values[element] = random.choice(["", *PADS]) + spelled + random.choice(["", *PADS])
    return new
