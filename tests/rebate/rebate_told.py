"""Cases of `cases.csv` as records of a warehouse: what a case does not say is as in a complete, ordinary export.

A case is told in statements, separated by semicolons: `invoice.kind=O` changes a field, `-forex` takes a paper away,
`+item2` adds one that an ordinary export does not have. With a date before it (`@2026-04-30 invoice.state=V`) the paper
is sent again, or withdrawn, on that run. `-` stands for no value, `/` parts the lines of a paper, `^` those of a key.
"""

from __future__ import annotations

import itertools
import re
from copy import deepcopy
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import duckdb

CLOSED, PAPERS = "2026-02-10", "2026-02-20"
#: what `{case}` stands for makes every case an enterprise of its own
ORDINARY: dict[str, dict[str, Any]] = {
    "list": {"flag": "B", "mode": "9610", "office": "2901", "closed_at": "2026-01-14 10:00:00", "failed_rules": []},
    "item": {
        "hs_code": "6109100010",
        "goods_name": "shirt",
        "qty": 10,
        "unit": "011",
        "qty1": 2.5,
        "unit1": "035",
        "qty2": None,
        "unit2": None,
        "currency": "502",
        "price": 10,
        "total_price": 100,
        "line_no": 1,
        "form": "{case}",
        "month": "2026-01",
    },
    "taxpayer": {
        "taxpayer_id": "T{case}",
        "party_code": "E{case}",
        "vat_status": "G",
        "rebate_filed_on": "2015-01-01",
        "rebate_method": "T",
        "zone_code": None,
        "valid_from": "2014-01-01",
        "valid_to": None,
    },
    "closing": {
        "form_no": "2026-01-F{case}",
        "declaration_no": "290120260000000001",
        "export_date": "2026-01-15",
        "ebc_code": "E{case}",
        # of its lines what is empty is as on the form
        "gname": "shirt",
        "gcode": None,
        "qty": None,
        "unit": None,
        "currency": None,
    },
    "claim": {
        "taxpayer_id": "T{case}",
        "relation_no": "R{case}",
        "form_no": "2026-01-F{case}",
        "line_no": 1,
        "period": "202602",
        "business_type": None,
    },
    "purchase": {
        "taxpayer_id": "T{case}",
        "relation_no": "R{case}",
        "invoice_code": None,
        "invoice_no": "I{case}",
        "invoice_line": 1,
        "period": "202602",
    },
    "invoice": {
        "invoice_code": None,
        "invoice_no": "I{case}",
        "kind": "S",
        "issued_on": "2026-01-10",
        "seller_id": "S{case}",
        "buyer_id": "T{case}",
        "state": "N",
        "red_of": None,
        "goods_name": "shirt",
        "unit": "011",
        "qty": 10,
        "net_amount": 500,
        "tax_rate": 0.13,
    },
    "forex": {
        "bank_code": "B",
        "bank_ref": "X{case}",
        "ebc_code": "E{case}",
        "kind": "R",
        "deemed_reason": None,
        "received_on": "2026-02-15",
        "currency": "502",
        "amount": 100,
        "netted_fees": None,
        "form_no": "2026-01-F{case}",
        "cop_no": None,
        "part": 100,
    },
}
#: papers that an ordinary export does not have
FURTHER: dict[str, dict[str, Any]] = {
    "registration": {
        "ebc_code": "E{case}",
        "cop_no": "C{case}",
        "gnum": 1,
        "zone_code": "330100",
        "export_date": "2026-01-15",
        "goods_name": "shirt",
        "unit": "件",
        "qty": 10,
        "price": 10,
        "amount": 100,
    },
    "hold": {
        "hold_no": "H{case}",
        "kind": "E",
        "subject": "E{case}",
        "reason": "1",
        "opened_on": "2026-02-19",
        "closed_on": None,
    },
    "inspection": {
        "ebc_code": "E{case}",
        "cop_no": "C{case}",
        "inspection_no": "N{case}",
        "result": "P",
        "inspected_on": "2026-01-13",
    },
    "return": {"taxpayer_id": "T{case}", "period": "202602", "ending_credit": 1000, "duty_free_material": None},
    "sale": {
        "ebc_code": "E{case}",
        "sale_no": "1",
        "form_no": "2026-01-F{case}",
        "line_no": 1,
        "sold_on": "2026-04-01",
        "qty": 10,
        "amount": 150,
        "currency": "502",
    },
    "rate": {"code": "{case}", "zssl": 0.13, "tsl": 0.13, "st_date": "2014-01-01", "end_date": None, "tsflag": None},
    "back": {"gnum": 1, "qty": 0},
}
KEYS = {
    "taxpayer": ("taxpayers", "taxpayer", ("taxpayer_id", "valid_from")),
    "closing": ("closings", "closing", ("form_no",)),
    "claim": ("export_claims", "export_claim", ("taxpayer_id", "relation_no", "form_no", "line_no")),
    "purchase": (
        "purchase_claims",
        "purchase_claim",
        ("taxpayer_id", "relation_no", "invoice_code", "invoice_no", "invoice_line"),
    ),
    "invoice": ("invoices", "invoice", ("invoice_code", "invoice_no")),
    "forex": ("forex", "forex", ("bank_code", "bank_ref")),
    "registration": ("zone_registrations", "zone_registration", ("ebc_code", "cop_no", "gnum")),
    "hold": ("holds", "hold", ("hold_no",)),
    "inspection": ("inspections", "inspection", ("ebc_code", "cop_no", "inspection_no")),
    "return": ("vat_returns", "vat_return", ("taxpayer_id", "period")),
    "sale": ("overseas_sales", "overseas_sale", ("ebc_code", "sale_no")),
    "rate": ("rebate_rates", "rebate_rate", ("code", "st_date")),
}
#: of these the columns that stand on the lines
ITEMS = {
    "closing": ("closing_items", ("gname", "gcode", "qty", "unit", "currency")),
    "invoice": ("invoice_items", ("goods_name", "unit", "qty", "net_amount", "tax_rate")),
    "forex": ("forex_items", ("form_no", "cop_no", "part")),
}
STATEMENT = re.compile(r"(?:@(?P<on>\S+) )?(?P<sign>[-+]?)(?P<paper>[a-z]+\d*)(?:\.(?P<field>\w+)=(?P<value>.*))?")


def kind_of(name: str) -> str:
    """The kind of a paper: several of one kind are numbered."""
    return name.rstrip("0123456789")


def key(*parts: Any) -> str:
    """The parts of a key as the staging models join them."""
    return "\x1f".join("" if part is None else str(part) for part in parts)


@dataclass
class Told:
    """The records of one case, by the run that receives them."""

    case: str
    statements: str
    papers: dict[str, dict[str, Any]] = field(default_factory=dict)
    sent: dict[str, list[tuple[str, dict[str, Any], bool]]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.papers = {name: self._filled(values) for name, values in ORDINARY.items()}
        later: dict[tuple[str, str], list[re.Match[str]]] = {}
        for text in filter(None, map(str.strip, self.statements.split(";"))):
            statement = STATEMENT.fullmatch(text)
            assert statement, f"{self.case}: {text}"
            if statement["on"]:
                later.setdefault((statement["on"], statement["paper"]), []).append(statement)
            else:
                self._apply(statement)
        for name, values in self.papers.items():
            self._send(
                CLOSED if kind_of(name) in ("list", "item", "taxpayer", "rate") else PAPERS, name, values, live=True
            )
        for (on, name), statements in sorted(later.items()):
            for statement in statements:
                self._apply(statement, withdraw=False)
            gone = any(statement["sign"] == "-" for statement in statements)
            self._send(on, name, self.papers[name], live=not gone)

    def _filled(self, values: dict[str, Any]) -> dict[str, Any]:
        return {f: v.replace("{case}", self.case) if isinstance(v, str) else v for f, v in deepcopy(values).items()}

    def _apply(self, statement: re.Match[str], *, withdraw: bool = True) -> None:
        name, kind = statement["paper"], kind_of(statement["paper"])
        if name not in self.papers:
            self.papers[name] = self._filled((ORDINARY | FURTHER)[kind])
        if statement["sign"] == "-" and withdraw:
            del self.papers[name]
        if statement["field"]:
            value: Any = statement["value"].replace("{case}", self.case).replace("^", "\x1f")
            assert statement["field"] in self.papers[name], f"{self.case}: {name} has no {statement['field']}"
            if statement["field"] == "failed_rules":
                value = value.split("+")
            self.papers[name][statement["field"]] = None if value == "-" else value

    def _send(self, on: str, name: str, values: dict[str, Any], *, live: bool) -> None:
        values = deepcopy(values)
        if name == "closing":
            self._fill_lines(values)
        self.sent.setdefault(on, []).append((name, values, live))

    def _fill_lines(self, closing: dict[str, Any]) -> None:
        """Customs closes the lines of the form as they are, unless the case says otherwise."""
        items = [item for name, item in self.papers.items() if kind_of(name) == "item"]
        for ours, theirs in (("hs_code", "gcode"), ("qty", "qty"), ("unit", "unit"), ("currency", "currency")):
            if closing[theirs] is None:
                lines = [
                    [item[ours] for item in items if str(item["line_no"]) == str(line)]
                    for line in range(1, str(closing["gname"]).count("/") + 2)
                ]
                if ours == "qty":
                    values = [str(sum(map(Decimal, map(str, line)))) for line in lines]
                else:
                    values = [str(line[0]) if line else "None" for line in lines]
                closing[theirs] = "/".join(values)

    def days(self) -> set[str]:
        """The runs that receive something of the case."""
        return set(self.sent)


class Warehouse:
    """The staging and clearance tables that the public service reads, filled by hand."""

    def __init__(self, connection: duckdb.DuckDBPyConnection, numbers: itertools.count[int]) -> None:
        self.connection = connection
        self.numbers = numbers

    def insert(self, table: str, **values: Any) -> None:
        names = ", ".join(f'"{name}"' for name in values)
        marks = ", ".join(f"${n}" for n in range(1, len(values) + 1))
        self.connection.execute(f"insert into {table} ({names}) values ({marks})", list(values.values()))

    def tell(self, told: Told, on: str) -> None:
        """What the run of a day receives of a case."""
        sent = told.sent.get(on, [])
        items = [values | {"gnum": int(name[4:] or 1)} for name, values, _ in sent if name.startswith("item")]
        for name, values, live in sent:
            kind = kind_of(name)
            if kind == "list":
                self._list(told, on, values, items)
            elif kind == "back":
                self._back(told, on, values)
            elif kind in KEYS:
                self.paper(on, kind, values, live=live)

    def _list(self, told: Told, on: str, values: dict[str, Any], items: list[dict[str, Any]]) -> None:
        record, party = next(self.numbers), {"ebc_code": "E" + told.case, "cop_no": "C" + told.case}
        self.insert(
            "staging.stg_declarations",
            run_date=on,
            record_id=record,
            flow="E",
            statistics_flag=values["flag"],
            supervision_mode=values["mode"],
            customs_code=values["office"],
            **party,
        )
        for item in items:
            columns = {name: item[name] for name in item if name not in ("line_no", "form", "month")}
            self.insert("staging.stg_declaration_items", run_date=on, record_id=record, **columns)
            if item["line_no"] is not None:
                names = ("gnum", "line_no", "currency", "total_price", "qty", "unit")
                self.insert(
                    "clearance.consolidation_members",
                    month=item["month"],
                    form_no=f"{item['month']}-F{item['form']}",
                    **party,
                    **{name: item[name] for name in names},
                )
        self._decide(on, party, record, values, "closed")

    def _decide(self, on: str, party: dict[str, str], record: int, values: dict[str, Any], status: str) -> None:
        self.insert(
            "matching.decisions",
            run_date=on,
            declaration_key=key(*party.values()),
            flow="E",
            record_id=record,
            status=status,
            closed_at=values["closed_at"],
            declared_date="2026-01-10",
            failed_rules=values["failed_rules"],
            **party,
        )

    def _back(self, told: Told, on: str, values: dict[str, Any]) -> None:
        party = {"ebc_code": "E" + told.case, "cop_no": "C" + told.case}
        row = self.connection.execute(
            "select record_id from staging.stg_declarations where cop_no = $1", [party["cop_no"]]
        ).fetchone()
        assert row
        self.insert(
            "matching.returned_parts",
            run_date=on,
            declaration_key=key(*party.values()),
            gnum=values["gnum"],
            returned_qty=values["qty"],
        )
        self._decide(on, party, row[0], told.papers["list"], "closed")

    def paper(self, on: str, kind: str, values: dict[str, Any], *, live: bool = True) -> None:
        """One record of a list of papers, and that it is the current one of its key."""
        table, list_name, parts = KEYS[kind]
        record, text = next(self.numbers), key(*(values[part] for part in parts))
        lines, columns = ITEMS.get(kind, ("", ()))
        heads = {name: value for name, value in values.items() if name not in columns} | {f"{list_name}_key": text}
        if kind == "forex":
            heads["payer_name"] = "Buyer"
        if kind == "purchase":
            heads["invoice_key"] = key(values["invoice_code"], values["invoice_no"])
        if kind in ("registration", "inspection"):
            heads["declaration_key"] = key(values["ebc_code"], values["cop_no"])
        self.insert(f"staging.stg_{table}", run_date=on, record_id=record, source_id="hand", path=table, **heads)
        if lines:
            renamed = {"amount" if name == "part" else name: values[name] for name in columns}
            # an invoice of several lines has them separated by a slash
            split = {name: str(value).split("/") for name, value in renamed.items()}
            for line in range(max(map(len, split.values()))):
                row = {n: v[min(line, len(v) - 1)] for n, v in split.items()}
                row = {n: None if v == "None" else v for n, v in row.items()}
                self.insert(f"staging.stg_{lines}", run_date=on, record_id=record, gnum=line + 1, **row)
        self.insert("staging.current_records", run_date=on, list=list_name, key=text, record_id=record, is_live=live)
