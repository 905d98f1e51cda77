"""Whatever a relation holds: its base is shared without a rest, and no invoice line gives more than it has."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import pytest

from sandan import warehouse
from tests.rebate.rebate_random import CENT, FINEST, Relation, relations

if TYPE_CHECKING:
    from sandan.home import Home

RATE = Decimal("0.13")


def to_the_cent(value: Fraction) -> Decimal:
    """Half up."""
    return Decimal(int(value * 200 + 1) // 2) * CENT


@pytest.fixture
def rows(outcomes: Any, rebate_home: Home):
    def of(columns: str, table: str, case: str) -> list[tuple[Any, ...]]:
        with warehouse.connect(rebate_home, read_only=True) as connection:
            return connection.execute(
                f"select {columns} from public_service.{table} where cop_no = $1 order by all", [f"C{case}"]
            ).fetchall()

    return of


@pytest.mark.parametrize("relation", [r for r in relations() if r.lines], ids=lambda r: r.case)
def test_a_base_is_shared_without_a_rest(relation: Relation, rows) -> None:
    net, invoiced = (
        sum(column, Decimal(0)) for column in ((n for _, n in relation.lines), (q for q, _ in relation.lines))
    )
    whole = sum(relation.quantities, Decimal(0))
    base = to_the_cent(Fraction(net) * Fraction(whole) / Fraction(invoiced))
    found = rows("gnum, base_amount, refund_amount", "rebate_eligibility", relation.case)
    assert len(found) == len(relation.quantities)
    assert sum(amount for _, amount, _ in found) == base <= net
    for (gnum, amount, refund), quantity in zip(found, relation.quantities, strict=True):
        exact = Fraction(base) * Fraction(quantity) / Fraction(whole)
        assert abs(Fraction(amount) - exact) <= Fraction(CENT), gnum
        assert amount >= 0
        assert amount == amount.quantize(CENT)
        assert refund == (amount * RATE).quantize(CENT, ROUND_HALF_UP)


@pytest.mark.parametrize("relation", [r for r in relations() if r.lines], ids=lambda r: r.case)
def test_parts_of_invoice_lines_add_up_both_ways(relation: Relation, rows) -> None:
    bases = dict(rows("gnum, base_amount", "rebate_eligibility", relation.case))
    cells = rows("gnum, invoice_line, qty, amount", "invoice_allocations", relation.case)
    assert len(cells) == len(relation.quantities) * len(relation.lines)
    for gnum, quantity in enumerate(relation.quantities, start=1):
        of_item = [(qty, amount) for item, _, qty, amount in cells if item == gnum]
        assert sum(qty for qty, _ in of_item) == quantity
        assert sum(amount for _, amount in of_item) == bases[gnum]
    for line, (quantity, net) in enumerate(relation.lines, start=1):
        of_line = [(qty, amount) for _, number, qty, amount in cells if number == line]
        assert 0 <= sum(qty for qty, _ in of_line) <= quantity
        assert 0 <= sum(amount for _, amount in of_line) <= net
    # rounding may leave a part of nothing a hair below it
    assert all(qty >= -2 * FINEST and amount >= -2 * FINEST for _, _, qty, amount in cells)


@pytest.mark.parametrize("month", [r for r in relations() if not r.lines], ids=lambda r: r.case)
def test_a_month_of_a_manufacturer_is_shared_without_a_rest(month: Relation, rows) -> None:
    # each item is declared with 100 dollars at 7
    credit = 91 * len(month.quantities)
    found = [refund for (refund,) in rows("refund_amount", "rebate_eligibility", month.case)]
    assert len(found) == len(month.quantities)
    assert sum(found) == min(month.credit, Decimal(credit))
    assert max(found) - min(found) <= CENT
