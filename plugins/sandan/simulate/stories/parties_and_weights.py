"""Weights, pieces, commodity codes, parties; several rules at once."""

from __future__ import annotations

from sandan.simulate.controls import any_controlled
from sandan.simulate.parties import EXPIRED_LOGISTICS, UNREGISTERED
from sandan.simulate.sheet import grams, kilograms
from sandan.simulate.stories.told import Told, add_amount, paid_element, story, weight_element
from sandan.simulate.stories.versions import make_wrong

SUBHEADING = 6  # digits
NO_SUCH_CODES = ("8517700000", "8541400000", "9999990000", "9801000090")


@story("log01")
def log01(told: Told) -> None:
    """A fifth heavier than declared."""
    case = told.case()
    case.waybill.head[weight_element(case.waybill)] = _heavier(case.declaration.head["grossWeight"], 120)
    told.send(case)
    told.expect(case)


@story("log01_tolerance")
def log01_tolerance(told: Told) -> None:
    """Exactly 5 % of the declared weight."""
    case = told.case()
    declared = case.declaration.head
    declared["grossWeight"] = kilograms((grams(declared["grossWeight"]) // 20 + 1) * 20)
    case.waybill.head[weight_element(case.waybill)] = _heavier(declared["grossWeight"], 105 if told.turn % 2 else 95)
    told.send(case)
    told.fine(case)


@story("log02")
def log02(told: Told) -> None:
    """Two pieces on the waybill, one declared."""
    case = told.case()
    case.waybill.head["packNo"] = "2"
    told.send(case)
    told.expect(case)


@story("wgt01")
def wgt01(told: Told) -> None:
    """Net above gross."""
    case = told.case()
    make_wrong(case, "declaration")
    told.send(case)
    told.expect(case)


@story("hsc01")
def hsc01(told: Told) -> None:
    """A code of no edition, of an older edition, or of a national chapter."""
    case = told.case()
    simplified = case.declaration.head["statisticsFlag"] == "A"
    code = "7701000000" if simplified else NO_SUCH_CODES[told.turn % len(NO_SUCH_CODES)]
    case.declaration.items[-1]["gcode"] = code
    told.send(case)
    told.expect(case)


@story("hsc01_simplified")
def hsc01_simplified(told: Told) -> None:
    """The heading exists, the subheading does not: good enough for a simplified declaration."""
    case = told.case()
    case.declaration.head |= {"statisticsFlag": "A", "tradeMode": "9610"}
    case.declaration.items[0]["gcode"] = "8517700000"
    told.send(case)
    if any_controlled((item["gcode"] for item in case.declaration.items), told.t.controls(told.second)):
        told.t.decide(case, "review", ("SIM01",))
    else:
        told.fine(case)


@story("sim01")
def sim01(told: Told) -> None:
    """Goods under export control declared simplified; without a table of controls nothing is wrong with them."""
    case = told.case(national=True)
    control = next((code for code in told.t.controls(told.second) if len(code) >= SUBHEADING), "")
    if control:
        case.declaration.head |= {"statisticsFlag": "A", "tradeMode": "9610"}
        case.declaration.items[0]["gcode"] = control.ljust(10, "0")
    told.send(case)
    if control:
        told.t.decide(case, "review", ("SIM01",))
    else:
        told.fine(case)


@story("pty01")
def pty01(told: Told) -> None:
    """An enterprise or payer never registered, or a carrier registered no more."""
    case = told.case(national=True)
    kind = told.turn // 2 % 3
    for sheet in (case.order, *case.payments, case.declaration, case.waybill):
        head = sheet.head
        if kind == 0 and "ebcCode" in head:
            head |= {"ebcCode": UNREGISTERED.code, "ebcName": UNREGISTERED.name}
        if kind == 1 and "logisticsCode" in head:
            head |= {"logisticsCode": EXPIRED_LOGISTICS.code, "logisticsName": EXPIRED_LOGISTICS.name}
        if kind == 2 and "payCode" in head:  # noqa: PLR2004
            head |= {"payCode": UNREGISTERED.code, "payName": UNREGISTERED.name}
    told.send(case)
    told.expect(case)


@story("many_review")
def many_review(told: Told) -> None:
    """Four rules of review at once."""
    case = told.case()
    make_wrong(case, "declaration")
    add_amount(case.declaration.items[0], "totalPrice", -100)
    case.waybill.head[weight_element(case.waybill)] = _heavier(case.declaration.head["grossWeight"], 120)
    case.waybill.head["packNo"] = "3"
    told.send(case)
    told.expect(case)


@story("many_waiting")
def many_waiting(told: Told) -> None:
    """The waybill is missing; what can be compared is compared."""
    case = told.case()
    add_amount(case.declaration.items[0], "totalPrice", 100)
    payment = case.payments[0].head
    payment["currency"] = "142" if payment["currency"] != "142" else "502"
    told.send(case, "waybill")
    told.expect(case)


@story("many_refused")
def many_refused(told: Told) -> None:
    """Too late, and the payment is wrong."""
    case = told.case(national=True, back_days=45)
    payment = case.payments[0]
    add_amount(payment.head, paid_element(payment), 500)
    told.send(case, "waybill")
    told.expect(case, 45)


def _heavier(weight: str, percent: int) -> str:
    return kilograms(grams(weight) * percent // 100)
