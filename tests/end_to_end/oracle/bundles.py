"""Good records of every message: a declaration with its order, payment, waybill and events, all agreeing."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from random import Random

from .records import Raw

GOOD_CODES = ("6109100010", "8517130000", "9503008900", "4202220000")
PRICES = ("10", "12.34", "0.01", "99.99999", "20.005")
#: around the limits of 5,000 a declaration and, for single items, 26,000 a year
IMPORT_PRICES = ("1250", "1666.66668")
SINGLE_PRICES = ("5000", "5000.01", "9000", "13000")
Values = dict[str, str | None]


@dataclass(frozen=True)
class Line:
    gnum: int
    item_no: str
    code: str
    qty: Decimal
    price: Decimal

    @property
    def total(self) -> Decimal:
        return round(self.qty * self.price, 5)


@dataclass
class Parcel:
    """What one order is about; several declarations may share it."""

    flow: str
    platform: str
    enterprise: str
    order_no: str
    currency: str
    freight: Decimal
    lines: list[Line]
    buyer: str = "1"
    transaction: str | None = None  # that the import order names

    @property
    def due(self) -> Decimal:
        return sum((line.total for line in self.lines), Decimal(0)) + self.freight


def parcel(flow: str, prefix: str, number: int, random: Random) -> Parcel:
    lines = [
        Line(
            gnum,
            f"{prefix}I{gnum}",
            random.choice(GOOD_CODES),
            Decimal(random.choice(["1", "2", "3", "2.5", "4"])),
            Decimal(random.choice([*PRICES, *PRICES, *(IMPORT_PRICES if flow == "I" else ())])),
        )
        for gnum in range(1, random.choice([1, 1, 2, 3]) + 1)
    ]
    if flow == "I" and random.random() < 0.3:
        lines = [Line(1, f"{prefix}I1", random.choice(GOOD_CODES), Decimal(1), Decimal(random.choice(SINGLE_PRICES)))]
    return Parcel(
        flow,
        f"{prefix}P{random.randint(1, 2)}",
        f"{prefix}E{random.randint(1, 3)}",
        f"{prefix}O{number}",
        random.choice(["142", "142", "502"]) if flow == "E" else "142",
        Decimal(random.choice(["0", "5", "0.01"])),
        lines,
        buyer=random.choice("1123"),  # all worlds have the same buyers, and one year's limit for each
        transaction=random.choice([None, None, f"{prefix}T{number}-0", f"{prefix}T{number}-0", f"{prefix}T{number}-1"]),
    )


def _stamp(time: str, random: Random) -> Values:
    guid = f"{random.getrandbits(144):036X}"
    return {"guid": guid, "appType": "1", "appTime": time, "appStatus": "2"}


def _buyer(of: Parcel) -> Values:
    names: Values = {"buyerName": "买方", "buyerTelephone": "1", "buyerIdType": "1"}
    return names | {"buyerIdNumber": f"ID{of.buyer}"}


def order(of: Parcel, time: str, random: Random) -> Raw:
    head = _stamp(time, random) | {
        "orderType": "I" if of.flow == "I" else random.choice("EEBW"),
        "orderNo": of.order_no,
        "ebpCode": of.platform,
        "ebpName": "平台",
        "ebcCode": of.enterprise,
        "ebcName": "企业",
        "goodsValue": str(of.due - of.freight),
        "freight": str(of.freight),
        "currency": of.currency,
    }
    if of.flow == "I":
        head |= {"discount": "0", "taxTotal": "0", "acturalPaid": str(of.due), "buyerRegNo": "R1"}
        head |= _buyer(of) | {"consignee": "收", "consigneeTelephone": "1", "consigneeAddress": "A"}
        if of.transaction:
            head |= {"payTransactionId": of.transaction, "payCode": f"{of.platform}Y"}
    items: list[Values] = [
        {
            "gnum": str(line.gnum),
            "itemNo": line.item_no,
            "itemName": "货",
            "gmodel": "M" if of.flow == "I" else None,
            "unit": "007",
            "currency": of.currency,
            "qty": str(line.qty),
            "price": str(line.price),
            "totalPrice": str(line.total),
            "country": "142" if of.flow == "I" else None,
        }
        for line in of.lines
    ]
    return Raw(head, items)


def payment(of: Parcel, number: str | None, amount: Decimal, time: str, random: Random) -> Raw:
    """`number`: payNo (export, may be None) or payTransactionId."""
    head = _stamp(time, random) | {"ebpCode": of.platform, "ebpName": "平台", "orderNo": of.order_no, "payName": "支付"}
    head |= {"payCode": f"{of.platform}Y", "currency": of.currency}
    if of.flow == "E":
        head |= {"ebcCode": of.enterprise, "ebcName": "企业", "payNo": number, "charge": str(amount)}
        return Raw(head | {"accountingDate": time})
    buyer = _buyer(of)
    head |= {"payTransactionId": number, "payerIdType": "1"}
    head |= {"payerIdNumber": buyer["buyerIdNumber"], "payerName": buyer["buyerName"]}
    return Raw(head | {"amountPaid": str(amount), "payTime": time})


def waybill(of: Parcel, carrier: str, number: str, gross: str, time: str, random: Random) -> Raw:  # noqa: PLR0913, PLR0917
    head = _stamp(time, random) | {"logisticsCode": carrier, "logisticsName": "物流", "logisticsNo": number}
    head |= {"freight": "1", "insuredFee": "0", "currency": "142", "packNo": "1", "goodsInfo": "货"}
    if of.flow == "E":
        return Raw(head | {"grossWeight": gross})
    head |= {"orderNo": of.order_no, "weight": gross, "consignee": "收", "consigneeAddress": "A"}
    return Raw(head | {"consigneeTelephone": "1"})


def declaration(of: Parcel, cop_no: str, carrier: str, number: str, gross: str, time: str, random: Random) -> Raw:  # noqa: PLR0913, PLR0917
    head = _stamp(time, random) | {
        "customsCode": "5349",
        "ebpCode": of.platform,
        "ebpName": "平台",
        "orderNo": of.order_no,
        "logisticsCode": carrier,
        "logisticsName": "物流",
        "logisticsNo": number,
        "copNo": cop_no,
        "invtNo": f"53492026{of.flow}{random.getrandbits(29):09d}",
        "ieFlag": of.flow,
        "portCode": "5349",
        "ieDate": "20261120",
        "agentCode": "AG",
        "agentName": "代理",
        "ebcCode": of.enterprise,
        "ebcName": "企业",
        "tradeMode": random.choice(["9610", "1210", "9710"] if of.flow == "E" else ["9610", "1239"]),
        "trafMode": "5",
        "country": "502",
        "freight": "0",
        "insuredFee": "0",
        "packNo": "1",
        "grossWeight": gross,
        "netWeight": gross,
    }
    if of.flow == "E":
        head |= {"statisticsFlag": random.choice("ABB"), "ownerCode": "OW", "ownerName": "产", "POD": "USA"}
        head |= {"fCurrency": "142", "fFlag": "3", "iCurrency": "142", "iFlag": "3", "wrapType": "2"}
    else:
        head |= {"assureCode": "AS", "declTime": "20261120", "consigneeAddress": "A", "currency": of.currency}
        head |= _buyer(of)
    items: list[Values] = [
        {
            "gnum": str(line.gnum),
            "itemNo": line.item_no,
            "gcode": line.code,
            "gname": "货",
            "gmodel": "M",
            "barCode": "无",
            "country": "502",
            "currency": of.currency,
            "qty": str(line.qty),
            "unit": "007",
            "qty1": "1",
            "unit1": "035",
            "price": str(line.price),
            "totalPrice": str(line.total),
        }
        for line in of.lines
    ]
    return Raw(head, items)


def departure(carrier: str, numbers: list[str], left: str, time: str, random: Random) -> Raw:
    head = _stamp(time, random) | {"customsCode": "5349", "copNo": "DEP", "logisticsCode": carrier}
    head |= {"logisticsName": "物流", "trafMode": "5", "leaveTime": left, "msgCount": "1", "msgSeqNo": "1"}
    return Raw(head, [{"gnum": str(n), "logisticsNo": number} for n, number in enumerate(numbers, start=1)])


def signing(carrier: str, number: str, status: str, signed: str, time: str, random: Random) -> Raw:  # noqa: PLR0913, PLR0917
    head = _stamp(time, random) | {"logisticsCode": carrier, "logisticsName": "物流", "logisticsNo": number}
    return Raw(head | {"logisticsStatus": status, "logisticsTime": signed})


def cancellation(of: Raw, time: str, random: Random) -> Raw:
    """A cancel application for a declaration, naming it by key, by invtNo, or by both."""
    names: Values = {e: of.head.get(e) for e in ("orderNo", "ebpCode", "logisticsNo", "logisticsCode", "ebcCode")}
    names |= {"copNo": of.head["copNo"], "invtNo": of.head["invtNo"], "customsCode": "5349", "reason": "撤"}
    names |= {"agentCode": "AG", "agentName": "代理", "ebcName": "企业", "ebpName": "平台", "logisticsName": "物流"}
    names |= {"buyerIdType": "1", "buyerIdNumber": "ID1", "buyerName": "买方", "buyerTelephone": "1"}
    return Raw(_stamp(time, random) | names)
