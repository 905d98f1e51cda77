"""What small exporters are told, counted anew in Python from the other tables of the lake."""

from __future__ import annotations

from collections import defaultdict
from datetime import timedelta
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import duckdb

Key = tuple[str, ...]
FIFTH, CENT = Decimal("0.00001"), Decimal("0.01")
#: finance_parameters.csv
ADVANCE, RESERVE_MONTHS = Decimal("0.80"), 6
LEGS = {
    "ordered_to_paid": "released",
    "paid_to_shipped": "released",
    "shipped_to_declared": "released",
    "declared_to_released": "released",
    "released_to_closed": "closed",
    "ordered_to_closed": "closed",
}


def rows(lake: duckdb.DuckDBPyConnection, query: str) -> list[dict[str, Any]]:
    cursor = lake.execute(query)
    names = [column[0] for column in cursor.description or ()]
    return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def lines(lake: duckdb.DuckDBPyConnection) -> tuple[set[Key], set[Key]]:
    """Open lines as they are, and as findings ask for them: enterprise, document, item and rule."""
    told = {
        (line["ebc_code"], line["cop_no"], str(line["gnum"] or ""), line["rule_id"])
        for line in rows(lake, "select * from integrated_service.enterprise_worklist where closed_on is null")
        if not line["fact_key"].startswith("record|") and line["kind"] != "limit_near"
    }
    facts = {(f["ebc_code"], f["cop_no"]): f["status"] for f in rows(lake, "from clearance.clearance_facts")}
    wanted = {
        (f["ebc_code"], f["cop_no"], "", f["rule_id"])
        for f in rows(lake, "from clearance.check_findings")
        if facts[f["ebc_code"], f["cop_no"]] in {"waiting", "review", "refused"}
        and f["action"] in {"wait", "review", "refuse"}
        and not f["rule_id"].startswith("LIM")
    }
    found: dict[Any, dict[str, str]] = defaultdict(dict)
    for finding in rows(lake, "from public_service.rebate_findings"):
        found[finding["ebc_code"], finding["cop_no"], finding["gnum"]][finding["rule_id"]] = finding["action"]
    for item in rows(lake, "from public_service.rebate_eligibility"):
        key = (item["ebc_code"], item["cop_no"], item["gnum"])
        rules: set[str] = set()
        if item["verdict"] in {"pending", "blocked"}:
            rules = {rule for rule, action in found[key].items() if action in {"pending", "exclude", "block"}}
            rules -= {"REB07"} if "REB02" in rules else set()
            rules -= {"BLK06"} if item["relation_no"] is None else set()
        elif item["state"] == "pre_refunded":
            rules = {"REB19"}
        wanted |= {(key[0], key[1], str(key[2]), rule) for rule in rules}
    return told, wanted


def finance(lake: duckdb.DuckDBPyConnection) -> tuple[dict[str, Any], dict[str, Any]]:
    """Of each enterprise refunds in all weeks, granted, reversed, by heading, and its limit; told and counted."""
    told: dict[str, Any] = {}
    for row in rows(lake, "from integrated_service.enterprise_advance"):
        told[row["ebc_code"]] = {
            "refund": Decimal(0), "headings": {}, "granted": row["granted_cny"], "reversed": row["reversed_cny"],
            "share": row["returned_share"], "limit": row["advance_limit_cny"],
        }  # fmt: skip
    as_of = {row["ebc_code"]: row["as_of"] for row in rows(lake, "from integrated_service.enterprise_advance")}
    held = {row["ebc_code"]: row["held_cny"] for row in rows(lake, "from integrated_service.enterprise_advance")}
    to_come: dict[str, Decimal] = defaultdict(Decimal)
    for week in rows(lake, "from integrated_service.enterprise_rebate_finance"):
        assert week["week"].weekday() == 0
        told[week["ebc_code"]]["refund"] += week["complete_cny"]
        if week["week"] + timedelta(days=6) >= as_of[week["ebc_code"]]:
            to_come[week["ebc_code"]] += week["complete_cny"]
    for row in rows(lake, "from integrated_service.enterprise_concentration where kind = 'commodity'"):
        told[row["ebc_code"]]["headings"][row["name"]] = row["refund_cny"]

    goods = {(g["ebc_code"], g["cop_no"], g["gnum"]): g for g in rows(lake, "from clearance.clearance_items")}
    counted: dict[str, Any] = {
        code: {"refund": Decimal(0), "headings": defaultdict(Decimal), "granted": Decimal(0), "reversed": Decimal(0)}
        for code in told
    }
    exported: dict[str, Decimal] = defaultdict(Decimal)
    returned: dict[str, Decimal] = defaultdict(Decimal)
    for item in rows(lake, "from public_service.rebate_eligibility"):
        code, good = item["ebc_code"], goods[item["ebc_code"], item["cop_no"], item["gnum"]]
        counted[code]["refund"] += item["refund_amount"]
        if item["refund_amount"]:
            counted[code]["headings"][good["hs_code"][:4]] += item["refund_amount"]
        month = item["export_date"].year * 12 + item["export_date"].month
        if month >= as_of[code].year * 12 + as_of[code].month - RESERVE_MONTHS:
            exported[code] += good["value_cny"]
            abroad = _part(good["value_cny"], good["qty"] - good["returned_qty"], good["qty"])
            returned[code] += good["value_cny"] - abroad
    for entry in rows(lake, "from public_service.rebate_entries"):
        counted[entry["ebc_code"]]["granted" if entry["amount"] > 0 else "reversed"] += abs(entry["amount"])
    for code, sums in counted.items():
        share = _part(Decimal(1), returned[code], exported[code]) if exported[code] else Decimal(0)
        reserve = (to_come[code] * share).quantize(CENT, ROUND_HALF_UP)
        rated = (to_come[code] * ADVANCE).quantize(CENT, ROUND_HALF_UP)
        sums |= {"share": share, "limit": max(Decimal(0), rated - held[code] - reserve)}
    return told, counted


def forex(lake: duckdb.DuckDBPyConnection) -> tuple[dict[Key, Any], dict[Key, Any]]:
    """Of each enterprise and currency what is declared, has come and is open; told and counted item by item."""
    told = {
        (row["ebc_code"], row["currency"]): (row["items"], row["declared"], row["come"], row["open"])
        for row in rows(lake, "select *, received + netted as come from integrated_service.enterprise_forex")
    }
    come: dict[Any, Decimal] = defaultdict(Decimal)
    for part in rows(lake, "from public_service.forex_allocations"):
        come[part["ebc_code"], part["cop_no"], part["gnum"]] += part["amount"]
    counted: dict[Key, Any] = defaultdict(lambda: (0, Decimal(0), Decimal(0), Decimal(0)))
    goods = {(g["ebc_code"], g["cop_no"], g["gnum"]): g for g in rows(lake, "from clearance.clearance_items")}
    for item in rows(lake, "from public_service.rebate_eligibility"):
        key = (item["ebc_code"], item["cop_no"], item["gnum"])
        good = goods[key]
        due = _part(good["total_price"], good["qty"] - good["returned_qty"], good["qty"])
        account = (item["ebc_code"], good["currency"])
        parts = (1, good["total_price"], come[key], max(Decimal(0), due - come[key]))
        counted[account] = tuple(a + b for a, b in zip(counted[account], parts, strict=True))
    return told, dict(counted)


def parcels(lake: duckdb.DuckDBPyConnection) -> tuple[dict[Key, Any], dict[Key, Any]]:
    """Of each enterprise and leg the parcels of all months and their whole hours; told and counted by events."""
    told: dict[Key, Any] = defaultdict(lambda: (0, 0))
    for row in rows(lake, "from integrated_service.enterprise_logistics where leg <> 'all'"):
        key = (row["ebc_code"], row["leg"])
        told[key] = (told[key][0] + row["parcels"], told[key][1] + int(row["hours_sum"]))
    times: dict[Key, dict[str, Any]] = defaultdict(dict)
    for event in rows(lake, "from clearance.tracking_events"):
        seen = times[event["ebc_code"], event["cop_no"]]
        seen[event["event"]] = min(event["at"], seen.get(event["event"], event["at"]))
    counted: dict[Key, Any] = defaultdict(lambda: (0, 0))
    for (code, _), seen in times.items():
        for leg, condition in LEGS.items():
            first, last = leg.split("_to_")
            if {"released", condition, first, last} <= seen.keys():
                hours = round((seen[last] - seen[first]).total_seconds() / 3600)
                counted[code, leg] = (counted[code, leg][0] + 1, counted[code, leg][1] + hours)
    return dict(told), dict(counted)


def scorecard(lake: duckdb.DuckDBPyConnection) -> list[dict[str, Any]]:
    """Rows whose peers are not the other enterprises of their week, or whose median is not theirs."""
    alike: dict[Key, list[dict[str, Any]]] = defaultdict(list)
    for row in rows(lake, "from integrated_service.enterprise_scorecard"):
        names = ("week", "measure", "list", "source_id", "rule_id")
        alike[tuple(str(row[name]) for name in names)].append(row)
    wrong = []
    for same in alike.values():
        for row in same:
            others = sorted(other["share"] for other in same if other is not row)
            middle = (others[(len(others) - 1) // 2] + others[len(others) // 2]) / 2 if len(others) >= 5 else None
            median = None if middle is None else middle.quantize(FIFTH, ROUND_HALF_UP)
            share = Decimal(row["hits"] * 100000 / row["total"]).quantize(Decimal(1), ROUND_HALF_UP) * FIFTH
            if (row["peers"], row["peer_median"], row["share"]) != (len(others), median, share):
                wrong.append(row)
    return wrong


def _part(amount: Decimal, part: Decimal, whole: Decimal) -> Decimal:
    """An amount × part ÷ whole to five decimals, half up."""
    exact = Fraction(amount) * Fraction(part) / Fraction(whole)
    return Decimal((2 * exact.numerator * 100000 + exact.denominator) // (2 * exact.denominator)) * FIFTH
