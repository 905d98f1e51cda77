"""What a list is: its messages, fields, types and keys. No input or output of data.

Source: CEB interface specification, editions of 2018 (announcement No. 113) and of May 2022,
whose field tables are the seeds `message_fields.csv` (received) and `exchange_fields.csv` (sent).
Beside the national messages there are *papers*: what departments and enterprises send about exports. No standard
gives them a message, so they have field tables of our own and come in local formats only.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import cache

from sandan.home import PROJECT

FIELD_TABLE = PROJECT / "dbt_project" / "seeds" / "message_fields.csv"
#: of what the project sends itself (`sandan.exchange`)
EXCHANGE_FIELD_TABLE = PROJECT / "dbt_project" / "seeds" / "exchange_fields.csv"
EDITIONS = ("2018", "202205")

#: list → the raw table of its heads and of its items (None where a record has no items)
TABLES: dict[str, tuple[str, str | None]] = {
    "order": ("orders", "order_items"),
    "payment": ("payments", None),
    "waybill": ("waybills", None),
    "declaration": ("declarations", "declaration_items"),
    "arrival": ("arrivals", "arrival_items"),
    "departure": ("departures", "departure_items"),
    "waybill_status": ("waybill_statuses", None),
    "cancellation": ("cancellations", None),
    "return": ("returns", "return_items"),
    # papers
    "taxpayer": ("taxpayers", None),
    "invoice": ("invoices", "invoice_items"),
    "forex": ("forex", "forex_items"),
    "rebate_rate": ("rebate_rates", None),
    "zone_registration": ("zone_registrations", None),
    "hold": ("holds", None),
    "closing": ("closings", "closing_items"),
    "inspection": ("inspections", None),
    "export_claim": ("export_claims", None),
    "purchase_claim": ("purchase_claims", None),
    "vat_return": ("vat_returns", None),
    "overseas_sale": ("overseas_sales", None),
}

#: columns that name, number or locate a person
PERSONAL = (
    "buyer_id_number", "buyer_name", "buyer_telephone", "buyer_reg_no", "payer_id_number", "payer_name", "telephone",
    "consignee", "consignee_telephone", "consignee_address", "consignee_district",
)  # fmt: skip
#: columns in which a sender writes what it likes, about persons too
FREE_TEXT = ("note",)
#: columns in which a sender tells of a parcel in its own words; no list names a person there, but nothing keeps one out
OWN_WORDS = ("reason", "item_describe", "goods_info")


@dataclass(frozen=True)
class Field:
    """One element of a message: `type` as in the specification (C..n, Cn, N19,5, int), or YYYYMM."""

    element: str
    column: str
    level: str  # head or item; transfer, of an application that the project sends
    type: str
    mandatory: bool
    may_be_empty: bool
    code_list: str
    key_part: int  # 0: not part of the key
    used_by: tuple[str, ...]  # rules that read it


@dataclass(frozen=True)
class Message:
    """One national message, e.g. CEB303: the record element, and the element of its items. Of a paper: no elements."""

    code: str
    list: str
    flow: str  # E or I
    record: str
    head: str | None  # element that wraps the head, None where the head's fields lie in the record itself
    item: str | None


NATIONAL: dict[str, Message] = {
    m.code: m
    for m in (
        Message("CEB303", "order", "E", "Order", "OrderHead", "OrderList"),
        Message("CEB311", "order", "I", "Order", "OrderHead", "OrderList"),
        Message("CEB403", "payment", "E", "Receipts", None, None),
        Message("CEB411", "payment", "I", "Payment", "PaymentHead", None),
        Message("CEB505", "waybill", "E", "Logistics", None, None),
        Message("CEB511", "waybill", "I", "Logistics", "LogisticsHead", None),
        Message("CEB603", "declaration", "E", "Inventory", "InventoryHead", "InventoryList"),
        Message("CEB621", "declaration", "I", "Inventory", "InventoryHead", "InventoryList"),
        Message("CEB507", "arrival", "E", "Arrival", "ArrivalHead", "ArrivalList"),
        Message("CEB509", "departure", "E", "Departure", "DepartureHead", "DepartureList"),
        Message("CEB513", "waybill_status", "I", "LogisticsStatus", None, None),
        Message("CEB605", "cancellation", "E", "InvtCancel", None, None),
        Message("CEB623", "cancellation", "I", "InvtCancel", None, None),
        Message("CEB213", "return", "E", "InvtRefund", "InvtRefundHead", "InvtRefundList"),
        Message("CEB625", "return", "I", "InvtRefund", "InvtRefundHead", "InvtRefundList"),
    )
}
PAPERS: dict[str, Message] = {
    code: Message(code, list_name, "E", record="", head=None, item=TABLES[list_name][1])
    for code, list_name in (
        ("SD01", "taxpayer"),
        ("SD02", "invoice"),
        ("SD03", "forex"),
        ("SD04", "rebate_rate"),
        ("SD05", "zone_registration"),
        ("SD06", "hold"),
        ("SD07", "closing"),
        ("SD08", "inspection"),
        ("SD09", "export_claim"),
        ("SD10", "purchase_claim"),
        ("SD11", "vat_return"),
        ("SD12", "overseas_sale"),
    )
}
MESSAGES = NATIONAL | PAPERS

#: parts of a key that may be absent: the number of a receipt of payment, the code of an invoice that has 20 digits
OPTIONAL_KEY_PARTS = ("payNo", "invoiceCode")

#: messages of the specification that no list takes: receipts, master lists, summaries, tax bills
OTHER_MESSAGES = frozenset(
    f"CEB{n}"
    for n in (
        "214 215 216 304 312 404 412 506 508 510 512 514 604 606 607 608 622 624 626 701 702 711 712 792 816 818 900"
    ).split()
)


@cache
def fields(message: str, edition: str) -> tuple[Field, ...]:
    """The elements of `message` in `edition`, heads before items, in the order of the specification.

    A message that came with the later edition has one table; a source of the edition before is held to that one.
    """
    tables = _field_tables()
    return tables.get((message, edition)) or tables[message, next(e for e in EDITIONS if (message, e) in tables)]


@cache
def columns(list_name: str, level: str) -> tuple[str, ...]:
    """The columns of a list's raw table: every element of its messages, both flows and editions."""
    names: dict[str, None] = {}
    for message in MESSAGES.values():
        if message.list == list_name:
            for edition in EDITIONS:
                names.update(dict.fromkeys(f.column for f in fields(message.code, edition) if f.level == level))
    return tuple(names)


@cache
def columns_of(message: Message, level: str) -> tuple[str, ...]:
    """The columns that a message is read into: those of its list, or of a message that no list takes, its own."""
    if message.list in TABLES:
        return columns(message.list, level)
    known = (f for edition in EDITIONS for f in fields(message.code, edition))
    return tuple(dict.fromkeys(f.column for f in known if f.level == level))


@cache
def restricted(message: Message, level: str | None = None) -> frozenset[str]:
    """The columns of a message, or of one level of it, that go when persons are forgotten: no codes are among them."""
    wanted = {*PERSONAL, *FREE_TEXT, *OWN_WORDS}
    known = (f for edition in EDITIONS for f in fields(message.code, edition) if level in (None, f.level))
    return frozenset(f.column for f in known if f.column in wanted and not f.code_list)


@cache
def _field_tables() -> dict[tuple[str, str], tuple[Field, ...]]:
    tables: dict[tuple[str, str], list[Field]] = {}
    for table in (FIELD_TABLE, EXCHANGE_FIELD_TABLE):
        with table.open(encoding="utf-8", newline="") as file:
            for row in csv.DictReader(file):
                tables.setdefault((row["message"], row["edition"]), []).append(_field(row))
    return {key: tuple(value) for key, value in tables.items()}


def _field(row: dict[str, str]) -> Field:
    return Field(
        element=row["element"],
        column=row["column_name"],
        level=row["level"],
        type=row["type"],
        mandatory=row["presence"] == "M",
        may_be_empty=row["may_be_empty"] == "true",
        code_list=row["code_list"],
        key_part=int(row["key_part"] or 0),
        used_by=tuple(row["used_by"].split()),
    )
