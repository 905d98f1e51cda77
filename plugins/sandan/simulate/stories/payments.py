"""What was paid: amount, currency, several payments."""

from __future__ import annotations

from sandan.simulate.sheet import cents, money
from sandan.simulate.stories.told import Told, add_amount, paid_element, story


@story("pay01")
def pay01(told: Told) -> None:
    """Ten too much, or ten cents too little."""
    case = told.case()
    payment = case.payments[0]
    add_amount(payment.head, paid_element(payment), 1000 if told.turn % 2 else -10)
    told.send(case)
    told.expect(case)


@story("pay02")
def pay02(told: Told) -> None:
    """The right amount in another currency."""
    case = told.case()
    payment = case.payments[0]
    payment.head["currency"] = "142" if case.order.head["currency"] != "142" else "502"
    told.send(case)
    told.expect(case)


@story("two_payments")
def two_payments(told: Told) -> None:
    """All current payments of the order count, as long as nothing is decided."""
    case = told.case(national=True)
    first = case.payments[0]
    element = paid_element(first)
    due = 1 if told.detail else 0
    second = told.t.resend(first, "1", told.second - 60, due)
    second.head["payNo" if told.flow == "E" else "payTransactionId"] += "B"
    if told.detail == "after":
        second.head[element] = "1.00"
    else:
        part = cents(first.head[element]) // 3
        second.head[element] = money(part)
        add_amount(first.head, element, -part)
    told.send(case)
    told.t.send(second, due)
    if told.detail == "late":
        told.expect(case)
        told.released(case, 1)
    else:
        told.fine(case)
