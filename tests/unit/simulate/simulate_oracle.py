"""How it is decided, once more and slowly: design/semantics.md in plain Python, to check the simulator's truth.

It takes what the truth says about FMT rules and files as given and works out everything else from the landing:
versions, statuses, failed rules, taxes, the two limits, closing, returns.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import TYPE_CHECKING

from sandan.home import PROJECT

if TYPE_CHECKING:
    from pathlib import Path

    from simulate_landed import Landed

Key = tuple[str, ...]
ACTIONS = {
    "DOC04": "refuse",
    "DOC01": "wait",
    "DOC02": "wait",
    "DOC03": "wait",
    "TAX01": "warn",
    "LIM01": "refuse",
    "LIM02": "refuse",
}
GONE = {"released", "closed", "returned"}
CENT = Decimal("0.01")


def num(text: str | None) -> Decimal:
    return Decimal(text or "0")


def near(a: Decimal, b: Decimal) -> bool:
    return abs(a - b) <= Decimal("0.01")


def key_of(record: Landed) -> Key:
    h = record.head
    if record.list == "order":
        return (h["ebpCode"], h["orderNo"])
    if record.list == "waybill":
        return (h["logisticsCode"], h["logisticsNo"])
    if record.list == "payment":
        return (h["payCode"], h["payTransactionId"]) if record.flow == "I" else (
            h["ebpCode"], h["orderNo"], h.get("payNo", ""))  # fmt: skip
    return (h["ebcCode"], h["copNo"])


@dataclass
class Declared:
    status: str = ""
    failed: tuple[str, ...] = ()
    declared: date = date(1, 1, 1)
    changed: bool = True
    released: date = date(1, 1, 1)
    restored: Decimal = Decimal(0)
    returned: dict[Decimal, Decimal] = field(default_factory=dict)
    in_time: bool = True


@dataclass
class Oracle:
    """Feed it one run after another, in the order of dates."""

    register: Path
    current: dict[str, dict[Key, Landed]] = field(
        default_factory=lambda: {"order": {}, "payment": {}, "waybill": {}, "declaration": {}}
    )
    told: dict[Key, Declared] = field(default_factory=dict)
    gone: set[Key] = field(default_factory=set)
    returns: list[Landed] = field(default_factory=list)

    def __post_init__(self) -> None:
        with self.register.open(encoding="utf-8") as file:
            self.parties = {r["party_code"]: r["valid_to"] for r in csv.DictReader(file)}
        with (PROJECT / "dbt_project/seeds/hs_codes.csv").open(encoding="utf-8") as file:
            self.codes = {r["hs_code"] for r in csv.DictReader(file)}
        with (PROJECT / "dbt_project/seeds/import_rates.csv").open(encoding="utf-8") as file:
            self.rates = {r["hs_code"]: r for r in csv.DictReader(file) if not r["valid_to"]}

    def run(self, run_date: date, records: list[Landed]) -> None:
        """Apply the records of a run that passed FMT, then decide."""
        before = {key: d.status for key, d in self.told.items()}
        for record in sorted(records, key=lambda r: (r.head["appTime"], r.path, r.position, r.source_id)):
            self._apply(record, before)
        self._decide(run_date)
        self._return()

    # versions

    def _apply(self, record: Landed, before: dict[Key, str]) -> None:
        if record.head["appStatus"] == "1":
            record.state = "draft"
        elif record.list in {"arrival", "departure", "status", "return"}:
            record.state = "accepted"
            names = record.items if record.list == "departure" else [record.head]
            if record.list == "return":
                self.returns.append(record)
            elif record.list != "arrival":
                self.gone |= {(record.head["logisticsCode"], n["logisticsNo"]) for n in names}
        elif record.list == "cancellation":
            self._cancel(record, before)
        else:
            self._change(record.list, record, before, record.head["appType"])

    def _cancel(self, record: Landed, before: dict[Key, str]) -> None:
        if record.head.get("copNo"):
            self._change("declaration", record, before, "3")
            return
        key = self._by_number(record)
        named = replace(record, head=record.head | {"ebcCode": key[0], "copNo": key[1]})
        self._change("declaration", named, before, "3")
        record.state, record.rule = named.state, named.rule

    def _by_number(self, record: Landed) -> Key:
        number = record.head["invtNo"]
        found = (k for k, d in self.current["declaration"].items() if d.head.get("invtNo") == number)
        return next(found, ("", ""))

    def _change(self, list_name: str, record: Landed, before: dict[Key, str], app_type: str) -> None:
        key, current = key_of(record), self.current[list_name]
        old = current.get(key)
        if app_type == "1":
            record.state = "duplicate" if old else "accepted"
        elif old is None:
            record.state, record.rule = "quarantined", "VER03"
        elif self._released(list_name, old, before):
            record.state, record.rule = "quarantined", "VER04"
        elif record.head["appTime"] <= old.head["appTime"]:
            record.state = "stale"
        else:
            record.state, old.state = "accepted", "superseded"
        if record.state != "accepted":
            return
        if app_type == "3":
            del current[key]
        else:
            current[key] = record
        if list_name == "declaration":
            told = self.told.setdefault(key, Declared())
            if app_type == "3":
                told.status = "cancelled"
            elif app_type == "1":
                self.told[key] = Declared(declared=day_of(record.head["appTime"]))
            else:
                told.changed = True

    def _released(self, list_name: str, old: Landed, before: dict[Key, str]) -> bool:
        h = old.head
        for key, d in self.current["declaration"].items():
            if before.get(key) not in GONE:
                continue
            if list_name == "declaration" and key == key_of(old):
                return True
            if list_name in {"order", "payment"} and (h["ebpCode"], h["orderNo"]) == order_of(d):
                return True
            if list_name == "waybill" and key_of(old) == waybill_of(d):
                return True
        return False

    # decisions

    def _decide(self, run_date: date) -> None:  # noqa: C901 - three steps
        live = self.current["declaration"]
        payments: dict[Key, list[Landed]] = {}
        for p in self.current["payment"].values():
            payments.setdefault((p.head["ebpCode"], p.head["orderNo"]), []).append(p)
        open_ = [key for key in live if self._is_open(self.told[key])]
        failed: dict[Key, set[str]] = {}
        for key in open_:
            failed[key] = self._one(live[key], payments.get(order_of(live[key]), []), run_date, self.told[key].declared)
        refused = {k for k in open_ if any(ACTIONS.get(r) == "refuse" for r in failed[k])}
        ranked = sorted(
            (k for k in live if k not in refused and (k in failed or self.told[k].status != "refused")),
            key=lambda k: (self.told[k].status not in GONE, live[k].head["appTime"], k),
        )
        shipped: dict[tuple[Key, Decimal], Decimal] = {}
        waybills: set[Key] = set()
        for key in ranked:
            d = live[key]
            order = self.current["order"].get(order_of(d))
            lines = {num(i["gnum"]): num(i["qty"]) for i in order.items} if order else {}
            for item in d.items:
                at = (order_of(d), num(item["gnum"]))
                shipped[at] = shipped.get(at, Decimal(0)) + num(item["qty"])
                if key in failed and num(item["gnum"]) in lines and shipped[at] > lines[num(item["gnum"])]:
                    failed[key].add("ORD03")
            if waybill_of(d) in waybills and key in failed:
                failed[key].add("LOG04")
            waybills.add(waybill_of(d))
        self._judge_year(
            [k for k in ranked if live[k].flow == "I" and k in failed and not failed[k] - {"TAX01"}], failed
        )
        for key in open_:
            told, actions = self.told[key], {ACTIONS.get(rule, "review") for rule in failed[key]}
            told.failed, told.changed = tuple(sorted(failed[key])), False
            told.status = next(
                (s for a, s in (("refuse", "refused"), ("wait", "waiting"), ("review", "review")) if a in actions),
                "released",
            )
            if told.status == "released":
                told.released = run_date
        for key, d in live.items():
            if self.told[key].status == "released" and waybill_of(d) in self.gone:
                self.told[key].status = "closed"

    def _judge_year(self, candidates: list[Key], failed: dict[Key, set[str]]) -> None:
        """LIM02: in rank order, each that fits is admitted."""
        live, totals = self.current["declaration"], dict[tuple[str, int], Decimal]()
        for key, d in live.items():
            if d.flow == "I" and self.told[key].status in GONE:
                at = (d.head["buyerIdNumber"], self.told[key].declared.year)
                totals[at] = totals.get(at, Decimal(0)) + dutiable(d) - self.told[key].restored
        for key in candidates:
            at = (live[key].head["buyerIdNumber"], self.told[key].declared.year)
            total = totals.get(at, Decimal(0)) + dutiable(live[key])
            if total > 26000:
                failed[key].add("LIM02")
            else:
                totals[at] = total

    def _return(self) -> None:
        """What has come back so far, of every declaration that is released by now."""
        latest: dict[tuple[Key, str], Landed] = {}
        for record in sorted(self.returns, key=lambda r: (r.head["appTime"], r.path, r.position)):
            key = (record.head["ebcCode"], record.head.get("copNo") or record.head.get("coElNo", ""))
            latest[key if key in self.told else self._by_number(record), record.head["guid"]] = record
        for key in {key for key, _ in latest if key in self.current["declaration"] and self.told[key].status in GONE}:
            d, told = self.current["declaration"][key], self.told[key]
            back: dict[Decimal, Decimal] = {}
            for record in (r for (k, _), r in latest.items() if k == key):
                late = (day_of(record.head["appTime"]) - told.released).days > 30
                told.in_time &= d.flow == "E" or not (late or (record.run_date - told.released).days > 45)
                for item in record.items if record.head["appType"] != "3" else []:
                    back[num(item["gnum"])] = back.get(num(item["gnum"]), Decimal(0)) + num(item["qty"])
            lines = {num(i["gnum"]): i for i in d.items}
            told.returned = {gnum: min(qty, num(lines[gnum]["qty"])) for gnum, qty in back.items()}
            worth = sum((num(lines[g]["price"]) * q for g, q in told.returned.items()), Decimal(0))
            if told.in_time and d.flow == "I":
                told.restored = dutiable(d) * worth / sum(num(i["totalPrice"]) for i in d.items)
            if {g: num(i["qty"]) for g, i in lines.items()} == told.returned:
                told.status = "returned"

    def taxes(self, key: Key) -> list[tuple[int, Decimal, Decimal, Decimal]]:
        """(gnum, tariff, consumption tax, VAT) of every line of an import."""
        d = self.current["declaration"][key]
        value = sum((num(i["totalPrice"]) for i in d.items), Decimal(0))
        extra = dutiable(d) - value
        full = dutiable(d) > 5000 and single(d)
        shares = [(extra * num(i["totalPrice"]) / value).quantize(Decimal("0.00001"), ROUND_HALF_UP) for i in d.items]
        shares[-1] += extra - sum(shares)
        made = []
        for item, share in zip(d.items, shares, strict=True):
            rate = self.rates[item["gcode"]]
            mfn, vat, ct = (num(rate[f"{kind}_rate"]) for kind in ("mfn", "vat", "consumption"))
            base = num(item["totalPrice"]) + share
            tariff = base * mfn if full else Decimal(0)
            consumption = (base + tariff) / (1 - ct) * ct
            part = Decimal(1) if full else Decimal("0.7")
            exact = (tariff, consumption * part, (base + tariff + consumption) * vat * part)
            made.append((int(item["gnum"]), *(x.quantize(CENT, ROUND_HALF_UP) for x in exact)))
        return made

    @staticmethod
    def _is_open(told: Declared) -> bool:
        return told.status in {"", "waiting", "review"} or (told.changed and told.status not in GONE)

    def _one(self, d: Landed, payments: list[Landed], run_date: date, declared: date) -> set[str]:  # noqa: C901 - rules
        h, bad = d.head, set()
        order = self.current["order"].get(order_of(d))
        way = self.current["waybill"].get(waybill_of(d))
        missing = {"DOC01": not order, "DOC02": not payments, "DOC03": not way}
        bad |= {rule for rule, yes in missing.items() if yes}
        if bad and (run_date - declared).days > 30:
            bad.add("DOC04")
        if any(not near(num(i["totalPrice"]), num(i["qty"]) * num(i["price"])) for i in d.items):
            bad.add("ORD05")
        if num(h["netWeight"]) > num(h["grossWeight"]):
            bad.add("WGT01")
        digits = 4 if h.get("statisticsFlag") == "A" else 6
        if any(i["gcode"][:digits] not in self.codes for i in d.items):
            bad.add("HSC01")
        parties = [h["ebpCode"], h["ebcCode"], h["logisticsCode"], *(p.head["payCode"] for p in payments)]
        if any(not self._registered(code, declared) for code in parties):
            bad.add("PTY01")
        if way:
            gross = num(h["grossWeight"])
            if abs(num(way.head.get("grossWeight") or way.head["weight"]) - gross) > gross * 5 / 100:
                bad.add("LOG01")
            if num(way.head["packNo"]) != num(h["packNo"]):
                bad.add("LOG02")
        if order:
            bad |= _against_order(d, order, payments)
        if d.flow == "I":
            tax = sum((sum(line[1:]) for line in self.taxes(key_of(d))), Decimal(0))
            bad |= _imports(d, order, payments, way, tax)
        return bad

    def _registered(self, code: str, on: date) -> bool:
        return code in self.parties and (not self.parties[code] or self.parties[code] >= on.isoformat())


def order_of(d: Landed) -> Key:
    return (d.head["ebpCode"], d.head["orderNo"])


def waybill_of(d: Landed) -> Key:
    return (d.head["logisticsCode"], d.head["logisticsNo"])


def dutiable(d: Landed) -> Decimal:
    return sum((num(i["totalPrice"]) for i in d.items), num(d.head["freight"]) + num(d.head["insuredFee"]))


def single(d: Landed) -> bool:
    return len(d.items) == 1 and num(d.items[0]["qty"]) == 1


def day_of(stamp: str) -> date:
    return date(int(stamp[:4]), int(stamp[4:6]), int(stamp[6:8]))


def _against_order(d: Landed, order: Landed, payments: list[Landed]) -> set[str]:
    bad, o = set(), order.head
    lines = {num(i["gnum"]): i for i in order.items}
    if o["ebcCode"] != d.head["ebcCode"]:
        bad.add("ORD01")
    for item in d.items:
        line = lines.get(num(item["gnum"]))
        if line is None or (line.get("itemNo") and item.get("itemNo") and line["itemNo"] != item["itemNo"]):
            bad.add("ORD02")
        if line is not None and not near(num(line["price"]), num(item["price"])):
            bad.add("ORD04")
    if any(i["currency"] != o["currency"] for i in d.items) or d.head.get("currency", o["currency"]) != o["currency"]:
        bad.add("ORD06")
    if payments:
        due = num(o["acturalPaid"]) if d.flow == "I" else num(o["goodsValue"]) + num(o["freight"])
        if not near(sum((num(p.head.get("charge") or p.head["amountPaid"]) for p in payments), Decimal(0)), due):
            bad.add("PAY01")
        if any(p.head["currency"] != o["currency"] for p in payments):
            bad.add("PAY02")
    return bad


def _imports(  # noqa: C901, PLR0912 - one branch a rule
    d: Landed, order: Landed | None, payments: list[Landed], way: Landed | None, tax: Decimal
) -> set[str]:
    bad, h = set(), d.head
    if dutiable(d) > 5000 and not single(d):
        bad.add("LIM01")
    if way and way.head["orderNo"] != h["orderNo"]:
        bad.add("LOG05")
    if not order:
        return bad
    o = order.head
    if not near(
        num(o["acturalPaid"]), num(o["goodsValue"]) + num(o["freight"]) + num(o["taxTotal"]) - num(o["discount"])
    ):
        bad.add("ORD07")
    if len(order.items) != len(d.items):
        bad.add("ORD08")
    if abs(num(o["taxTotal"]) - tax) > Decimal("0.01") * len(d.items):
        bad.add("TAX01")
    if (o["buyerIdNumber"], o["buyerName"]) != (h["buyerIdNumber"], h["buyerName"]):
        bad.add("BUY01")
    if o["buyerTelephone"] != h["buyerTelephone"]:
        bad.add("BUY02")
    for p in payments:
        if (p.head["payerIdNumber"], p.head["payerName"]) != (o["buyerIdNumber"], o["buyerName"]):
            bad.add("PAY03")
        if p.head["payCode"] != o["payCode"]:
            bad.add("PAY05")
    if payments and all(p.head["payTransactionId"] != o["payTransactionId"] for p in payments):
        bad.add("PAY04")
    if way and way.head["consignee"] != o["consignee"]:
        bad.add("LOG03")
    if way and any(way.head[e] != o[e] for e in ("consigneeTelephone", "consigneeAddress")):
        bad.add("LOG06")
    return bad
