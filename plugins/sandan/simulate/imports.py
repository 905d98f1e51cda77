"""A clean import: order, payment, waybill and declaration that agree, also for the rules only imports have.

Tax is 9.1 % (13 % VAT at 70 %) of price, freight and insurance: the catalogue has no goods with consumption tax or
another VAT rate. Every case has a new buyer, and a parcel stays below 5,000 CNY.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

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
from sandan.simulate.people import person
from sandan.simulate.sheet import Clock, Elements, Sheet, below, guid, kilograms, money, pick

if TYPE_CHECKING:
    import random

_ORIGINS = ("116", "133", "304", "305", "502", "601", "609", "136", "303")
_ITEMS = (1, 1, 1, 2, 2, 3)
_OFFICES = ("2991", "3105", "4612", "5349", "8015", "4604")
WALLET_SHARE = 0.35


def tax_of(dutiable: int) -> int:
    """9.1 % of the dutiable value, in cents, rounded half up."""
    return (dutiable * 91 + 500) // 1000


def import_case(rng: random.Random, clock: Clock, number: int, second: int, *, national: bool) -> Case:
    """One order in one parcel; arguments as in `export_case`."""
    bonded = rng.random() < 0.55  # noqa: PLR2004
    platform = pick(rng, IMPORT_PLATFORMS)
    seller = pick(rng, IMPORT_ENTERPRISES)
    carrier = pick(rng, IMPORT_LOGISTICS)
    wallet = not national and rng.random() < WALLET_SHARE
    payer = WALLET if wallet else pick(rng, IMPORT_PAYMENT)
    agent = pick(rng, AGENTS)
    office = pick(rng, _OFFICES)
    buyer = person(rng)
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
    tax = tax_of(value + freight)
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
    return Case("I", number, second, order, [payment], waybill, declaration)
