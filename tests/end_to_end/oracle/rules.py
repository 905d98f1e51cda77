"""The rules over one declaration and its lists: each function answers "does it pass?".

Written from rules.csv and semantics.md ("Decisions"); ORD03, LOG04 and LIM02 look at many declarations
and stand in decisions.py.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from .records import Record

CENT, FIFTH = Decimal("0.01"), Decimal("0.00001")
RETAIL_SHARE = Decimal("0.7")
WINDOW_DAYS = 30
SINGLE_LIMIT = Decimal(5000)
HS_2022 = date(2022, 1, 1)

ACTIONS = dict.fromkeys(("DOC01", "DOC02", "DOC03"), "wait") | dict.fromkeys(("DOC04", "LIM01", "LIM02"), "refuse")
ACTIONS["TAX01"] = "warn"
RANKED = {"ORD03", "LOG04", "LIM02"}
IMPORT_ONLY = frozenset(
    {"ORD07", "ORD08", "PAY03", "PAY04", "PAY05", "LOG03", "LOG05", "LOG06", "BUY01", "BUY02"}
    | {"LIM01", "LIM02", "TAX01"}
)
IN_FORCE = IMPORT_ONLY | frozenset(
    {"DOC01", "DOC02", "DOC03", "DOC04", "ORD01", "ORD02", "ORD03", "ORD04", "ORD05", "ORD06", "PAY01", "PAY02"}
    | {"LOG01", "LOG02", "LOG04", "WGT01", "HSC01", "PTY01", "SIM01"}
)


@dataclass(frozen=True)
class Reference:
    """Reference data as loaded: codes of the HS edition, register rows, CNY per unit by (month, currency).

    `register`: None when not loaded, else (code, valid_from, valid_to). `controls`: beginning of a code, measure,
    valid_from, valid_to. `duties`: code → valid_from, valid_to, rates of tariff, VAT and consumption tax.
    """

    hs_codes: frozenset[str]
    register: list[tuple[str, date, date | None]] | None = None
    rates: dict[tuple[str, str], Decimal] | None = None
    controls: tuple[tuple[str, str, date, date], ...] = ()
    duties: dict[str, list[tuple[date, date, Decimal, Decimal, Decimal]]] | None = None


@dataclass(frozen=True)
class Case:
    """A declaration at the moment of decision, with its current lists."""

    day: date
    declared: date
    declaration: Record
    orders: list[Record]  # one or none
    payments: list[Record]
    waybills: list[Record]  # one or none
    reference: Reference

    @property
    def order(self) -> Record:
        return self.orders[0]

    @property
    def waybill(self) -> Record:
        return self.waybills[0]

    @property
    def there(self) -> dict[str, bool]:
        return {"o": bool(self.orders), "p": bool(self.payments), "w": bool(self.waybills)}

    @property
    def complete(self) -> bool:
        return all(self.there.values())

    def order_item(self, item: dict[str, str]) -> dict[str, str] | None:
        """The order's line of the same gnum."""
        return next((line for line in self.order.items if int(line["gnum"]) == int(item["gnum"])), None)


def action(rule_id: str) -> str:
    return ACTIONS.get(rule_id, "review")


def failed(case: Case, in_force: frozenset[str]) -> set[str]:
    """Every rule in force that fails, but the ranked ones (step 1 of a decision)."""
    verdict = set()
    for rule_id, needs, passes in RULES:
        if rule_id not in in_force or (rule_id in IMPORT_ONLY and case.declaration.flow != "I"):
            continue
        if all(case.there[list_] for list_ in needs) and not passes(case):
            verdict.add(rule_id)
    return verdict


def _near(a: Decimal, b: Decimal) -> bool:
    return abs(a - b) <= CENT


def _n(item: dict[str, str], element: str) -> Decimal:
    return Decimal(item[element])


def _in_time(c: Case) -> bool:
    return c.complete or (c.day - c.declared).days <= WINDOW_DAYS


def _items_correspond(c: Case) -> bool:
    for item in c.declaration.items:
        line = c.order_item(item)
        if line is None:
            return False
        if "itemNo" in item and "itemNo" in line and item["itemNo"] != line["itemNo"]:
            return False
    return True


def _same_price(c: Case) -> bool:
    pairs = [(item, c.order_item(item)) for item in c.declaration.items]
    return all(line is None or _near(_n(item, "price"), _n(line, "price")) for item, line in pairs)


def _line_total(c: Case) -> bool:
    return all(_near(_n(i, "totalPrice"), _n(i, "qty") * _n(i, "price")) for i in c.declaration.items)


def _same_currency(c: Case) -> bool:
    declared = {item["currency"] for item in c.declaration.items}
    if c.declaration.flow == "I":
        declared.add(c.declaration["currency"])
    return declared == {c.order["currency"]}


def _paid_what_was_due(c: Case) -> bool:
    if c.declaration.flow == "E":
        due = c.order.number("goodsValue") + c.order.number("freight")
        return _near(sum((p.number("charge") for p in c.payments), Decimal(0)), due)
    return _near(sum((p.number("amountPaid") for p in c.payments), Decimal(0)), c.order.number("acturalPaid"))


def _weight_agrees(c: Case) -> bool:
    declared = c.declaration.number("grossWeight")
    carried = c.waybill.number("grossWeight" if c.waybill.flow == "E" else "weight")
    return abs(carried - declared) <= declared * 5 / 100


def _hs_known(c: Case) -> bool:
    if c.declared < HS_2022:
        return True
    digits = 4 if c.declaration["statisticsFlag"] == "A" else 6
    return all(item["gcode"][:digits] in c.reference.hs_codes for item in c.declaration.items)


def _registered(c: Case) -> bool:
    if c.reference.register is None:
        return True
    codes = {c.declaration["ebpCode"], c.declaration["ebcCode"], c.declaration["logisticsCode"]}
    codes |= {p["payCode"] for p in c.payments if p["payCode"]}
    known = {code for code, since, until in c.reference.register if since <= c.declared <= (until or date.max)}
    return codes <= known


def _balanced(c: Case) -> bool:
    n = c.order.number
    return _near(n("acturalPaid"), n("goodsValue") + n("freight") + n("taxTotal") - n("discount"))


def _payer_is_buyer(c: Case) -> bool:
    buyer = (c.order["buyerIdNumber"], c.order["buyerName"])
    return all((p["payerIdNumber"], p["payerName"]) == buyer for p in c.payments)


def _transaction_named(c: Case) -> bool:
    named = c.order["payTransactionId"]
    return not named or any(p["payTransactionId"] == named for p in c.payments)


def _buyer_agrees(c: Case) -> bool:
    return all(c.declaration[e] == c.order[e] for e in ("buyerIdNumber", "buyerName"))


def _receiver_agrees(c: Case) -> bool:
    return all(c.waybill[e] == c.order[e] for e in ("consigneeTelephone", "consigneeAddress"))


def dutiable_value(c: Case) -> Decimal:
    """Σ totalPrice + freight + insuredFee in CNY, not rounded."""
    head = c.declaration
    total = sum((_n(i, "totalPrice") * _rate(c, i["currency"]) for i in head.items), Decimal(0))
    return total + (head.number("freight") + head.number("insuredFee")) * _rate(c, head["currency"])


def _rate(c: Case, currency: str) -> Decimal:
    return Decimal(1) if currency == "142" else (c.reference.rates or {})[f"{c.declared:%Y-%m}", currency]


def _single_limit(c: Case) -> bool:
    return _single_item(c) or dutiable_value(c) <= SINGLE_LIMIT


def _single_item(c: Case) -> bool:
    items = c.declaration.items
    return len(items) == 1 and _n(items[0], "qty") == 1


def _declared_tax(c: Case) -> bool:
    due = tax_due(c)
    return due is None or abs(c.order.number("taxTotal") - due) <= CENT * len(c.declaration.items)


def tax_due(c: Case) -> Decimal | None:
    """Tariff, consumption tax and VAT of every item, each rounded to the cent; None where a rate is missing."""
    head = c.declaration
    items = sorted(head.items, key=lambda item: int(item["gnum"]))
    values = [_rounded(_n(i, "totalPrice") * _rate(c, i["currency"]), FIFTH) for i in items]
    charges = sum(_rounded(head.number(e) * _rate(c, head["currency"]), FIFTH) for e in ("freight", "insuredFee"))
    if not sum(values):
        return None
    shares = [_rounded(charges * value / sum(values), FIFTH) for value in values[:-1]]
    shares.append(charges - sum(shares))
    full = _single_item(c) and sum(values) + charges > SINGLE_LIMIT
    total = Decimal(0)
    for item, value, share in zip(items, values, shares, strict=True):
        rates = (c.reference.duties or {}).get(item["gcode"], [])
        rate = next((r[2:] for r in rates if r[0] <= c.declared <= r[1]), None)
        if rate is None:
            return None
        total += _item_tax(value + share, *rate, full=full)
    return total


def _item_tax(value: Decimal, mfn: Decimal, vat: Decimal, consumption: Decimal, *, full: bool) -> Decimal:
    tariff = value * mfn if full else Decimal(0)
    share = Decimal(1) if full else RETAIL_SHARE
    inside = (value + tariff) / (1 - consumption) * consumption
    taxes = (tariff, inside * share, (value + tariff + inside) * vat * share)
    return sum((_rounded(tax, CENT) for tax in taxes), Decimal(0))


def _rounded(number: Decimal, unit: Decimal) -> Decimal:
    return number.quantize(unit, ROUND_HALF_UP)


def _simplified_allowed(c: Case) -> bool:
    if (c.declaration.flow, c.declaration["statisticsFlag"]) != ("E", "A"):
        return True
    for item in c.declaration.items:
        code = item["gcode"]
        heading = code[:4] if code.endswith("000000") else None
        for beginning, _, since, until in c.reference.controls:
            touched = code.startswith(beginning) or (heading is not None and beginning.startswith(heading))
            if touched and since <= c.declared <= until:
                return False
    return True


#: rule, the lists it needs beside the declaration (o, p, w), the test
RULES: list[tuple[str, str, Callable[[Case], bool]]] = [
    ("DOC01", "", lambda c: c.there["o"]),
    ("DOC02", "", lambda c: c.there["p"]),
    ("DOC03", "", lambda c: c.there["w"]),
    ("DOC04", "", _in_time),
    ("ORD01", "o", lambda c: c.order["ebcCode"] == c.declaration["ebcCode"]),
    ("ORD02", "o", _items_correspond),
    ("ORD04", "o", _same_price),
    ("ORD05", "", _line_total),
    ("ORD06", "o", _same_currency),
    ("ORD07", "o", _balanced),
    ("ORD08", "o", lambda c: len(c.declaration.items) == len(c.order.items)),
    ("PAY01", "op", _paid_what_was_due),
    ("PAY02", "op", lambda c: {p["currency"] for p in c.payments} == {c.order["currency"]}),
    ("PAY03", "op", _payer_is_buyer),
    ("PAY04", "op", _transaction_named),
    ("PAY05", "op", lambda c: not c.order["payCode"] or {p["payCode"] for p in c.payments} == {c.order["payCode"]}),
    ("LOG01", "w", _weight_agrees),
    ("LOG02", "w", lambda c: c.waybill.number("packNo") == c.declaration.number("packNo")),
    ("LOG03", "ow", lambda c: c.waybill["consignee"] == c.order["consignee"]),
    ("LOG05", "w", lambda c: c.waybill["orderNo"] == c.declaration["orderNo"]),
    ("LOG06", "ow", _receiver_agrees),
    ("WGT01", "", lambda c: c.declaration.number("netWeight") <= c.declaration.number("grossWeight")),
    ("HSC01", "", _hs_known),
    ("PTY01", "", _registered),
    ("BUY01", "o", _buyer_agrees),
    ("BUY02", "o", lambda c: c.declaration["buyerTelephone"] == c.order["buyerTelephone"]),
    ("LIM01", "", _single_limit),
    ("TAX01", "o", _declared_tax),
    ("SIM01", "", _simplified_allowed),
]
