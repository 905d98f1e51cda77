"""Records that fail FMT02 to FMT07, and odd ones that do not."""

from __future__ import annotations

from sandan.simulate.spoil import spoil
from sandan.simulate.stories.told import Told, paid_element, story


@story("bad_record")
def bad_record(told: Told) -> None:
    """One record of the case is quarantined; the rest is accepted and waits for it."""
    case = told.case(national=True)
    name = told.fault.list_name
    told.send(case, name)
    rules = tuple(told.detail.split())
    sheet = case.sheet(name)
    told.expect(case)
    spoil(sheet, rules, told.turn)
    told.t.send(sheet, 0, state="quarantined", rules=rules)


@story("resent")
def resent(told: Told) -> None:
    """The right order comes the next day."""
    case = told.case(national=True)
    told.send(case, "order")
    right = told.t.resend(case.order, "1", told.second, 1)
    spoil(case.order, ("FMT03",), told.turn)
    told.t.send(case.order, 0, state="quarantined", rules=("FMT03",))
    told.expect(case)
    told.t.send(right, 1)
    told.released(case, 1)


@story("draft_bad")
def draft_bad(told: Told) -> None:
    """A draft is held to FMT like any record."""
    case = told.case(national=True)
    draft = told.t.resend(case.declaration, "1", told.second - 120)
    draft.head["appStatus"] = "1"
    spoil(draft, ("FMT03",), told.turn)
    told.t.send(draft, 0, state="quarantined", rules=("FMT03",))
    told.send(case)
    told.fine(case)


@story("odd_numbers")
def odd_numbers(told: Told) -> None:
    """Numbers compare by value."""
    case = told.case(national=True)
    payment, item = case.payments[0].head, case.declaration.items[0]
    payment[paid_element(case.payments[0])] = f"+000{payment[paid_element(case.payments[0])]}"
    item["qty"] += ".0000000"
    item["price"] = f"0{item['price']}000"
    case.waybill.head["packNo"] = "+1"
    case.order.items[0]["gnum"] = "01"
    told.send(case)
    told.fine(case)


@story("odd_spaces")
def odd_spaces(told: Told) -> None:
    """Values are trimmed."""
    case = told.case(national=True)
    for name in ("order", "waybill", "declaration"):
        head = case.sheet(name).head
        for element in ("orderNo", "ebcCode", "logisticsNo", "appTime", "currency"):
            if head.get(element):
                head[element] = f"\n\t {head[element]} \r\n"
    told.send(case)
    told.fine(case)


@story("odd_elements")
def odd_elements(told: Told) -> None:
    """Unknown, repeated and reordered elements are tolerated."""
    case = told.case(national=True)
    told.send(case, "order")
    case.order.head = dict(reversed(case.order.head.items()))
    case.order.head |= {"futureElement": "1", "goodsValue ": "1.00"}  # <goodsValue > is goodsValue once more
    told.t.send(case.order)
    told.fine(case)


@story("odd_qty2")
def odd_qty2(told: Told) -> None:
    """A second quantity of 0 is filled (FMT07)."""
    case = told.case(national=True)
    case.declaration.items[0] |= {"unit2": "035", "qty2": "0"}
    told.send(case)
    told.fine(case)
