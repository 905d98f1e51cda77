"""`make prove`: the chain of a declaration, or of every declaration behind a cell, from the lake to the landing."""

from __future__ import annotations

from typing import TYPE_CHECKING

import duckdb
from rich.console import Console
from rich.markup import escape

from sandan.errors import SandanError
from sandan.evidence.proof import Proof
from sandan.run.pages import rows_of

if TYPE_CHECKING:
    from sandan.home import Home

#: of the vintage that readers see
CELL = """
select ebc_code, cop_no, count(*) as items, sum(value_cny) as value_cny
from published.statistics.trade_items
where (period, flow, hs_code, partner) = ($period, $flow, $hs_code, $partner)
    and vintage_no = (select max(vintage_no) from published.statistics.trade_items where period = $period)
group by all order by all
"""


def prove(home: Home, declaration: str, console: Console | None = None) -> int:
    """Print the chain of `declaration` (EBC/COP_NO), with what of it is not as it was; returns the exit status.

    Raises:
        BusyError: another process has the warehouse.
        SandanError: no such declaration is published.
    """
    console = console or Console(highlight=False, soft_wrap=True)
    with Proof(home) as proof:
        proof.declaration(declaration)
        proof.show(console)
    return proof.status


def prove_cell(home: Home, cell: str, console: Console | None = None) -> int:
    """The same for every declaration behind a cell of trade: PERIOD/FLOW/HS_CODE/PARTNER, e.g. 2026-11/E/61091000/USA.

    Raises:
        SandanError: there are no statistics, or no item is in the cell.
    """
    console = console or Console(highlight=False, soft_wrap=True)
    key = dict(zip(("period", "flow", "hs_code", "partner"), cell.split("/"), strict=False))
    with Proof(home) as proof:
        try:
            members = rows_of(proof.warehouse, CELL, {"period": "", "flow": "", "hs_code": "", "partner": ""} | key)
        except duckdb.CatalogException:
            raise SandanError("no statistics are published", "publish the month's first") from None
        if not members:
            raise SandanError(
                f"no item is counted in {cell}", "write PERIOD/FLOW/HS_CODE/PARTNER: 2026-11/E/61091000/USA"
            )
        items, value = (sum(member[name] for member in members) for name in ("items", "value_cny"))
        console.print(f"[bold]{escape(cell)}[/]: {items:,} items of {len(members):,} declarations, {value:,.2f} CNY\n")
        for member in members:
            proof.declaration(f"{member['ebc_code']}/{member['cop_no']}")
        proof.show(console)
    return proof.status
