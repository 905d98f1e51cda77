"""The story of a declaration, for whoever must find out which side is wrong."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from .oracle import EVENTS, Oracle
from .published import View, differences
from .records import Record

SHOWN = 10
TELLING: tuple[str, ...] = (
    "appType",
    "appStatus",
    "appTime",
    "ebpCode",
    "orderNo",
    "logisticsCode",
    "logisticsNo",
    "copNo",
    "invtNo",
)
TELLING += ("payNo", "payTransactionId", "currency", "charge", "amountPaid", "goodsValue", "freight", "acturalPaid")
TELLING += ("grossWeight", "netWeight", "weight", "packNo", "statisticsFlag", "leaveTime", "logisticsTime")
OF_ITEMS = ("gnum", "itemNo", "qty", "price", "totalPrice", "currency", "gcode", "logisticsNo")


def report(oracle: Oracle, name: str, said: View, found: View) -> str:
    """'' if both agree, else the first differences, each with its story."""
    wrong = differences(said, found)
    if not wrong:
        return ""
    lines = [f"\n{name}: {len(wrong)} of {len(said)} rows differ"]
    for key, ours, theirs in wrong[:SHOWN]:
        lines += ["", f"  {_text(key)}", f"    oracle:    {_text(ours)}", f"    published: {_text(theirs)}"]
        lines += [f"      {line}" for line in _story(oracle, name, key)]
    return "\n".join(lines)


def _text(value: Any) -> str:
    return "(no row)" if value is None else ", ".join(map(str, value)) if isinstance(value, tuple) else str(value)


def _story(oracle: Oracle, name: str, key: tuple[Any, ...]) -> Iterable[str]:
    records = [record for file in oracle.files for record in file.records]
    if name in ("quarantine", "states"):
        place = (key[0], key[1], key[2], key[3])
        at = [r for r in records if (r.run_date, r.source.source_id, r.path, r.position) == place]
        versioned = [one for one in at if one.list not in EVENTS]
        records = [r for r in records if any((r.list, r.key) == (one.list, one.key) for one in versioned)] or at
    elif name in ("facts", "findings"):
        records = list(_around(records, (key[0], key[1])))
    else:
        return []
    return [_line(record) for record in sorted(records, key=lambda r: (r.run_date, r.order_of_application))]


def _around(records: list[Record], key: tuple[str, str]) -> Iterable[Record]:
    """The declaration's own records, those of its lists, and the other declarations that share one."""
    own = [r for r in records if r.list in ("declaration", "cancellation") and r.key == key]
    orders = {r.order_reference for r in own if r["orderNo"] and r.list == "declaration"}
    waybills = {r.waybill_reference for r in own if r["logisticsNo"] and r.list == "declaration"}
    for record in records:
        carried = {(record["logisticsCode"], item.get("logisticsNo", "")) for item in record.items}
        departs = record.list == "departure" and carried & waybills
        if record in own or departs or record.order_reference in orders or record.waybill_reference in waybills:
            yield record


def _line(record: Record) -> str:
    head = " ".join(f"{element}={record[element]}" for element in TELLING if record[element])
    items = " ".join("[" + " ".join(f"{e}={i[e]}" for e in OF_ITEMS if e in i) + "]" for i in record.items)
    state = " ".join([record.state, *record.rules])
    place = f"{record.source.source_id}/{record.path}#{record.position}"
    return f"{record.run_date} {record.message} {'/'.join(record.key)} → {state} | {head} {items} | {place}"
