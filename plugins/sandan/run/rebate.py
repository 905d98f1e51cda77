"""`make rebate FORM=…`: papers, rules, amounts and gaps of the items on a declaration form, from the published lake."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from rich.console import Console
from rich.markup import escape

from sandan.errors import SandanError
from sandan.run.pages import rows_of, table, titles_of_rules
from sandan.warehouse.lake import connect_published

if TYPE_CHECKING:
    import duckdb

    from sandan.home import Home

ITEMS = """
select verdicts.*, items.goods_name, items.hs_code, items.qty, items.unit, items.returned_qty, items.total_price
from public_service.rebate_eligibility as verdicts
left join clearance.clearance_items as items using (ebc_code, cop_no, gnum)
where $form in (form_no, declaration_no) and ($line is null or line_no = $line)
order by form_no, line_no, ebc_code, cop_no, gnum
"""
FINDINGS = """
select rule_id, action, expected, observed, missing_zh, missing_en
from public_service.rebate_findings where (ebc_code, cop_no, gnum) = ($ebc_code, $cop_no, $gnum) order by rule_id
"""
INVOICES = """
select invoice, invoice_line, qty, amount
from public_service.invoice_allocations where (ebc_code, cop_no, gnum) = ($ebc_code, $cop_no, $gnum) order by all
"""
RECEIPTS = """
select receipt, forex_line, received_on, currency, amount
from public_service.forex_allocations where (ebc_code, cop_no, gnum) = ($ebc_code, $cop_no, $gnum) order by all
"""
ENTRIES = """
select run_date, cause, amount
from public_service.rebate_entries where (ebc_code, cop_no, gnum) = ($ebc_code, $cop_no, $gnum) order by run_date
"""
KEY = ("ebc_code", "cop_no", "gnum")
METHODS = {"T": "免退", "C": "免抵退"}


def explain(home: Home, form: str, line: int | None = None, console: Console | None = None) -> int:
    """Print what the verdict on each item of a form, or of one of its lines, rests on; returns the exit status.

    Raises:
        SandanError: no item stands on the form or line.
    """
    console = console or Console(highlight=False, soft_wrap=True)
    with connect_published(home) as lake:
        items = rows_of(lake, ITEMS, {"form": form, "line": line})
        if not items:
            where = form if line is None else f"{form}, line {line}"
            raise SandanError(
                f"no exported item stands on {where}",
                "make consolidate puts items on forms, the runs after it judge them: public_service.rebate_eligibility",
            )
        for item in items:
            _show(console, lake, item)
    return 0


def _show(console: Console, lake: duckdb.DuckDBPyConnection, item: dict[str, Any]) -> None:
    key = {name: item[name] for name in KEY}
    findings = rows_of(lake, FINDINGS, key)
    title = (
        f"form {item['form_no']} line {item['line_no']}: item {item['gnum']} of {item['cop_no']} of {item['ebc_code']}"
    )
    console.print(f"[bold]{escape(title)}[/]: [bold]{item['verdict']}[/] {escape(', '.join(item['reason_rules']))}")
    console.print(
        escape(f"{item['hs_code']} {item['goods_name']}, {item['qty']} {item['unit']}, back {item['returned_qty']}")
    )
    console.print(
        escape(
            f"exported {item['export_date']} (rules {item['rule_version']}), "
            f"customs' number {item['declaration_no'] or 'not yet'}; {METHODS[item['method']]}, "
            f"relation {item['relation_no'] or 'none'}, month {item['period'] or 'none'}"
        )
    )
    console.print(
        f"base {_shown(item['base_amount'])} × rate {_shown(item['rebate_rate'])} → "
        f"refund {item['refund_amount']:.2f} CNY "
        f"({item['state']}); received {item['forex_received']} of {_shown(item['total_price'])} in {item['currency']}"
    )
    if item["deadline"]:
        console.print(f"until {item['deadline']}")
    if findings:
        titles = titles_of_rules()
        rows = [
            (
                found["rule_id"],
                found["action"],
                titles.get(found["rule_id"], ""),
                f"expected {found['expected']}; observed {found['observed']}",
                " ".join(filter(None, ("missing", found["missing_zh"], found["missing_en"])))
                if found["missing_en"]
                else "",
            )
            for found in findings
        ]
        table(console, ("rule", "action", "title", "finding", ""), rows)
    for header, query in (
        (("invoice", "line", "quantity", "amount"), INVOICES),
        (("receipt of exchange", "line", "received", "currency", "amount"), RECEIPTS),
        (("entered", "cause", "amount"), ENTRIES),
    ):
        if found_rows := rows_of(lake, query, key):
            table(console, header, [tuple(row.values()) for row in found_rows])
    console.print()


def _shown(value: Any) -> str:
    return "unknown" if value is None else str(value)
