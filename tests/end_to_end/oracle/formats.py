"""FMT02–FMT07: is one record well written? (semantics, "Files and fields")."""

from __future__ import annotations

import re
from datetime import date, datetime

from .records import Field, Record, fields

INT_MAX = 2**31 - 1  # XSD int
ALWAYS = "00000000"
SINCE_2020 = "20200701"  # announcement 2020 No. 75: the B2B modes

#: code list → code → first day it may be used
MARKS: dict[str, dict[str, str]] = {
    "app_type": dict.fromkeys("123", ALWAYS),
    "app_status": dict.fromkeys("12", ALWAYS),
    "order_type_import": {"I": ALWAYS},
    "order_type_export": {"E": ALWAYS, "B": SINCE_2020, "W": SINCE_2020},
    "ie_flag": dict.fromkeys("IE", ALWAYS),
    "statistics_flag": dict.fromkeys("AB", ALWAYS),
    "id_type": dict.fromkeys("12", ALWAYS),
    "fee_mark": dict.fromkeys("123", ALWAYS),
    "trade_mode_import": dict.fromkeys(("9610", "1210", "1239"), ALWAYS),
    "trade_mode_export": dict.fromkeys(("9610", "1210", "1239"), ALWAYS) | dict.fromkeys(("9710", "9810"), SINCE_2020),
    "unit": dict.fromkeys(("001", "007", "011", "035", "036"), ALWAYS),
}
#: the codes the generated worlds use; every other code they write is in no list
CODES: dict[str, dict[str, dict[str, str]]] = {
    "customs": {
        "currency": dict.fromkeys(("142", "502", "110"), ALWAYS),
        "country": dict.fromkeys(("142", "502", "110"), ALWAYS),
    },
    "iso": {
        "currency": dict.fromkeys(("CNY", "USD", "HKD"), ALWAYS),
        "country": dict.fromkeys(("CHN", "USA", "HKG"), ALWAYS),
    },
}
WITH_ITEMS = {"order", "declaration"}
NUMBERED = {"order", "declaration", "departure"}


def faults(record: Record) -> list[str]:
    """The record rules that fail, sorted; empty for a good record."""
    failed: set[str] = set()
    table = fields(record.message, record.source.edition)
    for level, parts in (("head", [record.head]), ("item", record.items)):
        for part in parts:
            for field in (f for f in table if f.level == level):
                failed |= _field_faults(record, field, part.get(field.element, ""))
    if record.list in NUMBERED:
        numbers = [int(item["gnum"]) for item in record.items if _whole(item.get("gnum", ""), INT_MAX)]
        if len(numbers) != len(set(numbers)):
            failed.add("FMT05")
    if record.list in WITH_ITEMS and not record.items:
        failed.add("FMT06")
    if record.list == "declaration" and any(("unit2" in item) != ("qty2" in item) for item in record.items):
        failed.add("FMT07")
    return sorted(failed)


def _field_faults(record: Record, field: Field, value: str) -> set[str]:
    if not value:
        return {"FMT02"} if field.mandatory and field.element not in record.source.relaxed else set()
    if not fits(field.type, value):
        return {"FMT03"}
    if field.code_list and not _known(record, field.code_list, value):
        return {"FMT04"}
    return set()


def fits(type_: str, value: str) -> bool:
    """FMT03 for one trimmed, non-empty value."""
    if type_ in ("C14", "C8"):  # every C14 and C8 of the field tables is a time or a date
        return _real(value, int(type_[1:]))
    if type_ == "N19,5":
        return _decimal(value, whole=14, fraction=5)
    if type_ == "int":
        return _whole(value, INT_MAX)
    if number := re.fullmatch(r"N(\d+),0", type_):
        return _whole(value, 10 ** int(number[1]) - 1)
    shortest, up_to, longest = type_.removeprefix("C").partition("..")
    if not up_to:
        return len(value) == int(shortest)
    return int(shortest or 1) <= len(value) <= int(longest)


def _decimal(value: str, whole: int, fraction: int) -> bool:
    match = re.fullmatch(r"[+-]?([0-9]*)(?:\.([0-9]*))?", value)
    if not match or not (match[1] or match[2]):
        return False
    return len(match[1].lstrip("0")) <= whole and len((match[2] or "").rstrip("0")) <= fraction


def _whole(value: str, largest: int) -> bool:
    return bool(re.fullmatch(r"[+-]?[0-9]+", value)) and abs(int(value)) <= largest


def _real(value: str, length: int) -> bool:
    if len(value) != length or not re.fullmatch(r"[0-9]+", value):
        return False
    try:
        datetime.strptime(value, "%Y%m%d%H%M%S" if length == len("YYYYMMDDhhmmss") else "%Y%m%d")
    except ValueError:
        return False
    return value[12:14] < "60"  # strptime knows leap seconds 60 and 61


def _known(record: Record, code_list: str, value: str) -> bool:
    since = (CODES[record.source.code_lists] | MARKS)[code_list].get(value)
    applied = record["appTime"] if fits("C14", record["appTime"]) else f"{date.max:%Y%m%d}"
    return since is not None and applied[:8] >= since
