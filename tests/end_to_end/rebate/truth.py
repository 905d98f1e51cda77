"""What ought to be decided of every exported item at the end of a run.

Written from the rules as `docs/rules.md` and the catalogue have them. All items are decided each time, whatever the run
was told; what an earlier run granted counts only as the rules let it.
"""

from __future__ import annotations

import itertools
from collections import defaultdict
from datetime import date, timedelta
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from sandan.simulate.papers.book import Book

from .items import Before, Item, Key, Relation, months_later, rounded
from .papers import Current, day_of, number

if TYPE_CHECKING:
    from collections.abc import Iterable

    import duckdb

    from sandan.home import Home

TOLERANCE = Fraction(5, 100)
UNITS = {"台": "001", "个": "007", "件": "011", "双": "025", "盒": "140"}
#: zone → customs district
ZONES = {"330100": "29", "330200": "31"}

EXPORTS = """
select ebc_code, cop_no, gnum, statistics_flag, supervision_mode, customs_code, cast(closed_at as date) as closed_on,
    failed_rules, hs_code, goods_name, qty, unit, qty1, unit1, qty2, unit2, currency, price, total_price, value_cny,
    returned_qty
from clearance.clearance_facts join clearance.clearance_items using (ebc_code, cop_no)
where flow = 'E' and status in ('closed', 'returned') and closed_at is not null
"""
MEMBERS = """
select ebc_code, cop_no, gnum, form_no, line_no, currency, total_price
from clearance.consolidation_members where month < $1
"""


class Truth:
    """The verdicts of run after run.

    Of the last run: `entries`, the rows of the ledger, and `credits`, what each manufacturer's month comes to and what
    of it is refunded. Of all runs: the rules that were `spoken` and the `causes` of entries.
    """

    def __init__(self, home: Home) -> None:
        self.home = home
        self.before: dict[Key, Before] = defaultdict(Before)
        self.entries: list[tuple[Any, ...]] = []
        self.credits: dict[tuple[str, str], tuple[Fraction, Fraction]] = {}
        self.spoken: set[str] = set()
        self.causes: set[str] = set()

    def decide(self, day: date, lake: duckdb.DuckDBPyConnection) -> list[Item]:
        """Every item as of the end of the run of a day, whose facts `lake` has."""
        sent = [paper for paper in Book.of(self.home).sent if paper.landed <= day.isoformat()]
        decision = Decision(day, Current.of(sent), self.before)
        decision.read(lake)
        decision.run()
        self._enter(decision.items)
        self.credits = decision.credits
        return decision.items

    def _enter(self, items: list[Item]) -> None:
        self.entries = []
        for item in items:
            before, returned = self.before[item.key], Fraction(item.listed["returned_qty"])
            self.spoken.update(item.findings)
            account, account_before = (item.taxpayer_id, item.period), (before.taxpayer_id, before.period)
            sums = [(account, item.refund), (account_before, -before.refund)]
            if account == account_before or not before.refund:
                sums = [(account, item.refund - before.refund)]
            for (owner, period), amount in sums:
                if amount:
                    cause = _cause(item, before, returned)
                    self.causes.add(cause)
                    self.entries.append((*item.key, owner, period, cause, amount))
            self.before[item.key] = Before(
                item.verdict, item.state, item.refund, returned, item.taxpayer_id, item.period
            )


def _cause(item: Item, before: Before, returned: Fraction) -> str:
    if before.refund == 0:
        return "granted"
    if item.refund < before.refund and returned > before.returned:
        return "returned"
    if item.state == "settled" and before.state == "pre_refunded":
        return "settled"
    return "withdrawn" if item.refund == 0 else "corrected"


class Decision:
    """The decisions of one run."""

    def __init__(self, day: date, papers: Current, before: dict[Key, Before]) -> None:
        self.day = day
        self.papers = papers
        self.before = before
        self.items: list[Item] = []
        self.relations: dict[tuple[str, str], Relation] = {}
        self.members: dict[Key, dict[str, Any]] = {}
        self.credits: dict[tuple[str, str], tuple[Fraction, Fraction]] = {}

    def read(self, lake: duckdb.DuckDBPyConnection) -> None:
        exports = lake.execute(EXPORTS)
        names = [column[0] for column in exports.description or ()]
        for row in exports.fetchall():
            listed = dict(zip(names, row, strict=True))
            self.items.append(Item((listed["ebc_code"], listed["cop_no"], listed["gnum"]), listed))
        if not lake.execute("select 1 from duckdb_tables() where table_name = 'consolidation_members'").fetchone():
            return  # no month is consolidated yet
        members = lake.execute(MEMBERS, [self.day.strftime("%Y-%m")])
        names = [column[0] for column in members.description or ()]
        for row in members.fetchall():
            member = dict(zip(names, row, strict=True))
            self.members[member["ebc_code"], member["cop_no"], member["gnum"]] = member

    def run(self) -> None:
        self.place()
        self.register()
        self.claim()
        self.receive()
        self.tie()
        for item in self.items:
            self.judge(item)
        self.share_bases()
        self.share_credits()

    # what belongs to an item

    def place(self) -> None:
        closings = {(paper.head["formNo"]): paper for paper in self.papers.papers("closing")}
        for item in self.items:
            item.export_date, item.goods_name = item.listed["closed_on"], item.listed["goods_name"]
            member = self.members.get(item.key)
            if member is None:
                continue
            item.form_no, item.line_no = member["form_no"], member["line_no"]
            closing = closings.get(item.form_no)
            lines = {int(line["gnum"]): line for line in closing.items} if closing else {}
            if closing and item.line_no in lines:
                item.closed = True
                item.goods_name = lines[item.line_no]["gname"]
                item.export_date = day_of(closing.head["exportDate"])

    def register(self) -> None:
        register, library = defaultdict(list), list(self.papers.heads("rebate_rate"))
        for row in self.papers.heads("taxpayer"):
            register[row["partyCode"]].append(row)
        rates: dict[tuple[str, date], dict[str, str] | None] = {}
        for item in self.items:
            on = item.export_date
            rows = [row for row in register[item.key[0]] if _in_force(on, row["validFrom"], row.get("validTo", ""))]
            item.taxpayer = max(rows, key=lambda row: row["validFrom"], default=None)
            code = item.listed["hs_code"]
            if (code, on) not in rates:
                named = [
                    row
                    for row in library
                    if code.startswith(row["code"]) and _in_force(on, row["stDate"], row["endDate"])
                ]
                rates[code, on] = max(named, key=lambda row: (len(row["code"]), row["stDate"]), default=None)
            item.rate = rates[code, on]

    def claim(self) -> None:
        claims = defaultdict(list)
        for row in self.papers.heads("export_claim"):
            claims[row["formNo"], int(row["lineNo"])].append(row)
        for item in self.items:
            named = claims[item.form_no, item.line_no] if item.form_no else []
            own = [row for row in named if row["taxpayerId"] == item.taxpayer_id]
            if len({(row["taxpayerId"], row["relationNo"]) for row in named}) > 1:
                item.findings["BLK04"] = "block"
            if own:
                first = min(own, key=lambda row: (row["period"], row["relationNo"]))
                item.relation, item.period = first["relationNo"], first["period"]
                item.overseas = item.listed["supervision_mode"] == "9810" and first.get("businessType") == "HWC-YT"
        sold: dict[tuple[str, int, str], Fraction] = defaultdict(Fraction)
        for row in self.papers.heads("overseas_sale"):
            sold[row["formNo"], int(row["lineNo"]), row["ebcCode"]] += number(row["qty"])
        for item in sorted((item for item in self.items if item.overseas), key=lambda item: item.place):
            line = (item.form_no or "", item.line_no or 0, item.key[0])
            item.sold = max(Fraction(0), min(item.remaining, sold[line]))
            sold[line] -= item.remaining

    def receive(self) -> None:
        of_list, of_form = defaultdict(list), defaultdict(list)
        for item in self.items:
            of_list[item.key[:2], item.listed["currency"]].append((item, item.due))
        by_key = {item.key: item for item in self.items}
        for key, member in self.members.items():
            item = by_key.get(key)
            price = item.due if item else Fraction(member["total_price"])
            of_form[member["form_no"], member["currency"]].append((item, price))
        for paper in self.papers.papers("forex"):
            head, left = paper.head, number(paper.head["amount"]) + number(paper.head["nettedFees"])
            for line in sorted(paper.items, key=lambda line: int(line["gnum"])):
                amount = min(left, number(line["amount"]))
                left -= amount
                if line.get("copNo"):
                    sharing = of_list[(head["ebcCode"], line["copNo"]), head["currency"]]
                else:
                    sharing = of_form[line["formNo"], head["currency"]]
                pool = sum((price for _, price in sharing), Fraction(0))
                unreasoned = head["kind"] == "D" and not head.get("deemedReason")
                for item, price in sharing:
                    if item is None or item.key[0] != head["ebcCode"] or not pool or unreasoned:
                        continue
                    if day_of(head["receivedOn"]) <= (item.cap or item.claim_by):
                        item.received += amount * price / pool

    def tie(self) -> None:
        """Invoices to the relations of those who trade."""
        for item in self.items:
            if item.relation and item.method == "T" and item.taxpayer_id:
                self.relations.setdefault((item.taxpayer_id, item.relation), Relation([])).items.append(item)
        invoices = {(row.head["invoiceCode"], row.head["invoiceNo"]): row for row in self.papers.papers("invoice")}
        offset = {
            (row["redOfCode"], row["redOfNo"])
            for row in self.papers.heads("invoice")
            if row.get("redOfNo") and row["state"] == "N"
        }
        users = defaultdict(set)
        for row in self.papers.heads("purchase_claim"):
            users[_line(row)].add((row["taxpayerId"], row["relationNo"]))
        held = {row["subject"] for row in self._holds("S")}
        for row in self.papers.heads("purchase_claim"):
            relation = self.relations.get((row["taxpayerId"], row["relationNo"]))
            if relation is None:
                continue
            invoice = invoices.get((row["invoiceCode"], row["invoiceNo"]))
            item = (
                next((i for i in invoice.items if int(i["gnum"]) == int(row["invoiceLine"])), None) if invoice else None
            )
            relation.lines.append(
                {
                    "item": item,
                    "head": invoice.head if invoice else None,
                    "unit": UNITS.get(item["unit"], item["unit"]) if item else None,
                    "fault": _fault(invoice.head, row["taxpayerId"], offset) if invoice and item else None,
                    "twice": len(users[_line(row)]) > 1,
                    "held": bool(invoice and invoice.head["sellerId"] in held),
                    "order": (row["invoiceCode"] + "\x1f" + row["invoiceNo"], int(row["invoiceLine"])),
                }
            )

    def _holds(self, kind: str) -> list[dict[str, str]]:
        return [row for row in self.papers.heads("hold") if row["kind"] == kind and not row.get("closedOn")]

    # the rules

    def judge(self, item: Item) -> None:
        before = self.before[item.key]
        found = item.findings
        relation = self.relations.get((item.taxpayer_id or "", item.relation or ""))
        simplified = item.listed["statistics_flag"] == "A"
        for rule, action, speaks in (
            *self._formal(item, simplified=simplified),
            *(self._tied(relation) if relation else ()),
            *self._blocks(item, relation),
            ("TAX03", "tax", item.flag == "1"),
            ("EXM02", "exempt", self._scheme(item) and not (item.relation and self._voucher(item, relation))),
            ("EXM03", "exempt", not item.old_law and (item.taxpayer or {}).get("vatStatus") == "S"),
            ("EXM04", "exempt", item.flag == "2"),
        ):
            if speaks:
                found[rule] = action
        actions = set(found.values())
        lacking, exempt = bool(actions & {"exclude", "pending"}), "exempt" in actions
        forex_alone = lacking and {r for r, a in found.items() if a in {"exclude", "pending"}} == {"REB14"}
        late = item.old_law and self.day > item.claim_by
        passed = item.cap is not None and self.day > item.cap
        stays_exempt = passed and before.verdict == "exempt" and not exempt
        needs_voucher = "exclude" in actions or ("pending" in actions and late) or stays_exempt
        voucher = needs_voucher and self._voucher(item, relation)
        unhelped = lacking and not exempt and not voucher
        if voucher:
            found["EXM01"] = "exempt"
        if "tax" not in actions and late and unhelped:
            found["TAX05"] = "tax"
        if "tax" not in actions and passed and (before.verdict in {None, "pending", "taxed"} or unhelped):
            found["TAX04"] = "tax"
        actions = set(found.values())
        item.verdict = next(
            (
                verdict
                for action, verdict in (("block", "blocked"), ("tax", "taxed"), ("exempt", "exempt"))
                if action in actions
            ),
            "pending" if actions else "rebate",
        )
        item.granted = item.verdict == "rebate" or (
            item.verdict == "pending" and forex_alone and before.refund > 0 and self.day <= item.claim_by
        )
        item.state = "open" if before.state == "open" else "withdrawn"
        if item.granted:
            item.state = "granted"
            if item.overseas:
                item.state = "settled" if item.settled(self.day) else "pre_refunded"

    def _formal(self, item: Item, *, simplified: bool) -> Iterable[tuple[str, str, bool]]:
        taxpayer = item.taxpayer or {}
        general = taxpayer.get("vatStatus") == "G"
        filed = day_of(taxpayer["rebateFiledOn"]) if taxpayer.get("rebateFiledOn") else None
        due = _month_end(item.period) if item.period else self.day
        owed = item.part("total_price", self.day) * (1 - TOLERANCE)
        judged_forex = not simplified and not (item.overseas and not item.settled(self.day))
        returns = {(row["taxpayerId"], row["period"]) for row in self.papers.heads("vat_return")}
        yield "REB01", "pending", bool({"DOC01", "DOC02", "DOC03"} & set(item.listed["failed_rules"]))
        yield "REB02", "pending", not simplified and not item.closed
        yield "REB03", "exclude", simplified
        yield "REB04", "exclude", not general
        yield "REB05", "pending", general and not (taxpayer.get("rebateMethod") and filed and filed <= due)
        yield "REB06", "pending", item.rebate_rate is None and not item.flag
        yield "REB07", "pending", not simplified and item.relation is None
        yield "REB14", "pending", judged_forex and item.received < owed
        yield (
            "REB15",
            "pending",
            item.method == "C" and item.relation is not None and (item.taxpayer_id, item.period) not in returns,
        )
        yield "REB17", "exclude", item.rebate_rate == 0 and not item.flag
        unsold = item.settled(self.day) and item.claimable(self.day) == 0 and item.remaining > 0
        yield "REB19", "pending", item.overseas and unsold

    def _tied(self, relation: Relation) -> Iterable[tuple[str, str, bool]]:
        known = relation.known
        faulty = any(line["fault"] for line in known)
        yield "REB08", "pending", (not relation.valid and not faulty) or len(known) < len(relation.lines)
        yield "REB09", "pending", faulty
        names = {line["item"]["goodsName"] for line in known}
        yield "REB10", "pending", bool(known) and names != {item.goods_name for item in relation.items}
        yield "REB11", "pending", bool(known) and not self._one_unit(relation)
        yield "REB12", "pending", self._one_unit(relation) and relation.total("qty") < self._quantity(relation)
        codes = {item.listed["hs_code"] for item in relation.items}
        rates = {item.rebate_rate for item in relation.items if item.rebate_rate is not None}
        yield "REB13", "pending", len(codes) > 1 or len(rates) > 1
        yield "REB18", "exclude", any(line["head"]["kind"] == "O" for line in known)

    def _blocks(self, item: Item, relation: Relation | None) -> Iterable[tuple[str, str, bool]]:
        code, lines = item.listed["hs_code"], relation.lines if relation else []
        inspections = [row for row in self.papers.heads("inspection") if (row["ebcCode"], row["copNo"]) == item.key[:2]]
        latest = max(inspections, key=lambda row: (row["inspectedOn"], row["inspectionNo"]), default={"result": ""})
        yield "BLK01", "block", any(r["subject"] in {item.key[0], item.taxpayer_id} for r in self._holds("E"))
        yield "BLK02", "block", any(line["held"] for line in lines)
        yield "BLK03", "block", any(code.startswith(row["subject"]) for row in self._holds("G"))
        yield "BLK04", "block", any(line["twice"] for line in lines)
        yield "BLK05", "block", latest["result"] in {"F", "H"}
        yield "BLK06", "block", item.remaining <= 0

    def _voucher(self, item: Item, relation: Relation | None) -> bool:
        """What is made by the exporter itself was not bought, and needs no invoice."""
        lawful = item.method == "C" or (relation is not None and bool(relation.valid))
        return item.closed and item.taxpayer is not None and lawful

    def _scheme(self, item: Item) -> bool:
        """Registered with the zone, and equal in everything."""
        key = (item.key[0], item.key[1], str(item.key[2]))
        paper = self.papers.of_list["zone_registration"].get(key)
        if paper is None:
            return False
        row, listed = paper.head, item.listed
        return (
            row["zoneCode"] == (item.taxpayer or {}).get("zoneCode")
            and listed["customs_code"][:2] == ZONES.get(row["zoneCode"])
            and day_of(row["exportDate"]) == item.export_date
            and row["goodsName"] == listed["goods_name"]
            and UNITS.get(row["unit"], row["unit"]) == listed["unit"]
            and all(
                number(row[element]) == listed[column]
                for element, column in (("qty", "qty"), ("price", "price"), ("amount", "total_price"))
            )
        )

    def _one_unit(self, relation: Relation) -> bool:
        return relation.unit is not None and all(
            item.quantity_in(relation.unit, self.day) is not None for item in relation.items
        )

    def _quantity(self, relation: Relation) -> Fraction:
        unit = relation.unit or ""
        return sum((item.quantity_in(unit, self.day) or Fraction(0) for item in relation.items), Fraction(0))

    # the amounts

    def share_bases(self) -> None:
        """The base of a relation, shared by quantity to the cent with nothing left over."""
        for relation in self.relations.values():
            known = relation.known
            whole = known and len(known) == len(relation.lines) and not any(line["fault"] for line in known)
            if not whole or not self._one_unit(relation) or relation.total("qty") < self._quantity(relation):
                continue
            wanted, net = self._quantity(relation), relation.total("netAmount")
            base = min(net, rounded(net * wanted / relation.total("qty"), 2))
            lowest = min(number(line["item"]["taxRate"]) for line in known)
            so_far = Fraction(0)
            for item in sorted(relation.items, key=lambda item: item.place):
                until = rounded(base * so_far / wanted, 2) if wanted else Fraction(0)
                so_far += item.quantity_in(relation.unit or "", self.day) or Fraction(0)
                item.base = (rounded(base * so_far / wanted, 2) if wanted else Fraction(0)) - until
                if item.granted and item.rebate_rate is not None:
                    item.refund = rounded(item.base * min(item.rebate_rate, lowest), 2)

    def share_credits(self) -> None:
        """What a manufacturer's month comes to, shared by value and rate."""
        returns = {(row["taxpayerId"], row["period"]): row for row in self.papers.heads("vat_return")}
        granted = [item for item in self.items if item.granted and item.method == "C"]
        granted.sort(key=lambda item: (item.taxpayer_id or "", item.period or "", item.place))
        for month, of_month in itertools.groupby(granted, key=lambda item: (item.taxpayer_id or "", item.period or "")):
            items = list(of_month)
            filed = returns.get(month, {"endingCredit": "0", "dutyFreeMaterial": ""})
            values = [(item.part("value_cny", self.day), item.rebate_rate or Fraction(0)) for item in items]
            lowest = min(rate for _, rate in values)
            material = rounded(number(filed["dutyFreeMaterial"]) * lowest, 2)
            credit = max(rounded(sum((v * r for v, r in values), Fraction(0)), 2) - material, Fraction(0))
            refundable = max(min(number(filed["endingCredit"]), credit), Fraction(0))
            self.credits[month] = credit, refundable
            weights = [rounded(value * rate, 5) for value, rate in values]
            whole, so_far = sum(weights, Fraction(0)), Fraction(0)
            for item, weight, (value, _) in zip(items, weights, values, strict=True):
                until = rounded(refundable * so_far / whole, 2) if whole else Fraction(0)
                so_far += weight
                item.base = value
                item.refund = (rounded(refundable * so_far / whole, 2) if whole else Fraction(0)) - until


def _in_force(day: date, first: str, last: str) -> bool:
    return day_of(first) <= day and (not last or day <= day_of(last))


def _month_end(period: str) -> date:
    return months_later(date(int(period[:4]), int(period[4:]), 1), 1) - timedelta(1)


def _line(row: dict[str, str]) -> tuple[str, str, int]:
    return row["invoiceCode"], row["invoiceNo"], int(row["invoiceLine"])


def _fault(invoice: dict[str, str], buyer: str, offset: set[tuple[str, str]]) -> str | None:
    if invoice["state"] != "N":
        return "not normal"
    if invoice.get("redOfNo"):
        return "red-letter"
    if (invoice["invoiceCode"], invoice["invoiceNo"]) in offset:
        return "offset"
    return "of another buyer" if invoice["buyerId"] != buyer else None
