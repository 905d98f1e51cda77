"""Ways to break a record so that it fails exactly one record rule. `turn` picks among the ways."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from sandan.simulate.sheet import Elements, Sheet

# elements without which a record fails FMT02: mandatory, and not allowed to be empty, or part of the key
_MANDATORY = {
    "CEB303": "goodsValue orderNo currency freight ebpCode orderType item.qty item.unit item.gnum",
    "CEB403": "charge orderNo currency accountingDate ebpCode appStatus",
    "CEB505": "grossWeight logisticsNo packNo currency freight logisticsCode",
    "CEB603": "customsCode copNo ieDate tradeMode ebcCode country packNo netWeight item.gcode item.qty1 item.unit1",
    "CEB509": "leaveTime trafMode msgCount item.gnum",
    "CEB311": "goodsValue orderNo buyerName taxTotal consignee buyerIdNumber item.gmodel item.qty",
    "CEB411": "amountPaid orderNo payerName payTransactionId payTime",
    "CEB511": "weight logisticsNo orderNo consignee packNo",
    "CEB621": "orderNo copNo assureCode buyerIdNumber ebcCode logisticsNo item.gcode item.gname item.qty1",
    "CEB513": "logisticsTime logisticsNo logisticsStatus",
    "CEB213": "customsCode item.gnum item.qty item.qty1 item.unit",
    "CEB625": "invtNo orderNo reason buyerIdNumber item.gnum item.qty item.unit",
}
_AMOUNTS = ("12,50", "1.5E3", "\uff11\uff12.5", "123456789012345.1", "1.123456", "abc", "1.2.3")
_TIMES = ("20261301120000", "20260230101010", "20261120", "2026-11-20 1200")
# element → values that fail FMT03 there
_TYPES: dict[str, dict[str, tuple[str, ...]]] = {
    "CEB303": {"goodsValue": _AMOUNTS, "appTime": _TIMES, "orderNo": ("N" * 61,), "item.gnum": ("x", "1.5")},
    "CEB403": {"charge": _AMOUNTS, "accountingDate": _TIMES, "currency": ("CNY1",), "guid": ("4CDE1CFD",)},
    "CEB505": {"grossWeight": _AMOUNTS, "packNo": ("1.5", "\u4e00"), "appTime": _TIMES, "logisticsNo": ("L" * 33,)},
    "CEB603": {
        "ieDate": ("20260231", "202611"),
        "freight": _AMOUNTS,
        "item.gcode": ("85176", "85176239901"),
        "item.gname": ("\u540d" * 251,),
        "item.price": _AMOUNTS,
    },
    "CEB509": {"leaveTime": _TIMES},
    "CEB311": {"acturalPaid": _AMOUNTS, "appTime": _TIMES, "buyerName": ("\u540d" * 61,), "item.gnum": ("1.5", "x")},
    "CEB411": {"amountPaid": _AMOUNTS, "payTime": _TIMES},
    "CEB511": {"weight": _AMOUNTS, "packNo": ("1.5", "\u4e00"), "consigneeAddress": ("\u5740" * 201,)},
    "CEB621": {"declTime": ("20260231",), "netWeight": _AMOUNTS, "item.gcode": ("85176",), "item.qty": _AMOUNTS},
    "CEB513": {"logisticsTime": _TIMES},
}
# element → a value of the right type that is in no code list
_CODES = {
    "CEB303": {"currency": "999", "orderType": "X", "appType": "5", "item.unit": "ZZZ", "item.currency": "998"},
    "CEB403": {"currency": "999", "appType": "4", "appStatus": "7"},
    "CEB505": {"currency": "999", "appType": "9", "appStatus": "3"},
    "CEB603": {
        "tradeMode": "0110",
        "statisticsFlag": "C",
        "country": "998",
        "fFlag": "9",
        "ieFlag": "X",
        "item.unit1": "ZZZ",
        "item.country": "000",
        "iCurrency": "999",
    },
    "CEB311": {"currency": "999", "orderType": "X", "buyerIdType": "7", "item.unit": "ZZZ", "item.country": "000"},
    "CEB411": {"currency": "999", "payerIdType": "7", "appStatus": "9"},
    "CEB511": {"currency": "999", "appType": "8"},
    "CEB621": {"tradeMode": "9710", "country": "998", "buyerIdType": "7", "item.unit": "ZZZ", "item.currency": "999"},
}


def _place(sheet: Sheet, element: str) -> tuple[Elements, str]:
    part, _, name = element.rpartition(".")
    return (sheet.items[-1] if part else sheet.head), name


def fmt02(sheet: Sheet, turn: int) -> None:
    """A mandatory element is absent or empty."""
    elements = _MANDATORY[sheet.message].split()
    record, name = _place(sheet, elements[turn % len(elements)])
    if turn % 2:
        del record[name]
    else:
        record[name] = ""


def fmt03(sheet: Sheet, turn: int) -> None:
    """A value that does not fit its type."""
    ways = [(element, value) for element, values in _TYPES[sheet.message].items() for value in values]
    element, value = ways[turn % len(ways)]
    record, name = _place(sheet, element)
    record[name] = value


def fmt04(sheet: Sheet, turn: int) -> None:
    """A code that is in no list."""
    ways = list(_CODES[sheet.message].items())
    element, value = ways[turn % len(ways)]
    record, name = _place(sheet, element)
    record[name] = value


def fmt05(sheet: Sheet, turn: int) -> None:
    """The last item number repeats, as text or as a number."""
    last = dict(sheet.items[-1])
    if turn % 2:
        last["gnum"] = "0" + last["gnum"]
    sheet.items.append(last)


def fmt06(sheet: Sheet, turn: int) -> None:  # noqa: ARG001 - one way only
    """No items."""
    sheet.items.clear()


def fmt07(sheet: Sheet, turn: int) -> None:
    """Second unit without second quantity, or the reverse."""
    item = sheet.items[0]
    item["unit2"], item["qty2"] = ("035", "") if turn % 2 else ("", "2")


SPOILERS: dict[str, Callable[[Sheet, int], None]] = {
    "FMT02": fmt02,
    "FMT03": fmt03,
    "FMT04": fmt04,
    "FMT05": fmt05,
    "FMT06": fmt06,
    "FMT07": fmt07,
}


def spoil(sheet: Sheet, rules: tuple[str, ...], turn: int) -> None:
    """Break the record against each of the rules, in their order."""
    for rule in rules:
        # several at once: the last way of FMT03 and the first of the others touch different elements
        SPOILERS[rule](sheet, turn if len(rules) == 1 else -1 if rule == "FMT03" else 0)
