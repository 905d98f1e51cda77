"""A clean export: order, receipt, waybill and declaration that agree."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sandan.simulate.case import Case
from sandan.simulate.controls import any_controlled
from sandan.simulate.goods import goods
from sandan.simulate.parties import (
    AGENTS,
    EXPORT_ENTERPRISES,
    EXPORT_LOGISTICS,
    EXPORT_PAYMENT,
    EXPORT_PLATFORMS,
    EXPRESS,
    LOCAL_PLATFORM,
)
from sandan.simulate.sheet import Clock, Elements, Sheet, below, guid, kilograms, money, pick

if TYPE_CHECKING:
    import random

# country, currency (customs codes), CNY cents of one unit of the currency, share
MARKETS = (
    ("502", "502", 712, 28),
    ("303", "303", 915, 10),
    ("304", "300", 790, 9),
    ("305", "300", 790, 7),
    ("116", "116", 5, 8),
    ("133", "502", 712, 6),
    ("601", "601", 470, 6),
    ("501", "501", 515, 5),
    ("344", "142", 100, 9),
    ("122", "142", 100, 6),
    ("110", "110", 91, 6),
)
_MARKETS = [market[:3] for market in MARKETS for _ in range(market[3])]
_MODES = ("9610",) * 86 + ("1210",) * 8 + ("9710",) * 4 + ("9810",) * 2
_ORDER_TYPE = {"9610": "E", "1210": "E", "9710": "B", "9810": "W"}
_ITEMS = (1,) * 12 + (2,) * 5 + (3,) * 2 + (4,)
_OFFICES = (("2991", "2991"), ("2924", "2924"), ("3118", "3104"), ("5141", "5141"), ("5349", "5304"), ("4612", "4604"))
LOCAL_SHARE = 0.2  # of orders from the local platform, of waybills from the express company


def export_case(  # noqa: PLR0913 - a case has that many sides
    rng: random.Random,
    clock: Clock,
    controls: tuple[str, ...],
    number: int,
    second: int,
    *,
    national: bool,
    wholesale: bool = False,
) -> Case:
    """One order sent in one parcel; what is under control is not declared simplified.

    `number` makes its keys unique within the day, `second` is the declaration's time of day; `national` keeps it out
    of the sources that send in their own formats; `wholesale` is an order of everything there is.
    """
    mode = "9710" if wholesale else pick(rng, _MODES)
    local = not national and rng.random() < LOCAL_SHARE and mode in {"9610", "1210"}
    express = not national and rng.random() < LOCAL_SHARE
    platform = LOCAL_PLATFORM if local else pick(rng, EXPORT_PLATFORMS)
    seller = pick(rng, EXPORT_ENTERPRISES)
    carrier = EXPRESS if express else pick(rng, EXPORT_LOGISTICS)
    payer = pick(rng, EXPORT_PAYMENT)
    agent = pick(rng, AGENTS)
    office, port = pick(rng, _OFFICES)
    country, currency, rate = pick(rng, _MARKETS)
    simplified = mode == "9610" and rng.random() < 0.6  # noqa: PLR2004
    short = simplified and rng.random() < 0.5  # noqa: PLR2004

    day = clock.date()
    order_no = f"SO{day}{number:08d}"
    waybill_no = f"SIM{day[2:]}{number:08d}CN"
    ordered = second - 7200 - below(rng, 90000)
    paid = ordered + 20 + below(rng, 900)
    shipped = second - 300 - below(rng, 5000)

    lines: list[Elements] = []
    items: list[Elements] = []
    value = net = 0
    sold = goods("E") if wholesale else rng.sample(goods("E"), pick(rng, _ITEMS))
    for gnum, good in enumerate(sold, start=1):
        qty = 2 + below(rng, 4) if mode == "9610" else 10 + below(rng, 30)
        price = (good.price_low + below(rng, good.price_high - good.price_low)) * 100 // rate
        total = price * qty
        weight = good.net_g * qty
        value += total
        net += weight
        lines.append(
            {
                "gnum": str(gnum),
                "itemNo": good.sku,
                "itemName": good.name,
                "itemDescribe": good.model,
                "barCode": good.bar_code,
                "unit": good.unit,
                "currency": currency,
                "qty": str(qty),
                "price": money(price),
                "totalPrice": money(total),
                "note": "",
            }
        )
        item = {
            "gnum": str(gnum),
            "itemNo": good.sku,
            "itemRecordNo": "",
            "itemName": good.name,
            "gcode": good.hs_code[:4] + "000000" if short else good.hs_code,
            "gname": good.name,
            "gmodel": good.model,
            "barCode": good.bar_code,
            "country": country,
            "currency": currency,
            "qty": str(qty),
            "qty1": kilograms(weight) if good.unit1 == "035" else str(qty),
            "qty2": "",
            "unit": good.unit,
            "unit1": good.unit1,
            "unit2": "",
            "price": money(price),
            "totalPrice": money(total),
            "note": "",
        }
        if good.unit2:
            item["qty2"] = kilograms(weight) if good.unit2 == "035" else str(qty)
            item["unit2"] = good.unit2
        items.append(item)

    if simplified and any_controlled((item["gcode"] for item in items), controls):
        simplified = False
        for item, good in zip(items, sold, strict=True):
            item["gcode"] = good.hs_code
    freight = below(rng, 60) * 5000 // rate
    gross = net + net // 12 + 20
    weighed = gross + gross * (below(rng, 7) - 3) // 100
    order = Sheet(
        "CEB303",
        "local-orders" if local else "export-orders",
        {
            "guid": guid(rng),
            "appType": "1",
            "appTime": clock.stamp(ordered),
            "appStatus": "2",
            "orderType": _ORDER_TYPE[mode],
            "orderNo": order_no,
            "ebpCode": platform.code,
            "ebpName": platform.name,
            "ebcCode": seller.code,
            "ebcName": seller.name,
            "goodsValue": money(value),
            "freight": money(freight),
            "currency": currency,
            "note": "",
        },
        lines,
    )
    payment = Sheet(
        "CEB403",
        "export-receipts",
        {
            "guid": guid(rng),
            "appType": "1",
            "appTime": clock.stamp(paid),
            "appStatus": "2",
            "ebpCode": platform.code,
            "ebpName": platform.name,
            "ebcCode": seller.code,
            "ebcName": seller.name,
            "orderNo": order_no,
            "payCode": payer.code,
            "payName": payer.name,
            "payNo": f"P{day}{number:08d}",
            "charge": money(value + freight),
            "currency": currency,
            "accountingDate": clock.stamp(paid),
            "note": "",
        },
        [],
    )
    if express:
        shipped -= shipped % 60
    waybill = Sheet(
        "CEB505",
        "express-waybills" if express else "export-waybills",
        {
            "guid": guid(rng),
            "appType": "1",
            "appTime": clock.stamp(shipped),
            "appStatus": "2",
            "logisticsCode": carrier.code,
            "logisticsName": carrier.name,
            "logisticsNo": waybill_no,
            "freight": money(800 + gross * 3),
            "insuredFee": "0",
            "currency": "142",
            "grossWeight": kilograms(weighed),
            "packNo": "1",
            "goodsInfo": lines[0]["itemName"],
            "ebcCode": seller.code,
            "ebcName": seller.name,
            "ebcTelephone": f"0990-{8000000 + number % 999999}",
            "note": "",
        },
        [],
    )
    declaration = Sheet(
        "CEB603",
        "export-declarations",
        {
            "guid": guid(rng),
            "appType": "1",
            "appTime": clock.stamp(second),
            "appStatus": "2",
            "customsCode": office,
            "ebpCode": platform.code,
            "ebpName": platform.name,
            "orderNo": order_no,
            "logisticsCode": carrier.code,
            "logisticsName": carrier.name,
            "logisticsNo": waybill_no,
            "copNo": f"E{day}{number:08d}",
            "ieFlag": "E",
            "portCode": port,
            "ieDate": clock.date(1),
            "statisticsFlag": "A" if simplified else "B",
            "agentCode": agent.code,
            "agentName": agent.name,
            "ebcCode": seller.code,
            "ebcName": seller.name,
            "ownerCode": seller.code,
            "ownerName": seller.name,
            "iacCode": seller.code if mode == "1210" else "",
            "iacName": seller.name if mode == "1210" else "",
            "emsNo": f"T{office}W{seller.code[-4:]}" if mode == "1210" else "",
            "tradeMode": mode,
            "trafMode": "5",
            "trafName": "",
            "voyageNo": f"SD{number % 900 + 100}",
            "billNo": f"990-{day[2:]}{number // 500:04d}",
            "totalPackageNo": "",
            "loctNo": f"{office}990001",
            "licenseNo": "",
            "country": country,
            "POD": country,
            "freight": money(freight),
            "fCurrency": currency,
            "fFlag": "3",
            "insuredFee": "0",
            "iCurrency": currency,
            "iFlag": "3",
            "wrapType": "2",
            "packNo": "1",
            "grossWeight": kilograms(gross),
            "netWeight": kilograms(net),
            "note": "",
        },
        items,
    )
    return Case("E", number, second, order, [payment], waybill, declaration)
