"""The three steps of a decision, and closing (semantics, "Decisions")."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING

from .rules import Case, action, dutiable_value, failed

if TYPE_CHECKING:
    from .oracle import Life, Oracle

ANNUAL_LIMIT = Decimal(26000)
DONE = {"released", "closed", "returned"}


def decide(oracle: Oracle, day: date) -> None:
    """Decide every declaration that is waiting, in review, new or changed."""
    living = [life for life in oracle.lives.values() if not life.cancelled]
    open_ = [life for life in living if life.fresh or life.status in ("waiting", "review")]
    cases = {id(life): _case(oracle, life, day) for life in open_}
    verdicts = {id(life): failed(cases[id(life)], oracle.in_force) for life in open_}

    refused_now = {i for i, rules in verdicts.items() if any(action(r) == "refuse" for r in rules)}
    standing = [
        life for life in living if id(life) not in refused_now and (id(life) in verdicts or life.status != "refused")
    ]
    standing.sort(key=_rank)
    of_order = _grouped(standing, lambda life: life.record.order_reference)
    of_waybill = _grouped(standing, lambda life: life.record.waybill_reference)
    for life in standing:
        if id(life) not in verdicts:
            continue
        if "ORD03" in oracle.in_force and _exceeds_order(cases[id(life)], of_order[life.record.order_reference]):
            verdicts[id(life)].add("ORD03")
        waybill = life.record.waybill_reference
        if "LOG04" in oracle.in_force and all(waybill) and of_waybill[waybill][0] is not life:
            verdicts[id(life)].add("LOG04")
    if "LIM02" in oracle.in_force:
        _annual_limit(oracle, standing, cases, verdicts)
    for life in open_:
        _settle(life, cases[id(life)], verdicts[id(life)], day)


def close(oracle: Oracle, day: date) -> None:
    """Released ones whose goods have left (export) or were signed for (import)."""
    del day
    for life in oracle.lives.values():
        if life.cancelled or life.status not in ("released", "closed"):
            continue
        if life.status == "closed" and oracle.readings.close_is_final:
            continue
        times = oracle.events[life.record.flow].get(life.record.waybill_reference)
        if times and all(life.record.waybill_reference):
            life.status = "closed"
            life.closed_at = datetime.strptime(min(times), "%Y%m%d%H%M%S")


def list_usage(oracle: Oracle) -> list[tuple[str, str, tuple[str, ...], str]]:
    """(list, source_id, key, usage) of every current order, payment, waybill."""
    living = [life for life in oracle.lives.values() if not life.cancelled]
    of_order = _grouped(living, lambda life: life.record.order_reference)
    of_waybill = _grouped(living, lambda life: life.record.waybill_reference)
    rows = []
    for list_name, current in oracle.current.items():
        for key, record in current.items():
            if list_name == "waybill":
                naming = of_waybill.get(record.waybill_reference, [])
            else:
                naming = of_order.get(record.order_reference, [])
            usage = "matched" if any(all(life.has) for life in naming) else "waiting" if naming else "unclaimed"
            rows.append((list_name, record.source.source_id, key, usage))
    return rows


def _grouped(lives: list[Life], by: Callable[[Life], tuple[str, str]]) -> dict[tuple[str, str], list[Life]]:
    groups: dict[tuple[str, str], list[Life]] = {}
    for life in lives:
        groups.setdefault(by(life), []).append(life)
    return groups


def _case(oracle: Oracle, life: Life, day: date) -> Case:
    declaration = life.record
    payments = [p for p in oracle.current["payment"].values() if p.order_reference == declaration.order_reference]
    return Case(
        day=day,
        declared=life.declared,
        declaration=declaration,
        orders=[o for o in [oracle.current["order"].get(declaration.order_reference)] if o],
        payments=payments,
        waybills=[w for w in [oracle.current["waybill"].get(declaration.waybill_reference)] if w],
        reference=oracle.reference,
    )


def _rank(life: Life) -> tuple[bool, str, tuple[str, ...]]:
    return (life.status not in DONE, life.record["appTime"], life.record.key)


def _exceeds_order(case: Case, of_the_order: list[Life]) -> bool:
    """`of_the_order`: the standing declarations that name the order, in rank."""
    if not case.orders:
        return False
    ordered = {int(line["gnum"]): Decimal(line["qty"]) for line in case.order.items}
    running: dict[int, Decimal] = {}
    for life in of_the_order:
        for item in life.record.items:
            gnum = int(item["gnum"])
            running[gnum] = running.get(gnum, Decimal(0)) + Decimal(item["qty"])
        if life.record is case.declaration:
            break
    own = [int(item["gnum"]) for item in case.declaration.items]
    return any(gnum in ordered and running[gnum] > ordered[gnum] for gnum in own)


def _annual_limit(oracle: Oracle, standing: list[Life], cases: dict[int, Case], verdicts: dict[int, set[str]]) -> None:
    totals: dict[tuple[str, int], Decimal] = {}
    for life in standing:  # released and closed come first in the rank, so their totals stand before any new one
        held = any(action(rule) != "warn" for rule in verdicts.get(id(life), ()))
        if life.record.flow != "I" or held:
            continue
        buyer = (life.record["buyerIdNumber"], life.declared.year)
        case = cases.get(id(life)) or _case(oracle, life, life.run_date)
        with_this = totals.get(buyer, Decimal(0)) + dutiable_value(case)
        if id(life) in verdicts and with_this > ANNUAL_LIMIT:
            verdicts[id(life)].add("LIM02")
        else:
            totals[buyer] = with_this


def _settle(life: Life, case: Case, rules: set[str], day: date) -> None:
    actions = {action(rule) for rule in rules}
    life.status = next(
        (s for a, s in (("refuse", "refused"), ("wait", "waiting"), ("review", "review")) if a in actions), "released"
    )
    life.run_date = day
    life.failed_rules = sorted(rules)
    life.findings = {rule: life.findings.get(rule, day) for rule in life.failed_rules}
    life.has = (case.there["o"], case.there["p"], case.there["w"])
    if case.complete and life.matched_on is None:
        life.matched_on = day
    if life.status == "released":
        life.released_on = day
