"""Vintages of a month over runs that learn more: the models and the lake, on marts written here by hand."""

from __future__ import annotations

import shutil
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import pytest

from sandan import warehouse
from sandan.errors import SandanError
from sandan.gates import results
from sandan.home import PROJECT, Home
from sandan.month import Month
from sandan.warehouse.disclosure import protect_vintage
from sandan.warehouse.runs import record_run
from sandan.warehouse.vintages import Vintage, check_open, is_news, record_vintage, vintage_at_work

NOVEMBER = Month.fromisoformat("2026-11")
NOON = datetime(2026, 12, 5, 12)
#: the cells as of a day, as docs/statistics.md says it
AS_OF = """
select cells.hs_code, cells.items, cells.value_cny, cells.returned_value_cny
from statistics.trade_cells as cells
join (
    select month, max(vintage_no) as vintage_no
    from audit.trade_vintages where cast(ended_at as date) <= $1 group by month
) as known on cells.period = known.month and cells.vintage_no = known.vintage_no
where cells.period = '2026-11' order by all
"""


class Marts:
    """Marts as daily runs leave them, and the job that counts them."""

    def __init__(self, home: Home) -> None:
        self.home = home

    def execute(self, sql: str) -> None:
        with warehouse.connect(self.home) as connection:
            connection.execute(sql)

    def export(self, cop_no: str, hs_code: str, value: str, closed_at: str, status: str = "closed") -> None:
        """A list of one item that left, with its value in CNY."""
        self.execute(
            "insert into clearance.clearance_facts by name select 'E' as ebc_code, "
            f"'{cop_no}' as cop_no, 'E' as flow, '9610' as supervision_mode, '5349' as customs_code, "
            f"'5' as transport_mode, 'B' as statistics_flag, date '2026-11-02' as declared_date, '{status}' as status, "
            f"cast({closed_at} as timestamp) as closed_at, 1 as item_count, {value} as goods_value_cny, "
            "0.5 as net_weight_kg, date '2026-11-30' as changed_on;"
            "insert into clearance.clearance_items by name select 'E' as ebc_code, "
            f"'{cop_no}' as cop_no, 1 as gnum, '{hs_code}' as hs_code, 'HKG' as country, 2 as qty, 2 as qty1, "
            f"'011' as unit1, '142' as currency, {value} as total_price, {value} as value_cny, 1 as value_usd, "
            "0 as returned_qty, date '2026-11-30' as changed_on"
        )

    def publish_day(self, day: date) -> None:
        warehouse.begin(self.home, day)
        told = {"started_at": NOON, "ended_at": NOON, "unclaimed": [], "stage_seconds": {}}
        record_run(self.home, day, run_id=f"run of {day}", **told)
        warehouse.publish(self.home, day, f"run of {day}")

    def build(self, made_on: date, *, final: bool = False) -> bool:
        """What the job does up to the gate; returns whether there is anything new."""
        warehouse.begin_vintage(self.home, NOVEMBER, made_on, final=final)
        vintage = vintage_at_work(self.home, NOVEMBER)
        warehouse.transform(self.home, NOVEMBER.last, "statistics", variables=vintage.variables)
        protect_vintage(self.home, NOVEMBER, vintage)
        return is_news(self.home, vintage)

    def record(self) -> None:
        vintage = vintage_at_work(self.home, NOVEMBER)
        ended_at = datetime.combine(vintage.made_on, NOON.time())
        about = {"run_id": "run", "started_at": ended_at, "ended_at": ended_at, "stage_seconds": {}}
        record_vintage(self.home, NOVEMBER, vintage, **about)

    def publish(self) -> None:
        self.record()
        vintage = vintage_at_work(self.home, NOVEMBER)
        warehouse.publish_vintage(self.home, NOVEMBER, vintage.vintage_no, "run")
        with pytest.raises(SandanError, match="is published, and stays as it is"):
            check_open(self.home, NOVEMBER, vintage)

    def published(self, sql: str, *values: Any) -> list[tuple[Any, ...]]:
        with warehouse.connect_published(self.home) as lake:
            return lake.execute(sql, list(values)).fetchall()


@pytest.fixture(scope="module")
def marts(home: Home, tmp_path_factory: pytest.TempPathFactory) -> Marts:
    """The empty warehouse of these tests, with two exports of November, one of December and one that waits."""
    own = Home(root=tmp_path_factory.mktemp("vintages"), sources=PROJECT / "sources")
    shutil.copy(home.warehouse, own.warehouse)
    marts = Marts(own)
    results.prepare(own)
    marts.export("A", "6109100010", "80", "'2026-11-03 08:00:00'")
    marts.export("B", "6109100010", "160", "'2026-11-30 23:59:59'")
    marts.export("C", "9503008900", "40", "'2026-12-01 00:00:00'")
    marts.export("D", "9503008900", "8", "null", status="waiting")
    marts.publish_day(date(2026, 11, 30))
    return marts


def told(marts: Marts, day: str) -> list[tuple[Any, ...]]:
    return marts.published(AS_OF, day)


def test_vintages_of_a_month(marts: Marts) -> None:
    """One story: preliminary, nothing new, stopped half way, revised, final."""
    assert marts.build(date(2026, 12, 5))
    marts.publish()
    first = [("61091000", 2, Decimal(240), Decimal(0))]
    assert told(marts, "2026-12-05") == first
    assert told(marts, "2026-12-04") == []
    assert marts.published("select reason, declarations, items from statistics.trade_exclusions") == [("waiting", 1, 1)]

    # all of it is of one enterprise: nobody outside reads any of it, nor in the lake what was unsafe
    assert marts.published("select distinct vintage_no, conf_status, value_cny from statistics.trade_published") == [
        (1, "C", None)
    ]
    assert marts.published("select distinct withheld from statistics.trade_suppression") == [(True,)]
    assert marts.published("select count(*) from duckdb_tables() where table_name = 'trade_hidden'") == [(0,)]

    # run again: nothing has changed, none is added
    assert not marts.build(date(2026, 12, 6))
    assert marts.published("select month, vintage_no, vintage from audit.trade_vintages") == [
        ("2026-11", 1, "preliminary")
    ]

    # learnt since: D had left, A came back in part, B has another code
    marts.execute("update clearance.clearance_facts set status = 'closed', closed_at = '2026-11-29' where cop_no = 'D'")
    marts.execute(
        "insert into clearance.returned_items by name select 'E' as ebc_code, 'A' as cop_no, 'G' as guid, 1 as gnum, "
        "1 as returned_qty, timestamp '2026-11-20 10:00:00' as asked_at, date '2026-12-06' as received_on, "
        "true as in_time, date '2026-11-30' as changed_on"
    )
    marts.execute("update clearance.clearance_items set hs_code = '6109900010' where cop_no = 'B'")
    marts.publish_day(date(2027, 1, 4))

    # killed after it was built and recorded, before it was published: readers and the next vintage know nothing of it
    assert marts.build(date(2027, 1, 5))
    marts.record()
    marts.execute("alter table audit.gate_results rename to gone")
    with pytest.raises(SandanError, match=r"audit\.gate_results"):
        marts.publish()
    marts.execute("alter table audit.gone rename to gate_results")
    assert told(marts, "2027-12-31") == first
    assert marts.published("select count(*) from statistics.trade_items") == [(2,)]

    assert marts.build(date(2027, 1, 6))
    marts.publish()
    assert told(marts, "2027-01-05") == first
    assert told(marts, "2027-01-06") == [
        ("61091000", 1, Decimal(80), Decimal(40)),
        ("61099000", 1, Decimal(160), Decimal(0)),
        ("95030089", 1, Decimal(8), Decimal(0)),
    ]
    assert marts.published(
        "select hs_code, measure, cause, before, after, change from statistics.trade_revisions "
        "where measure in ('value_cny', 'returned_value_cny') order by all"
    ) == [
        ("61091000", "returned_value_cny", "returned", 0, 40, 40),
        ("61091000", "value_cny", "corrected", 240, 80, -160),
        ("61099000", "value_cny", "corrected", 0, 160, 160),
        ("95030089", "value_cny", "late", 0, 8, 8),
    ]

    # final: D was cancelled, which readers of the protected tables cannot see; none after it
    cancelled = "update clearance.clearance_facts set status = 'cancelled', closed_at = null where cop_no = 'D'"
    marts.execute(cancelled)
    assert marts.build(date(2027, 6, 1), final=True)
    marts.publish()
    assert marts.published("select vintage_no, vintage, items, revised_items from audit.trade_vintages order by 1") == [
        (1, "preliminary", 2, 0),
        (2, "revised", 3, 3),
        (3, "final", 2, 1),
    ]
    of_d = "select vintage_no, conf_status from statistics.{} where hs_code = '95030089' and partner = 'HKG' order by 1"
    assert marts.published(of_d.format("trade_cells").replace("conf_status", "items")) == [(2, 1)]
    assert marts.published(of_d.format("trade_published")) == [(2, "C"), (3, "C")]
    assert marts.published("select distinct vintage from statistics.trade_cells where vintage_no = 3") == [("final",)]
    with pytest.raises(SandanError, match="2026-11 is final with vintage 3: no vintage follows"):
        marts.build(date(2027, 6, 2))


def test_a_month_waits_for_its_last_day_and_for_days_that_stopped(marts: Marts) -> None:
    with pytest.raises(SandanError, match=r"2027-01 is not complete: the last published run is of 2027-01-04"):
        warehouse.begin_vintage(marts.home, Month.fromisoformat("2027-01"), date(2027, 2, 5))
    december, began = Month.fromisoformat("2026-12"), Vintage(1, "preliminary", date(2027, 2, 5), date(2027, 1, 4))
    check_open(marts.home, december, began)
    with pytest.raises(SandanError, match="a day was published since the vintage of 2026-12 began"):
        check_open(marts.home, december, replace(began, data_until=date(2027, 1, 3)))
    warehouse.begin(marts.home, date(2027, 1, 5))
    with pytest.raises(SandanError, match=r"2027-01-05 began and is not published.*\n.*make run DATE=2027-01-05"):
        warehouse.begin_vintage(marts.home, Month.fromisoformat("2026-12"), date(2027, 2, 5))


@pytest.mark.parametrize(("month", "kind"), [("2025-11", "preliminary"), ("2025-10", "final")])
def test_an_old_month_is_final(marts: Marts, month: str, kind: str) -> None:
    old = Month.fromisoformat(month)
    marts.execute(f"insert into main.vintages_begun values ('{month}', 1, false, date '2026-12-05', date '2026-11-30')")
    assert vintage_at_work(marts.home, old).vintage == kind


def test_unit_values_are_compared_over_twelve_months(marts: Marts) -> None:
    """The last recorded vintage of each of the eleven months before, and the one at work."""
    known = "('2025-11', 1), ('2025-12', 1), ('2025-12', 2), ('2026-10', 1), ('2026-11', 8), ('2026-12', 1)"
    marts.execute(
        f"insert into audit.trade_vintages by name select * from (values {known}) as known (month, vintage_no)"
    )
    warehouse.transform(marts.home, NOVEMBER.last, "statistics", variables={"vintage_no": 9, "made_on": "2027-06-01"})
    with warehouse.connect(marts.home, read_only=True) as connection:
        found = connection.execute("from statistics.counted_months order by all").fetchall()
    assert found == [("2025-12", 2), ("2026-10", 1), ("2026-11", 9)]
