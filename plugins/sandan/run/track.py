"""`make track ORDER=…`: what happened to each parcel of an order, from the published lake."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from rich.console import Console
from rich.markup import escape

from sandan.errors import SandanError
from sandan.run.pages import rows_of, table, titles_of_rules
from sandan.warehouse.lake import connect_published

if TYPE_CHECKING:
    import duckdb

    from sandan.home import Home

PARCELS = """
select *
from clearance.clearance_facts
where order_no = $order_no
order by ebp_code, declared_at, ebc_code, cop_no
"""
EVENTS = """
select "at", event, list, source_id
from clearance.tracking_events
where (ebc_code, cop_no) = ($ebc_code, $cop_no)
order by "at", list_position($steps, event), source_id
"""
FINDINGS = """
select rule_id, action, expected, observed, found_on
from clearance.check_findings
where (ebc_code, cop_no) = ($ebc_code, $cop_no)
order by rule_id
"""
#: of the declaration and what cancels or returns it; of its order and payments; of its waybill
RECEIPTS = """
select strptime(left(return_time, 14), '%Y%m%d%H%M%S'), message, list, return_status, return_info, source_id
from exchange.receipts
where run_date >= $since and message <> 'CEB900' and (
    (ebc_code, cop_no) = ($ebc_code, $cop_no)
    or (list in ('order', 'payment') and (ebp_code, order_no) = ($ebp_code, $order_no))
    or (list in ('waybill', 'waybill_status') and (logistics_code, logistics_no) = ($logistics_code, $logistics_no))
)
order by return_time, message, receipt_id
"""
#: a refused list may be older than the first event, but not by years, and days before need not be read
BEFORE = timedelta(days=90)
KEYS = ("ebc_code", "cop_no", "ebp_code", "order_no", "logistics_code", "logistics_no")
#: what follows on what, where two events have the same time
STEPS = [
    "ordered", "paid", "shipped", "declared", "stored", "matched", "review", "refused", "released", "arrived",
    "departed", "closed", "returned", "consolidated", "cancelled",
]  # fmt: skip
FLOWS = {"E": "export 出口", "I": "import 进口"}


def track(home: Home, order_no: str, console: Console | None = None) -> int:
    """Print events, findings, receipts and clearance times of every parcel of an order; returns the exit status.

    Raises:
        SandanError: no declaration names the order.
    """
    console = console or Console(highlight=False, soft_wrap=True)
    with connect_published(home) as lake:
        parcels = rows_of(lake, PARCELS, {"order_no": order_no})
        if not parcels:
            raise SandanError(
                f"no published declaration names the order {order_no}",
                "check the number; the order itself may be there and wait: table clearance.list_usage",
            )
        for parcel in parcels:
            _show(console, lake, parcel)
    return 0


def _show(console: Console, lake: duckdb.DuckDBPyConnection, parcel: dict[str, Any]) -> None:
    key = {name: parcel[name] for name in KEYS}
    declaration = {name: key[name] for name in ("ebc_code", "cop_no")}
    events = rows_of(lake, EVENTS, declaration | {"steps": STEPS})
    findings = rows_of(lake, FINDINGS, declaration)
    since = min([event["at"] for event in events] or [parcel["declared_at"]]).date() - BEFORE
    receipts = rows_of(lake, RECEIPTS, key | {"since": since})
    title = f"order {key['order_no']} of {key['ebp_code']}, declaration {key['cop_no']} of {key['ebc_code']}"
    waybill = f"waybill {key['logistics_no']} of {key['logistics_code']}" if key["logistics_no"] else "no waybill named"
    console.print(f"[bold]{escape(title)}[/]: [bold]{parcel['status']}[/]")
    console.print(escape(f"{FLOWS[parcel['flow']]} {parcel['supervision_mode']}, {waybill}"))
    console.print(f"declared to released: {_hours(parcel['hours_to_release'])}; ", end="")
    console.print(f"released to closed: {_hours(parcel['hours_to_close'])}")
    table(console, ("time", "event", "list", "source"), [tuple(event.values()) for event in events])
    if findings:
        titles = titles_of_rules()
        rows = [
            (
                f["rule_id"],
                f["action"],
                titles.get(f["rule_id"], ""),
                f"expected {f['expected']}; observed {f['observed']}",
                f"since {f['found_on']}",
            )
            for f in findings
        ]
        table(console, ("rule", "action", "title", "finding", ""), rows)
    if receipts:
        table(console, ("time", "receipt", "of", "status", "says", "to source"), [tuple(r.values()) for r in receipts])
    console.print()


def _hours(hours: Any) -> str:
    return "not yet" if hours is None else f"{hours:,.1f} hours"
