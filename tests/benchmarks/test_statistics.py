"""A month of three million items to published cells, as `make statistics` counts it.

The marts are SYNTHETIC: rows made by SQL in the shape that daily runs leave, in place of thirty simulated days. A few
enterprises, codes and partners have most of the trade.
`ITEMS=300000` in the environment names another size. Twice: a first vintage, and one that revises a share of its items.

The baseline is DuckDB alone: the same items beside their lists, added up by the columns of a cell in one statement and
written to a table. It has no dates, values of import, returns, revisions, disclosure control or proof.
"""

from __future__ import annotations

import os
import time
from datetime import datetime

import pytest
from benchmark_day import Run, measured
from benchmark_report import against, show
from benchmark_usage import sandan

from sandan import warehouse
from sandan.gates import results
from sandan.home import PROJECT, Home
from sandan.month import CountedMonth
from sandan.run import outcomes
from sandan.warehouse.runs import record_run
from tests.days import PARTS

pytestmark = pytest.mark.benchmark

NOVEMBER = CountedMonth.fromisoformat("2026-11")
ITEMS = int(os.environ.get("ITEMS", "3000000"))
ITEMS_OF_FOUR_LISTS = 10  # 1, 2, 3 and 4
ENTERPRISES, CODES, CODES_OF_ONE, PARTNERS = 3000, 3000, 30, 150
TARGET_SIZE, TARGET_SECONDS, TARGET_BYTES = 3_000_000, 60, 6e9
NOON = datetime(2026, 12, 5, 12)
SYNTHETIC = f"""
create temp macro spread(a, b, n) as cast(hash(a, b) % n as bigint);
-- most often the first of n
create temp macro few(a, b, n) as cast(floor(pow(spread(a, b, 1000000) / 1e6, 8) * n) as bigint);
create temp table partners as
select iso as country, row_number() over (order by hash(iso)) - 1 as n
from (select distinct iso from reference.code_lists where code_list = 'country' and iso <> 'CHN');
create temp table lists as
select
    'SYNTHETIC-' || few(i, 0, {ENTERPRISES}) as ebc_code,
    'L' || lpad(cast(i as varchar), 10, '0') as cop_no,
    if(i % 5 = 0, 'I', 'E') as flow,
    ['9610', '9610', '1210', '9710'][1 + i % 4] as supervision_mode,
    cast(5100 + spread(i, 1, 12) as varchar) as customs_code,
    ['5', '2', '6'][1 + spread(i, 2, 3)] as transport_mode,
    if(i % 7 = 0, 'A', 'B') as statistics_flag,
    if(i % 5 = 0, 'released', 'closed') as status,
    date '2026-11-01' + cast(i % 30 as integer) as declared_date,
    declared_date + interval 9 hour as moment,
    1 + i % 4 as item_count,
    cast(item_count * 0.35 as decimal(19, 5)) as net_weight_kg,
    declared_date as changed_on
from range({ITEMS * 4 // ITEMS_OF_FOUR_LISTS}) as counted(i);
create temp table goods as
select hs_code || '0010' as hs_code, row_number() over (order by hash(hs_code)) - 1 as n
from reference.hs_codes where digits = 6;
insert into clearance.clearance_facts by name
select
    * exclude (moment), moment as released_at, if(flow = 'E', moment, null) as closed_at,
    item_count * 71 as goods_value_cny
from lists;
insert into clearance.clearance_items by name
select
    lists.ebc_code, lists.cop_no, gnum, goods.hs_code, partners.country,
    2 as qty, if(goods.n % 3 = 0, 0.7, 2) as qty1, if(goods.n % 3 = 0, '035', '011') as unit1,
    '142' as currency, cast(10 + spread(cop_no, gnum, 9000) * 0.01 as decimal(19, 5)) as total_price,
    total_price as value_cny, cast(total_price * 0.14 as decimal(19, 5)) as value_usd,
    0 as returned_qty, lists.changed_on
from (select *, unnest(range(1, item_count + 1)) as gnum from lists) as lists
join goods on goods.n = few(ebc_code, few(cop_no, gnum, {CODES_OF_ONE}), {CODES})
join partners on partners.n = few(cop_no, 0, {PARTNERS});
insert into clearance.import_taxes by name
select
    ebc_code, cop_no, gnum, value_cny, value_cny + 3 as dutiable_value, value_usd + 0.4 as dutiable_value_usd,
    changed_on
from clearance.clearance_items
semi join (from lists where flow = 'I') as imports using (ebc_code, cop_no);
"""
REVISED = """
update clearance.clearance_items set value_cny = value_cny + 1 where right(cop_no, 2) = '00';
insert into clearance.returned_items by name
select
    ebc_code, cop_no, 'G' || cop_no as guid, gnum, 1 as returned_qty, timestamp '2026-11-30 12:00:00' as asked_at,
    true as in_time, changed_on
from clearance.clearance_items where right(cop_no, 2) = '01'
"""
BARE = """
create table bare_cells as
select
    flow, supervision_mode, hs_code, country, transport_mode, customs_code, unit1,
    count(distinct cop_no) as declarations, count(distinct ebc_code) as enterprises, count(*) as items,
    sum(qty1) as qty1, sum(value_cny) as value_cny, sum(value_usd) as value_usd
from clearance.clearance_items
join clearance.clearance_facts using (ebc_code, cop_no)
group by all
"""


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Home:
    home = Home(root=tmp_path_factory.mktemp("month"), sources=PROJECT / "sources")
    warehouse.load(home, NOVEMBER.last)
    warehouse.transform(home, NOVEMBER.last, *PARTS)
    results.prepare(home)
    warehouse.begin(home, NOVEMBER.last)
    told = {"started_at": NOON, "ended_at": NOON, "unclaimed": [], "stage_seconds": {}}
    record_run(home, NOVEMBER.last, run_id="an empty day", **told)
    warehouse.publish(home, NOVEMBER.last, "an empty day")
    return home


def test_month(home):
    for name, title, rows in (
        ("first", "a first vintage", SYNTHETIC),
        ("revised", "a vintage that revises 2 % of it", REVISED),
    ):
        with warehouse.connect(home) as connection:
            connection.execute(rows)
        bare = added_up(home)
        done = count(home)
        seconds, memory = done.seconds, done.whole.memory / 1e9
        notes = [
            against("a month to published tables", seconds, TARGET_SECONDS, " s"),
            against("peak memory of all processes", memory, TARGET_BYTES / 1e9, " GB"),
        ]
        show(
            f"statistics-{name}",
            f"{ITEMS:,} items (synthetic), {title}",
            ("stage", "seconds", "peak MB", "written MB"),
            [
                (stage.name, f"{stage.seconds:.1f}", f"{stage.memory / 1e6:,.0f}", f"{stage.written / 1e6:,.0f}")
                for stage in (*done.stages, done.whole)
            ],
            notes if ITEMS == TARGET_SIZE else (),
        )
        show(
            f"statistics-{name}-bare",
            f"{title}, against DuckDB alone, one GROUP BY",
            ("", "seconds", "items/s"),
            [
                ("GROUP BY", f"{bare:.1f}", f"{ITEMS / bare:,.0f}"),
                ("make statistics", f"{done.seconds:.1f}", f"{ITEMS / done.seconds:,.0f}"),
                ("ratio", f"{done.seconds / bare:.1f}", ""),
            ],
        )


def added_up(home: Home) -> float:
    """Seconds of the baseline; what it wrote is taken away again."""
    with warehouse.connect(home) as connection:
        start = time.perf_counter()
        connection.execute(BARE)
        connection.execute("checkpoint")
        seconds = time.perf_counter() - start
        connection.execute("drop table bare_cells")
    return seconds


def count(home: Home) -> Run:
    usage, start, end = sandan(home, "statistics", "--month", str(NOVEMBER))
    done: list[outcomes.Outcome] = outcomes.of_run(home, NOVEMBER)
    return measured(done, usage, start, end, ITEMS)
