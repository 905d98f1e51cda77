"""Forty simulated days, small and full of faults, against the simulator's truth: each of them, and what they add up to.

The rooms of the package are called as the tasks of the DAGs call them, in this process, without Airflow and the gates:
what is compared here is what is decided. A year ends among the days, and its last month is consolidated; a last run,
weeks later, brings what comes back too late, and the next month.
"""

from __future__ import annotations

import csv
import os
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any

import duckdb
import pytest

from sandan import warehouse
from sandan.home import PROJECT, Home
from sandan.month import Month
from sandan.simulate import simulate_day
from sandan.warehouse.disclosure import protect_vintage
from sandan.warehouse.months import record_month
from sandan.warehouse.vintages import is_news, record_vintage, vintage_at_work

from .comparison import (
    differences,
    partition_rows,
    published,
    run,
    truth,
    truth_rows,
    wrong_decisions,
    wrong_files,
    wrong_records,
)
from .expected_months import expected_month, found_forms
from .expected_receipts import expected_receipts, found_receipts
from .expected_statistics import expected_cells, expected_totals, found_cells, published_totals

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

FIRST = date(2025, 12, 26)
#: forty take ten minutes; a change is tried on the eight around the year's end (`DAYS=40 make test` has them all)
DAYS = [FIRST + timedelta(n) for n in range(int(os.environ.get("DAYS", "8")))]
AFTERWARDS = date(2026, 2, 15)
RUNS = (*DAYS, AFTERWARDS)
DECLARATIONS = 100 if len(DAYS) < 40 else 40
FAULTS = 5  # times as many as usual: nearly every declaration has one
#: told whatever the share: a form of more than fifty lines, and buyers at their limit when the year ends
PLANTED = {date(2025, 12, 26): ("assortment",), date(2025, 12, 31): ("lim02_turn",)}
AGAIN = date(2025, 12, 31)  # this date and the one behind it are run once more when AGAIN_AFTER is done
AGAIN_AFTER = date(2026, 1, 1)
NOON = datetime(2026, 2, 28, 12)
DECEMBER, JANUARY = Month.of(FIRST), Month.of(AFTERWARDS).before
#: rows of each table by the run that wrote them, of a hundred declarations a day: a change is reviewed like code
SAMPLE = PROJECT / "expectations" / "samples" / f"{DECEMBER}.csv"
#: one code, one heading, and one that ends with the year
CONTROLS = """hs_code,measure,valid_from,valid_to
8507600090,permit,2014-01-01,
950450,duty,2026-01-01,
960321,permit,2014-01-01,2025-12-31
"""


def consolidate(home: Home, month: Month, *, stops: bool = False) -> None:
    """What the tasks of `consolidate_monthly` do; one that stops at its gate is neither recorded nor published."""
    warehouse.begin_month(home, month)
    warehouse.transform(home, month.last, "consolidation")
    if not stops:
        record_month(home, month, run_id=f"run of {month}", started_at=NOON, ended_at=NOON, stage_seconds={})
        warehouse.publish_month(home, month, f"run of {month}")


def count_trade(home: Home, month: Month) -> bool:
    """What the tasks of `trade_statistics_monthly` do but for the gate; returns whether there was anything new."""
    warehouse.begin_vintage(home, month, NOON.date())
    vintage = vintage_at_work(home, month)
    warehouse.transform(home, month.last, "statistics", variables=vintage.variables)
    if is_new := is_news(home, vintage):
        protect_vintage(home, month, vintage)
        record_vintage(home, month, vintage, run_id="run", started_at=NOON, ended_at=NOON, stage_seconds={})
        warehouse.publish_vintage(home, month, vintage.vintage_no, "run")
    return is_new


def others(before: dict[str, list[Any]], after: dict[str, list[Any]]) -> list[str]:
    """Tables whose rows are not the same."""
    return [table for table in before | after if before.get(table) != after.get(table)]


class Forty:
    """What is left when all days are run: the home, and what went wrong on the way."""

    def __init__(self, root: Path) -> None:
        self.home = Home(root=root, sources=PROJECT / "sources")
        self.wrong: dict[date, Sequence[tuple[Any, ...]]] = {}
        self.told_of_forms: list[str] = []
        self.changed: list[str] = []
        self.told_of_a_month_that_stopped: list[tuple[Any, ...]] = []
        self.december: list[tuple[Any, ...]] = []
        self.counted: list[bool] = []
        self.partitions: list[tuple[str, str, int]] = []

    def tell(self) -> None:
        self.home.reference.mkdir(parents=True)
        (self.home.reference / "export_controls.csv").write_text(CONTROLS)
        for day in DAYS:
            planted = PLANTED.get(day, ())
            simulate_day(self.home, day, DECLARATIONS, seed=day.toordinal(), faults=FAULTS, planted=planted)
            self._run(day)
            if day <= DECEMBER.last:
                self.partitions += partition_rows(self.home, day)
            if day == DECEMBER.last:
                consolidate(self.home, DECEMBER, stops=True)
                count_trade(self.home, DECEMBER)
            if day == AGAIN_AFTER:
                self.told_of_a_month_that_stopped = self._consolidated_events()
                consolidate(self.home, DECEMBER)
                self.december = self.forms_of(DECEMBER)
                self.partitions += partition_rows(self.home, DECEMBER)
                self._run_again()
        simulate_day(self.home, AFTERWARDS, 0, seed=0)
        self._run(AFTERWARDS)
        consolidate(self.home, JANUARY)
        self.counted = [count_trade(self.home, month) for month in (DECEMBER, JANUARY, JANUARY)]

    def _run(self, day: date) -> None:
        run(self.home, day, NOON)
        if wrong := wrong_decisions(self.home, day):
            self.wrong[day] = wrong

    def _run_again(self) -> None:
        """Dates once more that are behind then, and the month that holds one: nothing is other than before.

        The month has forms since the last run: the departments hear of them first, by one run more.
        """
        without_forms = published(self.home)
        run(self.home, AGAIN_AFTER, NOON)
        before = published(self.home)
        self.told_of_forms = others(without_forms, before)
        for day in (day for day in DAYS if AGAIN <= day <= AGAIN_AFTER):
            run(self.home, day, NOON)
        self.changed = others(before, published(self.home))
        consolidate(self.home, DECEMBER)
        self.changed += others(before, published(self.home))

    def _consolidated_events(self) -> list[tuple[Any, ...]]:
        with warehouse.connect_published(self.home) as lake:
            return lake.execute("from clearance.tracking_events where event = 'consolidated'").fetchall()

    def forms_of(self, month: Month) -> list[tuple[Any, ...]]:
        """All that a month published, and whose lists are said to be on it."""
        with warehouse.connect_published(self.home) as lake:
            tables = "consolidated_declarations consolidated_items consolidation_members consolidation_counts".split()
            rows = [
                lake.execute(f"from clearance.{table} where month = $1 order by all", [str(month)]).fetchall()
                for table in (*tables, "summary_applications")
            ]
            events = lake.execute(
                'select ebc_code, cop_no, "at" from clearance.tracking_events '
                "where event = 'consolidated' and strftime(\"at\", '%Y-%m') = $1 order by all",
                [str(month)],
            ).fetchall()
        return [*(tuple(part) for part in rows), tuple(events)]


@pytest.fixture(scope="module")
def forty(tmp_path_factory: pytest.TempPathFactory) -> Forty:
    forty = Forty(tmp_path_factory.mktemp("forty"))
    forty.tell()
    return forty


def test_every_status_and_failed_rule_of_every_day(forty):
    assert forty.wrong == {}


def test_a_date_run_again_with_those_behind_it_changes_nothing(forty):
    assert forty.changed == []


def test_forms_of_a_month_change_what_departments_hold_and_nothing_else(forty):
    assert "public_service.department_exchange" in forty.told_of_forms
    assert {table.partition(".")[0] for table in forty.told_of_forms} == {"public_service"}


def test_every_status_and_rule_occurs(forty):
    with duckdb.connect() as connection:
        days = ", ".join(truth(forty.home, day, "declarations") for day in RUNS)
        (statuses, failed) = connection.execute(
            f"select list_sort(list(distinct status)), list_sort(list_distinct(flatten(list(failed_rules)))) "
            f"from read_parquet([{days}])"
        ).fetchone()
    assert statuses == ["cancelled", "closed", "refused", "released", "returned", "review", "waiting"]
    with (PROJECT / "dbt_project/seeds/rules.csv").open(encoding="utf-8") as file:
        known = duckdb.read_csv(file, header=True, all_varchar=True)
        judged = known.filter("stage = 'match'").project("rule_id").distinct().fetchall()
    assert sorted(rule for (rule,) in judged) == failed


def test_buyers_came_to_their_limit_in_both_years(forty):
    totals = truth_rows(forty.home, AFTERWARDS, "buyers")
    near = [
        {row["buyer"] for row in totals if row["year"] == year and row["total"] > 2_400_000} for year in (2025, 2026)
    ]
    assert near[0] & near[1]


def test_every_record_is_in_the_state_it_should_be(forty):
    assert wrong_records(forty.home, AFTERWARDS) == []


@pytest.mark.skipif(DECLARATIONS != 100, reason="the sample has a hundred declarations a day")
def test_every_partition_has_the_rows_that_were_reviewed(forty, tmp_path):
    found = [(table, partition, str(rows)) for table, partition, rows in forty.partitions]
    with (kept := tmp_path / SAMPLE.name).open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows([("table", "partition", "rows"), *found])
    with SAMPLE.open(encoding="utf-8", newline="") as file:
        reviewed = [tuple(row) for row in csv.reader(file)][1:]
    assert found == reviewed, f"where this is meant: cp {kept} {SAMPLE}"


def test_every_file_is_in_the_state_it_should_be(forty):
    assert wrong_files(forty.home, AFTERWARDS) == []


def test_who_is_answered_what_on_every_day(forty):
    with warehouse.connect(forty.home, read_only=True) as connection:
        for before, day in zip((None, *RUNS), RUNS, strict=False):
            assert found_receipts(connection, day) == expected_receipts(forty.home, day, before), day


@pytest.mark.parametrize("month", [DECEMBER, JANUARY], ids=str)
def test_what_a_month_is_made_of(forty, month):
    expected = expected_month(forty.home, month, RUNS)
    with warehouse.connect(forty.home, read_only=True) as connection:
        lists = connection.execute(
            "select ebc_code, cop_no, outcome from clearance.consolidation_lists where month = $1", [str(month)]
        ).fetchall()
    with warehouse.connect_published(forty.home) as lake:
        members, lines, forms = found_forms(lake, month)
        counts = lake.execute(
            "select closed, consolidated, left_out_simplified, left_out_returned, forms, lines, members, "
            "partly_returned from clearance.consolidation_counts where month = $1",
            [str(month)],
        ).fetchall()
    assert {(ebc_code, cop_no): outcome for ebc_code, cop_no, outcome in lists} == expected.lists
    assert (members, lines, forms) == (expected.members, expected.lines, expected.forms)
    outcomes = list(expected.lists.values())
    assert counts == [
        (
            len(outcomes),
            *(outcomes.count(outcome) for outcome in ("consolidated", "simplified", "returned")),
            len(forms),
            len(lines),
            len(members),
            expected.partly_returned,
        )
    ]


def test_every_outcome_occurs_in_the_months(forty):
    outcomes = {
        outcome for month in (DECEMBER, JANUARY) for outcome in expected_month(forty.home, month, RUNS).lists.values()
    }
    assert outcomes == {"consolidated", "simplified", "returned"}


def test_a_form_of_more_than_fifty_lines_and_what_came_back_of_it(forty):
    expected = expected_month(forty.home, DECEMBER, RUNS)
    assert (2, 41) in {form[-5:-3] for form in expected.forms}, "46 kinds of goods in two currencies, less one"
    assert expected.partly_returned >= 5


def test_a_form_is_worth_what_its_members_are(forty):
    sums = [
        "select month, form_no, value_cny from clearance.consolidated_declarations",
        "select month, form_no, sum(value_cny) from clearance.consolidated_items group by all",
        "select month, form_no, sum(value_cny) from clearance.consolidation_members group by all",
    ]
    with warehouse.connect_published(forty.home) as lake:
        of_forms, *of_parts = [sorted(lake.execute(query).fetchall()) for query in sums]
    assert of_forms
    assert all(value for *_, value in of_forms)
    assert of_parts == [of_forms, of_forms]


def test_a_month_that_stopped_is_told_to_nobody(forty):
    assert forty.told_of_a_month_that_stopped == []


def test_what_a_month_published_stays_after_the_days_behind_it(forty):
    assert forty.forms_of(DECEMBER) == forty.december
    assert all(forty.december)


def test_what_has_come_back_of_every_line(forty):
    key = "ebc_code, cop_no, gnum"
    with warehouse.connect_published(forty.home) as lake:
        wrong = differences(
            lake,
            f"select {key}, returned_qty, in_time from {truth(forty.home, AFTERWARDS, 'returned')}",
            f"select {key}, sum(returned_qty) as returned_qty, bool_and(in_time) as in_time "
            f"from clearance.returned_items group by {key} having sum(returned_qty) > 0",
        )
    assert wrong == []


def test_the_taxes_of_every_line(forty):
    declared, taxes = (truth(forty.home, AFTERWARDS, table) for table in ("declarations", "taxes"))
    with warehouse.connect_published(forty.home) as lake:
        wrong = differences(
            lake,
            f"select ebc_code, cop_no, gnum, tariff, consumption_tax, vat from {taxes} "
            f"semi join (from {declared} where status <> 'cancelled') as live using (ebc_code, cop_no)",
            "select ebc_code, cop_no, gnum, tariff_due, consumption_due, vat_due from clearance.import_taxes",
        )
    assert wrong == []


@pytest.mark.parametrize(
    ("month", "vintage_no", "until"),
    [(DECEMBER, 1, DECEMBER.last), (DECEMBER, 2, AFTERWARDS), (JANUARY, 1, AFTERWARDS)],
    ids=["december, preliminary", "december, revised", "january"],
)
def test_the_trade_of_a_month(forty, month, vintage_no, until):
    expected = expected_cells(forty.home, month, [day for day in RUNS if day <= until])
    with warehouse.connect_published(forty.home) as lake:
        found = found_cells(lake, month, vintage_no)
        free, hidden = published_totals(lake, month, vintage_no)
    assert {flow for flow, *_ in expected} == {"E", "I"}
    assert found == expected
    totals = expected_totals(expected)
    traded = {key for key in totals if any(totals[key])}
    assert traded <= free.keys() | hidden
    assert free
    assert free == {key: totals[key] for key in free}


def test_a_month_counted_again_revises_what_came_late_and_adds_no_vintage_without_news(forty):
    assert forty.counted == [True, True, False]
    with warehouse.connect_published(forty.home) as lake:
        causes = lake.execute(
            "select cause, count(*) from statistics.trade_revisions where period = $1 group by cause", [str(DECEMBER)]
        ).fetchall()
        vintages = lake.execute("select month, vintage_no from audit.trade_vintages order by all").fetchall()
    assert "returned" in {cause for cause, _ in causes}
    assert vintages == [(str(DECEMBER), 1), (str(DECEMBER), 2), (str(JANUARY), 1)]
