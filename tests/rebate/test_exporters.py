"""Three runs by hand: what an exporter is told to do, and when its money comes, follows its papers by itself."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest

from sandan import warehouse
from tests.rebate.rebate_told import CLOSED, PAPERS

if TYPE_CHECKING:
    from sandan.home import Home

#: the day after the last of 36 months, for goods that left on 14 January 2026
LAST = "2029-01-15"
LINES = """
select rule_id, money_cny, due_on::varchar, opened_on::varchar, closed_on::varchar, closed_because
from integrated_service.enterprise_worklist where ebc_code = $1 order by rule_id
"""
WEEKS = """
select week::varchar, items, complete_cny, incomplete_cny
from integrated_service.enterprise_rebate_finance where ebc_code = $1 order by week
"""
ADVANCE = """
select eligible_cny, advance_limit_cny, granted_cny, days_to_eligibility_median
from integrated_service.enterprise_advance where ebc_code = $1
"""
FOREX = "select declared, received, netted, open, items from integrated_service.enterprise_forex where ebc_code = $1"


@pytest.fixture(scope="module")
def told(outcomes: dict[str, Any], rebate_home: Home) -> dict[tuple[str, str], list[list[tuple[Any, ...]]]]:
    """Run and enterprise → lines, weeks, advance and exchange after that run."""
    found = {}
    for day in (CLOSED, PAPERS, LAST):
        assert day in outcomes
        warehouse.transform(rebate_home, date.fromisoformat(day), "integrated_service")
        with warehouse.connect(rebate_home, read_only=True) as connection:
            for code in ("E001", "E003"):
                found[day, code] = [
                    connection.execute(query, [code]).fetchall() for query in (LINES, WEEKS, ADVANCE, FOREX)
                ]
    return found


def test_lines_close_with_the_papers_and_the_money_moves(told) -> None:
    """100 USD at 7, closed on 14 January: 700 × 70 % × 13 % = 63.70, three weeks after 15 February; then 65."""
    lines, weeks, advance, forex = told[CLOSED, "E001"]
    assert lines == [
        ("REB02", Decimal("63.70"), "2027-04-30", CLOSED, None, None),
        ("REB14", Decimal(700), "2027-04-30", CLOSED, None, None),
    ]
    assert weeks == [("2026-03-02", 1, 0, Decimal("63.70"))]
    assert advance == [(0, 0, 0, None)]
    assert forex == [(100, 0, 0, 100, 1)]

    lines, weeks, advance, forex = told[PAPERS, "E001"]
    assert lines == [
        ("REB02", Decimal("63.70"), "2027-04-30", CLOSED, PAPERS, "arrived"),
        ("REB14", Decimal(700), "2027-04-30", CLOSED, PAPERS, "arrived"),
    ]
    assert weeks == [("2026-03-09", 1, 65, 0)], "three weeks after 20 February"
    assert advance == [(65, 52, 65, 37)], "80 % of 65; 37 days from 14 January"
    assert forex == [(100, 100, 0, 0, 1)]


def test_what_never_comes_expires(told) -> None:
    """Customs did not close the form: exchange came, and after 36 months the goods are taxed."""
    lines, weeks, advance, _ = told[PAPERS, "E003"]
    assert lines == [
        ("REB02", Decimal("65.00"), "2027-04-30", CLOSED, None, None),
        ("REB14", Decimal(700), "2027-04-30", CLOSED, PAPERS, "arrived"),
    ], "the invoices are there: 500 × 13 %"
    assert weeks == [("2026-03-02", 1, 0, 65)]
    assert advance == [(0, 0, 0, None)]

    lines, weeks, _, _ = told[LAST, "E003"]
    assert [line[4:] for line in lines] == [(LAST, "expired"), (PAPERS, "arrived")]
    assert weeks == []
