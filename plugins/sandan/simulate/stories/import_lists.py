"""What an import declares against its order, payments and waybill: persons, amounts, numbers; and its taxes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sandan.simulate.parties import IMPORT_PAYMENT
from sandan.simulate.people import person
from sandan.simulate.sheet import cents, money
from sandan.simulate.stories.told import Told, add_amount, story

if TYPE_CHECKING:
    import random

    from sandan.simulate.case import Case
    from sandan.simulate.sheet import Elements


@story("import_differs")
def import_differs(told: Told) -> None:
    """One element is not what another list says."""
    case = told.case()
    _make_differ(case, told.detail, told.t.rng)
    told.send(case)
    told.expect(case)


@story("many_persons")
def many_persons(told: Told) -> None:
    """Several of them at once."""
    case = told.case()
    for kind in ("ord07", "pay03_name", "pay05", "log03", "buy01_number", "buy02"):
        _make_differ(case, kind, told.t.rng)
    told.send(case)
    told.expect(case)


@story("pay03_second")
def pay03_second(told: Told) -> None:
    """Two payments that sum up; the second payer is not the buyer."""
    case = told.case(national=True)
    first = case.payments[0]
    second = told.t.resend(first, "1", told.second - 60)
    second.head["payTransactionId"] += "B"
    part = cents(first.head["amountPaid"]) // 3
    second.head["amountPaid"] = money(part)
    add_amount(first.head, "amountPaid", -part)
    other = person(told.t.rng)
    second.head |= {"payerIdNumber": other.id_number, "payerName": other.name}
    told.send(case)
    told.t.send(second)
    told.expect(case)


@story("tax01")
def tax01(told: Told) -> None:
    """The order's tax is not what is due; everything else fits it, so nothing but the warning is found."""
    case = told.case()
    if told.detail:
        _add_tax(case, len(case.declaration.items))
        told.send(case)
        told.fine(case)
    else:
        _add_tax(case, 100)
        told.send(case)
        told.released(case, 0, told.fault.failed)


@story("tax01_review")
def tax01_review(told: Told) -> None:
    """A warning beside a finding."""
    case = told.case()
    _add_tax(case, 100)
    case.waybill.head["packNo"] = "2"
    told.send(case)
    told.expect(case)


def _add_tax(case: Case, more: int) -> None:
    for record, element in (
        (case.order.head, "taxTotal"),
        (case.order.head, "acturalPaid"),
        (case.payments[0].head, "amountPaid"),
    ):
        add_amount(record, element, more)


def _make_differ(case: Case, kind: str, rng: random.Random) -> None:
    order, payment, waybill, declared = (
        sheet.head for sheet in (case.order, case.payments[0], case.waybill, case.declaration)
    )
    other = person(rng)
    changes: dict[str, tuple[Elements, Elements]] = {
        "ord07": (order, {"discount": money(cents(order["discount"]) + 300)}),
        "pay03_number": (payment, {"payerIdNumber": other.id_number}),
        "pay03_name": (payment, {"payerName": f"{payment['payerName']}某"}),
        "pay04": (order, {"payTransactionId": f"{order['payTransactionId']}X"}),
        "pay05": (order, {"payCode": next(p.code for p in IMPORT_PAYMENT if p.code != payment["payCode"])}),
        "log03": (waybill, {"consignee": f"{waybill['consignee']}某"}),
        "log05": (waybill, {"orderNo": f"{waybill['orderNo']}X"}),
        "log06_telephone": (waybill, {"consigneeTelephone": f"{waybill['consigneeTelephone']}0"}),
        "log06_address": (waybill, {"consigneeAddress": f"{waybill['consigneeAddress']}旁"}),
        "buy01_number": (declared, {"buyerIdNumber": other.id_number}),
        "buy01_name": (declared, {"buyerName": f"{declared['buyerName']}某"}),
        "buy02": (declared, {"buyerTelephone": f"{declared['buyerTelephone']}0"}),
    }
    if kind == "ord08":
        case.order.items.append(case.order.items[-1] | {"gnum": str(len(case.order.items) + 1)})
        return
    record, changed = changes[kind]
    record |= changed
