"""What the platform has published, as the senders of papers read it: lines of forms, and items of closed lists."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from sandan.errors import SandanError
from sandan.warehouse.lake import connect_published

if TYPE_CHECKING:
    from sandan.home import Home

LINES = """
select
    forms.form_no, forms.month, forms.ebc_code, forms.customs_code, forms.supervision_mode, items.line_no,
    items.hs_code, items.goods_name, items.qty, items.unit, items.qty1, items.unit1, items.qty2, items.unit2,
    items.currency, items.total_price
from clearance.consolidated_declarations as forms
join clearance.consolidated_items as items using (form_no)
order by form_no, line_no
"""
LISTS = """
select facts.ebc_code, facts.cop_no, items.gnum, facts.customs_code, facts.statistics_flag, facts.supervision_mode,
    cast(facts.closed_at as date)::text as closed_on, facts.gross_weight_kg, items.hs_code, items.goods_name, items.qty,
    items.unit, items.qty1, items.unit1, items.price, items.total_price, members.form_no, members.line_no,
    numbers.invt_no
from clearance.clearance_facts as facts
join clearance.clearance_items as items using (ebc_code, cop_no)
left join clearance.consolidation_members as members using (ebc_code, cop_no, gnum)
left join (
    select ebc_code, cop_no, max(invt_no) as invt_no from exchange.receipts
    where list = 'declaration' and receipt_id like 'D%' group by ebc_code, cop_no
) as numbers using (ebc_code, cop_no)
where facts.flow = 'E' and facts.status = 'closed'
order by facts.ebc_code, facts.cop_no, items.gnum
"""
THERE = "select 1 from duckdb_tables() where database_name = 'published' and table_name = 'consolidated_items'"


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a consolidated form."""

    form_no: str
    month: str
    ebc_code: str
    customs_code: str
    supervision_mode: str
    line_no: int
    hs_code: str
    goods_name: str
    qty: Decimal
    unit: str
    qty1: Decimal
    unit1: str
    qty2: Decimal | None
    unit2: str | None
    currency: str
    total_price: Decimal


@dataclass(frozen=True, slots=True)
class Item:
    """An item of a closed export list; `form_no` where it stands on a form."""

    ebc_code: str
    cop_no: str
    gnum: int
    customs_code: str
    statistics_flag: str
    supervision_mode: str
    closed_on: str
    gross_weight_kg: Decimal
    hs_code: str
    goods_name: str
    qty: Decimal
    unit: str
    qty1: Decimal
    unit1: str
    price: Decimal
    total_price: Decimal
    form_no: str | None
    line_no: int | None
    invt_no: str | None


def published(home: Home) -> tuple[list[Line], list[Item]]:
    """Lines of forms and items of closed export lists; none where no month was consolidated yet."""
    try:
        lake = connect_published(home)
    except SandanError:  # nothing is published yet
        return [], []
    with lake:
        if not lake.execute(THERE).fetchone():
            return [], []
        rows: list[list[tuple[Any, ...]]] = [lake.execute(query).fetchall() for query in (LINES, LISTS)]
    return [Line(*row) for row in rows[0]], [Item(*row) for row in rows[1]]
