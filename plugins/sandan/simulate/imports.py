"""A clean import: order, payment, waybill and declaration that agree, also for the rules only imports have.

Every case has a new buyer unless it is given one, and a parcel stays below 5,000 CNY.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sandan.simulate import duty
from sandan.simulate.case import Case
from sandan.simulate.goods import goods
from sandan.simulate.parties import (
    AGENTS,
    IMPORT_ENTERPRISES,
    IMPORT_LOGISTICS,
    IMPORT_PAYMENT,
    IMPORT_PLATFORMS,
    WALLET,
)
from sandan.simulate.people import Person, person
from sandan.simulate.sheet import Clock, Elements, Sheet, below, cents, guid, kilograms, money, pick

if TYPE_CHECKING:
    import random

_ORIGINS = ("116", "133", "304", "305", "502", "601", "609", "136", "303")
_ITEMS = (1, 1, 1, 2, 2, 3)
_OFFICES = ("2991", "3105", "4612", "5349", "8015", "4604")
WALLET_SHARE = 0.35


def import_case(  # noqa: PLR0913 - a case has that many sides
    rng: random.Random,
    clock: Clock,
    rates: dict[str, duty.Rate],
    number: int,
    second: int,
    *,
    national: bool,
    buyer: Person | None = None,
) -> Case:
    """One order in one parcel; arguments as in `export_case`, the taxes at `rates`."""
    bonded = rng.random() < 0.55  # noqa: PLR2004
    platform = pick(rng, IMPORT_PLATFORMS)
    seller = pick(rng, IMPORT_ENTERPRISES)
    carrier = pick(rng, IMPORT_LOGISTICS)
    wallet = not national and rng.random() < WALLET_SHARE
    payer = WALLET if wallet else pick(rng, IMPORT_PAYMENT)
    agent = pick(rng, AGENTS)
    office = pick(rng, _OFFICES)
    buyer = buyer or person(rng)
    receiver = person(rng) if rng.random() < 0.15 else buyer  # noqa: PLR2004
    origin = pick(rng, _ORIGINS)

    day = clock.date()
    order_no = f"IO{day}{number:08d}"
    waybill_no = f"SIMI{day[2:]}{number:08d}"
    ordered = second - 5400 - below(rng, 50000)
    paid = ordered + 15 + below(rng, 600)
    shipped = second - 300 - below(rng, 3000)
    transaction = f"T{day}{number:08d}"

    lines: list[Elements] = []
    items: list[Elements] = []
    value = net = 0
    for gnum, good in enumerate(rng.sample(goods("I"), pick(rng, _ITEMS)), start=1):
        qty = 1 + below(rng, 2)
        price = good.price_low + below(rng, good.price_high - good.price_low)
        total = price * qty
        weight = good.net_g * qty
        value += total
        net += weight
        lines.append(
            {
                "gnum": str(gnum),
                "itemNo": good.sku,
                "itemName": good.name,
                "gmodel": good.model,
                "itemDescribe": "",
                "barCode": good.bar_code,
                "unit": good.unit,
                "qty": str(qty),
                "price": money(price),
                "totalPrice": money(total),
                "currency": "142",
                "country": origin,
                "note": "",
            }
        )
        item = {
            "gnum": str(gnum),
            "itemRecordNo": f"{good.sku}-R" if bonded else "",
            "itemNo": good.sku,
            "itemName": good.name,
            "gcode": good.hs_code,
            "gname": good.name,
            "gmodel": good.model,
            "barCode": good.bar_code,
            "country": origin,
            "tradeCountry": origin,
            "currency": "142",
            "qty": str(qty),
            "unit": good.unit,
            "qty1": kilograms(weight) if good.unit1 == "035" else str(qty),
            "unit1": good.unit1,
            "price": money(price),
            "totalPrice": money(total),
            "note": "",
        }
        if good.unit2:
            item["qty2"] = kilograms(weight) if good.unit2 == "035" else str(qty)
            item["unit2"] = good.unit2
        items.append(item)

    freight = below(rng, 30) * 100
    discount = pick(rng, (0, 0, 0, 500, 1000))
    taxes = taxes_of(rates, items, freight)
    tax = sum(line.due for line in taxes)
    paid_total = value + freight + tax - discount
    gross = net + net // 10 + 30
    weighed = gross + gross * (below(rng, 7) - 3) // 100
    order = Sheet(
        "CEB311",
        "import-orders",
        {
            "guid": guid(rng),
            "appType": "1",
            "appTime": clock.stamp(ordered),
            "appStatus": "2",
            "orderType": "I",
            "orderNo": order_no,
            "ebpCode": platform.code,
            "ebpName": platform.name,
            "ebcCode": seller.code,
            "ebcName": seller.name,
            "goodsValue": money(value),
            "freight": money(freight),
            "discount": money(discount),
            "taxTotal": money(tax),
            "acturalPaid": money(paid_total),
            "currency": "142",
            "buyerRegNo": f"U{number:08d}",
            "buyerName": buyer.name,
            "buyerTelephone": buyer.telephone,
            "buyerIdType": "1",
            "buyerIdNumber": buyer.id_number,
            "payCode": payer.code,
            "payName": payer.name,
            "payTransactionId": transaction,
            "batchNumbers": "",
            "consignee": receiver.name,
            "consigneeTelephone": receiver.telephone,
            "consigneeAddress": receiver.address,
            "consigneeDistrict": "990101",
            "note": "",
        },
        lines,
    )
    payment = Sheet(
        "CEB411",
        "wallet-payments" if wallet else "import-payments",
        {
            "guid": guid(rng),
            "appType": "1",
            "appTime": clock.stamp(paid),
            "appStatus": "2",
            "payCode": payer.code,
            "payName": payer.name,
            "payTransactionId": transaction,
            "orderNo": order_no,
            "ebpCode": platform.code,
            "ebpName": platform.name,
            "payerIdType": "1",
            "payerIdNumber": buyer.id_number,
            "payerName": buyer.name,
            "telephone": buyer.telephone,
            "amountPaid": money(paid_total),
            "currency": "142",
            "payTime": clock.stamp(paid - 3),
            "note": "",
        },
        [],
    )
    waybill = Sheet(
        "CEB511",
        "import-waybills",
        {
            "guid": guid(rng),
            "appType": "1",
            "appTime": clock.stamp(shipped),
            "appStatus": "2",
            "logisticsCode": carrier.code,
            "logisticsName": carrier.name,
            "logisticsNo": waybill_no,
            "billNo": "" if bonded else f"991-{day[2:]}{number // 500:04d}",
            "orderNo": order_no,
            "freight": money(freight),
            "insuredFee": "0",
            "currency": "142",
            "weight": kilograms(weighed),
            "packNo": "1",
            "goodsInfo": lines[0]["itemName"],
            "consignee": receiver.name,
            "consigneeAddress": receiver.address,
            "consigneeTelephone": receiver.telephone,
            "note": "",
        },
        [],
    )
    declaration = Sheet(
        "CEB621",
        "import-declarations",
        {
            "guid": guid(rng),
            "appType": "1",
            "appTime": clock.stamp(second),
            "appStatus": "2",
            "orderNo": order_no,
            "ebpCode": platform.code,
            "ebpName": platform.name,
            "ebcCode": seller.code,
            "ebcName": seller.name,
            "logisticsNo": waybill_no,
            "logisticsCode": carrier.code,
            "logisticsName": carrier.name,
            "copNo": f"I{day}{number:08d}",
            "preNo": "",
            "assureCode": agent.code,
            "emsNo": f"T{office}W{seller.code[-4:]}" if bonded else "",
            "invtNo": "",
            "ieFlag": "I",
            "declTime": clock.date(),
            "customsCode": office,
            "portCode": office,
            "ieDate": clock.date(),
            "buyerIdType": "1",
            "buyerIdNumber": buyer.id_number,
            "buyerName": buyer.name,
            "buyerTelephone": buyer.telephone,
            "consigneeAddress": receiver.address,
            "agentCode": agent.code,
            "agentName": agent.name,
            "areaCode": seller.code if bonded else "",
            "areaName": seller.name if bonded else "",
            "tradeMode": "1210" if bonded else "9610",
            "trafMode": "W" if bonded else "5",
            "trafNo": "" if bonded else f"SD{number % 900 + 100}",
            "voyageNo": "" if bonded else f"SD{day}",
            "billNo": "" if bonded else f"991-{day[2:]}{number // 500:04d}",
            "loctNo": "",
            "licenseNo": "",
            "country": "142" if bonded else origin,
            "freight": money(freight),
            "insuredFee": "0",
            "currency": "142",
            "wrapType": "2",
            "packNo": "1",
            "grossWeight": kilograms(gross),
            "netWeight": kilograms(net),
            "note": "",
        },
        items,
    )
    return Case("I", number, second, order, [payment], waybill, declaration, taxes)


def taxes_of(rates: dict[str, duty.Rate], items: list[Elements], extra: int) -> list[duty.Tax]:
    """The taxes of declared lines; `extra` is freight and insurance, in cents."""
    lines = [(item["gcode"], cents(item["totalPrice"])) for item in items]
    single = len(items) == 1 and items[0]["qty"] == "1"
    over = extra + sum(value for _, value in lines) > duty.SINGLE_LIMIT
    return duty.taxes(rates, lines, extra, full=over and single)


def set_lines(case: Case, rates: dict[str, duty.Rate], *lines: tuple[int, int]) -> None:
    """Keep only so many lines, each with this quantity and price in cents; order, payment and taxes follow."""
    del case.order.items[len(lines) :], case.declaration.items[len(lines) :]
    for ordered, declared, (qty, price) in zip(case.order.items, case.declaration.items, lines, strict=True):
        for item in (ordered, declared):
            item |= {"qty": str(qty), "price": money(price), "totalPrice": money(qty * price)}
        for amount, unit in (("qty1", "unit1"), ("qty2", "unit2")):
            if declared.get(unit) and declared[unit] != "035":
                declared[amount] = str(qty)
    set_amounts(case, rates)


def set_amounts(case: Case, rates: dict[str, duty.Rate]) -> None:
    """Make what the order says and what was paid fit the declared lines and freight."""
    order = case.order.head
    freight = cents(case.declaration.head["freight"])
    value = sum(cents(item["totalPrice"]) for item in case.declaration.items)
    case.taxes = taxes_of(rates, case.declaration.items, freight)
    tax = sum(line.due for line in case.taxes)
    paid = money(value + freight + tax - cents(order["discount"]))
    order |= {"goodsValue": money(value), "freight": money(freight), "taxTotal": money(tax), "acturalPaid": paid}
    case.payments[0].head["amountPaid"] = paid


def dutiable_value(case: Case) -> int:
    """Price, freight and insurance of a declaration, in cents."""
    head = case.declaration.head
    extra = cents(head["freight"])  # no simulated parcel is insured
    return extra + sum(cents(item["totalPrice"]) for item in case.declaration.items)
