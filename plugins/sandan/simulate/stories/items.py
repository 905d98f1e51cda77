"""What is declared against what was ordered: lines, quantities, prices; one order in several shipments."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sandan.simulate.case import Case
from sandan.simulate.parties import EXPORT_ENTERPRISES, IMPORT_ENTERPRISES
from sandan.simulate.sheet import cents, grams, guid, kilograms, money
from sandan.simulate.sink import EXTRA
from sandan.simulate.stories.told import Told, add_amount, set_quantity, story, weight_element
from sandan.simulate.stories.versions import make_wrong

if TYPE_CHECKING:
    from sandan.simulate.sheet import Elements


def _simple(told: Told, case: Case) -> None:
    told.send(case)
    told.expect(case)


@story("ord01")
def ord01(told: Told) -> None:
    """Another enterprise sold than declares."""
    case = told.case()
    others = EXPORT_ENTERPRISES if told.flow == "E" else IMPORT_ENTERPRISES
    case.order.head["ebcCode"] = next(p.code for p in others if p.code != case.declaration.head["ebcCode"])
    _simple(told, case)


@story("ord02_gnum")
def ord02_gnum(told: Told) -> None:
    """A line number the order does not have; ORD03 and ORD04 have nothing to compare."""
    case = told.case()
    case.declaration.items[-1]["gnum"] = "77"
    _simple(told, case)


@story("ord02_item_no")
def ord02_item_no(told: Told) -> None:
    """The same line number, another item."""
    case = told.case()
    case.declaration.items[0]["itemNo"] += "-B"
    _simple(told, case)


@story("ord03_over")
def ord03_over(told: Told) -> None:
    """More than ordered in one declaration."""
    case = told.case()
    item = case.declaration.items[0]
    set_quantity(item, int(item["qty"]) + 1)
    _simple(told, case)


@story("ord04")
def ord04(told: Told) -> None:
    """Another price, with a total that fits it."""
    case = told.case()
    _reprice(case.declaration.items[0], 5)
    _simple(told, case)


@story("ord04_tolerance")
def ord04_tolerance(told: Told) -> None:
    """A cent is within the tolerance."""
    case = told.case()
    _reprice(case.declaration.items[0], 1)
    told.send(case)
    told.fine(case)


@story("ord05")
def ord05(told: Told) -> None:
    """A line total that is not quantity times price."""
    case = told.case()
    add_amount(case.declaration.items[0], "totalPrice", 100)
    _simple(told, case)


@story("ord06")
def ord06(told: Told) -> None:
    """The declared lines are in another currency than the order."""
    case = told.case()
    other = "142" if case.order.head["currency"] != "142" else "502"
    for item in case.declaration.items:
        item["currency"] = other
    _simple(told, case)


@story("split_good")
def split_good(told: Told) -> None:
    """One order in two parcels."""
    first, second = _two(told)
    told.send(first)
    told.t.send(second.waybill)
    told.t.send(second.declaration)
    for case in (first, second):
        told.fine(case)


@story("merged")
def merged(told: Told) -> None:
    """Two orders, packed into one parcel: the second is withdrawn, the first changed to hold both; three payments."""
    case = told.case(national=True)
    order, payment = case.order, case.payments[0]
    other, paid = told.t.resend(order, "1", told.second - 3000), told.t.resend(payment, "1", told.second - 2900)
    other.head["orderNo"] = paid.head["orderNo"] = f"{order.head['orderNo']}M"
    paid.head["payNo"] += "M"
    whole, again = told.change(order, -1200), told.t.resend(payment, "1", told.second - 1100)
    again.head["payNo"] += "N"
    value = 0
    for mine, theirs in zip(order.items, other.items, strict=True):
        half = int(mine["qty"]) // 2
        set_quantity(theirs, half)
        set_quantity(mine, int(mine["qty"]) - half)
        value += cents(theirs["totalPrice"])
    add_amount(order.head, "goodsValue", -value)
    add_amount(payment.head, "charge", -value)
    other.head |= {"goodsValue": money(value), "freight": money(0)}
    paid.head["charge"] = again.head["charge"] = money(value)
    told.send(case)["order"].becomes("superseded")
    for sheet in (other, paid):
        told.t.send(sheet).becomes("superseded")
        told.t.send(told.delete(sheet, -1500), 0, EXTRA)
    told.t.send(whole, 0, EXTRA)
    told.t.send(again, 0, EXTRA)
    told.fine(case)


@story("ord03_split")
def ord03_split(told: Told) -> None:
    """Two shipments, the second a piece too many: the first in rank is released."""
    first, second = _two(told, more=1)
    told.send(first)
    told.t.send(second.waybill)
    told.t.send(second.declaration)
    told.fine(first)
    told.expect(second)


@story("ord03_next_day")
def ord03_next_day(told: Told) -> None:
    """The whole order was released; a further shipment comes the next day."""
    first, second = _two(told, more=1)
    told.send(first)
    told.fine(first)
    for sheet in (second.waybill, second.declaration):
        told.t.send(told.t.resend(sheet, "1", told.second // 60 * 60, 1), 1)
    told.t.decide(second, "review", ("ORD03",), 1)


@story("ord03_refused")
def ord03_refused(told: Told) -> None:
    """A refused first shipment takes no quantity from the order."""
    first, second = _two(told, more=1, national=True)
    old = told.t.clock.stamp(told.second - 45 * 86400)
    first.declaration.head["appTime"] = old
    told.send(first, "waybill")
    told.t.send(second.waybill)
    told.t.send(second.declaration)
    told.t.decide(first, "refused", ("DOC03", "DOC04"), 0, 45)
    told.fine(second)


@story("log04")
def log04(told: Told) -> None:
    """Two declarations of two orders name one waybill: the first keeps it."""
    first, second = _one_waybill(told)
    told.send(first)
    told.send(second, "waybill")
    told.fine(first)
    told.expect(second)


@story("freed")
def freed(told: Told) -> None:
    """The first in rank is in review and deleted the next day; what it held is free for the second."""
    first, second = _one_waybill(told) if told.detail == "LOG04" else _two(told, more=1, national=True)
    make_wrong(first, "declaration")
    records = told.send(first)
    if told.detail == "LOG04":
        told.send(second, "waybill")
    else:
        told.t.send(second.waybill)
        told.t.send(second.declaration)
    told.t.decide(first, "review", ("WGT01",))
    told.expect(second)
    records["declaration"].becomes("superseded", 1)
    told.t.send(told.delete(first.declaration, 0, 1), 1, EXTRA)
    told.t.decide(first, "cancelled", ("WGT01",), 1)
    told.released(second, 1)


def _reprice(item: Elements, more: int) -> None:
    price = cents(item["price"]) + more
    item["price"] = money(price)
    item["totalPrice"] = money(price * int(item["qty"]))


def _two(told: Told, more: int = 0, *, national: bool = False) -> tuple[Case, Case]:
    """One order, two shipments: half of every line each, the second with `more` pieces of the first line."""
    first = told.case(national=national)
    way, declaration = first.waybill, first.declaration
    other_way = way.again(told.t.rng, "1", way.head["appTime"])
    other_way.head["logisticsNo"] = f"{way.head['logisticsNo']}B"
    other = declaration.again(told.t.rng, "1", told.t.clock.stamp(told.second + 180))
    other.head["copNo"] = f"{declaration.head['copNo']}B"
    other.head["logisticsNo"] = other_way.head["logisticsNo"]
    for item, rest in zip(declaration.items, other.items, strict=True):
        whole = int(item["qty"])
        set_quantity(item, whole // 2)
        set_quantity(rest, whole - whole // 2)
    set_quantity(other.items[0], int(other.items[0]["qty"]) + more)
    gross = grams(declaration.head["grossWeight"]) // 2
    for shipped, declared in ((way, declaration), (other_way, other)):
        declared.head["grossWeight"] = shipped.head[weight_element(shipped)] = kilograms(gross)
        declared.head["netWeight"] = kilograms(gross * 9 // 10)
    second = Case("E", told.number + 1, told.second + 180, first.order, first.payments, other_way, other)
    return first, second


def _one_waybill(told: Told) -> tuple[Case, Case]:
    first = told.case(national=True)
    second = told.t.case("E", told.number + 1, told.second + 180, national=True)
    second.waybill = first.waybill
    for element in ("logisticsCode", "logisticsName", "logisticsNo", "grossWeight", "netWeight"):
        second.declaration.head[element] = first.declaration.head[element]
    second.declaration.head["guid"] = guid(told.t.rng)
    return first, second
