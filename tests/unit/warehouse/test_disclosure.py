"""What vintages publish and keep, on contributions written here by hand."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

import pytest

from sandan import warehouse
from sandan.month import Month
from sandan.warehouse.contract import of_vintage
from sandan.warehouse.disclosure import HIDDEN, PUBLISHED, SUPPRESSION, protect_vintage
from sandan.warehouse.vintages import Vintage

if TYPE_CHECKING:
    from collections.abc import Callable

    from sandan.home import Home
    from sandan.statistics import Account

    Query = Callable[[str], list[Any]]

NOVEMBER = Month.fromisoformat("2026-11")
#: two codes and two partners, four enterprises each; one cell has a single one
SQUARE = """
select '2026-11' as period, 'E' as flow, hs_code, partner, '011' as unit1, enterprise,
    1 as declarations, 1 as items, cast(2 as decimal(19, 5)) as qty1, cast(0.5 as decimal(19, 5)) as net_weight_kg,
    0 as items_without_net_weight,
    cast(100 as decimal(19, 5)) as value_cny, cast(14 as decimal(19, 5)) as value_usd
from (values ('61091010'), ('61091020')) as codes (hs_code), (values ('DEU'), ('FRA')) as partners (partner),
    (values ('a'), ('b'), ('c'), ('d')) as enterprises (enterprise)
"""
UNSAFE = f"{SQUARE} where not (hs_code = '61091020' and partner = 'FRA' and enterprise <> 'a')"
LEAVES = f"select count(*) from statistics.{PUBLISHED} where hs_level = 8 and partner <> 'ALL' and conf_status = "


@pytest.fixture(autouse=True)
def rules(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SANDAN_DISCLOSURE_RULES", "3 15")


@pytest.fixture
def protect(home: Home) -> Callable[..., list[Account]]:
    """Protect a vintage of which these are the contributions."""

    def run(contributions: str, vintage_no: int, month: Month = NOVEMBER) -> list[Account]:
        with warehouse.connect(home) as connection:
            connection.execute("create schema if not exists statistics")
            counted = contributions.replace("2026-11", str(month))
            connection.execute(f"create or replace table statistics.trade_contributions as {counted}")
        kind = "preliminary" if vintage_no == 1 else "revised"
        return protect_vintage(home, month, Vintage(vintage_no, kind, date(2026, 12, 4 + vintage_no), date.max))

    return run


def test_a_vintage_is_published_without_what_it_hides(protect, query: Query):
    accounts = protect(UNSAFE, 1)

    assert query(f"{LEAVES} 'C'") == [4]
    columns = "vintage_no, vintage, published_on, obs_status, value_cny is null"
    assert query(f"select distinct {columns} from statistics.{PUBLISHED} order by all") == [
        (1, "preliminary", date(2026, 12, 5), "P", False),
        (1, "preliminary", date(2026, 12, 5), "Q", True),
    ]
    assert query(f"select hs_level, cells, hidden_cells, hidden_share, withheld from statistics.{SUPPRESSION}") == [
        (account.hs_level, account.cells, account.hidden_cells, account.share, False) for account in accounts
    ]
    assert query(f"select hs_code, partner from statistics.{HIDDEN} where unsafe") == [("61091020", "FRA")]


def test_what_a_vintage_hid_stays_hidden_and_what_it_published_as_it_was(protect, query: Query):
    protect(UNSAFE, 1)
    first = query(f"from statistics.{PUBLISHED} order by all")
    protect(SQUARE, 2)

    assert query(f"{LEAVES} 'C' and vintage_no = 2") == [4]
    revised = f"from statistics.{PUBLISHED} where vintage_no = 2"
    assert query(f"select distinct obs_status {revised} order by all") == ["A", "Q"]
    assert query(f"from statistics.{PUBLISHED} where vintage_no = 1 order by all") == first


def test_a_cell_with_an_item_that_has_no_net_weight_has_none(protect, query: Query):
    lacking = "hs_code = '61091020' and partner = 'FRA' and enterprise = 'a'"
    protect(f"select * replace (if({lacking}, 1, 0) as items_without_net_weight) from ({SQUARE})", 1)

    without = f"from statistics.{PUBLISHED} where net_weight_kg is null"
    assert query(f"select hs_level, hs_code, partner {without} order by all") == [
        (level, code, partner)
        for level, code in ((0, "TOTAL"), (2, "61"), (4, "6109"), (6, "610910"), (8, "61091020"))
        for partner in ("ALL", "FRA")
    ]
    assert query(f"select distinct conf_status, value_cny is null {without}") == [("F", False)]


def test_what_a_vintage_hid_that_stopped_is_forgotten(protect, query: Query):
    protect(UNSAFE, 1)
    protect(SQUARE, 1)

    assert query(f"{LEAVES} 'F'") == [4]
    assert query(f"select count(*) from statistics.{HIDDEN}") == [0]
    assert query(f"select sum(hidden_cells), count(*) from statistics.{SUPPRESSION}") == [(0, 5)]


def test_other_months_are_left_alone(protect, query: Query):
    protect(UNSAFE, 1, NOVEMBER.before)
    protect(SQUARE, 2)

    assert query(f"{LEAVES} 'C' and period = '2026-11'") == [0]
    assert query(f"{LEAVES} 'C' and period = '2026-10'") == [4]


def test_what_tells_of_the_rule_is_not_published():
    tables = {table for family in of_vintage(NOVEMBER, 1) for table in family.tables}

    assert {PUBLISHED, SUPPRESSION} <= tables
    assert HIDDEN not in tables
