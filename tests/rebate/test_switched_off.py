"""What the catalogue no longer asks for does not stop a refund, nor take its base away."""

from __future__ import annotations

import itertools
from datetime import date
from decimal import Decimal

from sandan import gates, warehouse
from tests.rebate.rebate_told import CLOSED, PAPERS, Told, Warehouse

OFF = "update reference.rules set action = 'off' where rule_id in ('REB11', 'REB12', 'REB14', 'BLK04')"
#: case → papers, the bases of its items, and how they come about
CASES = {
    "unit": ("invoice.unit=007", ["500.00"]),  # all that was invoiced
    "units": (
        "invoice.unit=011/035; invoice.qty=5/1.25; invoice.net_amount=250/250; +purchase2; purchase2.invoice_line=2",
        ["500.00"],
    ),
    "none_of_it": ("invoice.unit=007; invoice.qty=0", ["500.00"]),
    "no_exchange": ("-forex", ["500.00"]),
    "short": ("invoice.qty=4; invoice.net_amount=200", ["200.00"]),  # no more than was invoiced
    "whole": ("invoice.qty=20", ["250.00"]),  # 500.00 × 10 ÷ 20
    # one line of 20 in two relations: the first has 500.00 × 10 ÷ 20, nothing of it is left to the other
    "twice": (
        (
            "+item2; item2.line_no=2; +claim2; claim2.line_no=2; closing.gname=shirt/shirt; invoice.qty=20; "
            "forex.amount=200; forex.part=200; claim2.relation_no=Q; +purchase2; purchase2.relation_no=Q"
        ),
        ["0.00", "250.00"],
    ),
    # two items share the 100.00 of another unit by declared quantity
    "shared": (
        "item.qty=1; +item2; item2.qty=3; forex.amount=200; forex.part=200; invoice.unit=007; invoice.net_amount=100",
        ["25.00", "75.00"],
    ),
}


def test_a_base_does_not_depend_on_what_can_be_switched_off(new_home) -> None:
    home, numbers = new_home(), itertools.count(1000)
    told = [Told(case, papers) for case, (papers, _) in CASES.items()]
    with warehouse.connect(home) as connection:
        connection.execute(OFF)
    for day in (CLOSED, PAPERS):
        with warehouse.connect(home) as connection:
            for case in told:
                Warehouse(connection, numbers).tell(case, day)
        warehouse.transform(home, date.fromisoformat(day), "public_service")
        assert gates.check(home, date.fromisoformat(day), "public_service") == []
    with warehouse.connect(home, read_only=True) as connection:
        rows = connection.execute(
            "select cop_no[2:], verdict, base_amount, refund_amount from public_service.rebate_eligibility "
            "order by cop_no, gnum"
        ).fetchall()
    bases = {case: [Decimal(base) for base in expected] for case, (_, expected) in CASES.items()}
    assert {case: [row[2] for row in rows if row[0] == case] for case in CASES} == bases
    assert all(verdict == "rebate" for _, verdict, _, _ in rows)
    assert all(refund == round(base * Decimal("0.13"), 2) for _, _, base, refund in rows)
