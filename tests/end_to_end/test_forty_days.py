"""Forty simulated days, small and full of faults, against the simulator's truth: each of them, and what they add up to.

The rooms of the package are called as the tasks of the DAG call them, in this process, without Airflow and the gates:
what is compared here is what is decided. A last run, weeks later, brings what comes back too late.
"""

from __future__ import annotations

import os
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any

import duckdb
import pytest

from sandan import read, warehouse
from sandan.gates import results
from sandan.home import PROJECT, Home
from sandan.simulate import simulate_day
from sandan.warehouse.contract import FAMILIES
from sandan.warehouse.runs import record_run

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

FIRST = date(2026, 10, 22)
#: forty take ten minutes; a change is tried on the fourteen around a month end (`DAYS=40 make test` has them all)
DAYS = [FIRST + timedelta(n) for n in range(int(os.environ.get("DAYS", "14")))]
AFTERWARDS = FIRST + timedelta(53)
DECLARATIONS = 100 if len(DAYS) < 40 else 40
FAULTS = 5  # times as many as usual: nearly every declaration has one
AGAIN = date(2026, 10, 30)  # this date and the ones behind it are run once more when AGAIN_AFTER is done
AGAIN_AFTER = date(2026, 11, 1)
NOON = datetime(2026, 11, 30, 12)
PARTS = ("seeds", "staging", "matching", "marts")
ABOUT_THE_RUN = {"runs", "gate_results"}


def run(home: Home, day: date) -> None:
    """What the tasks of `three_lists_daily` do, but for the gates."""
    surveyed = read.survey(home, day)
    for source in surveyed.sources:
        read.read_source(home, day, source)
    warehouse.begin(home, day)
    warehouse.load(home, day)
    with warehouse.connect(home) as connection:
        connection.execute(results.TABLE)  # published like the others, and empty
    for part in PARTS:
        warehouse.transform(home, day, part)
    run_id = f"forty days {day}"
    record_run(home, day, run_id=run_id, started_at=NOON, ended_at=NOON, unclaimed=surveyed.unclaimed, stage_seconds={})
    warehouse.publish(home, day, run_id)


def truth(home: Home, day: date, table: str) -> str:
    return f"'{home.simulation / 'truth' / day.isoformat() / f'{table}.parquet'}'"


def differences(connection: duckdb.DuckDBPyConnection, expected: str, found: str) -> list[tuple[Any, ...]]:
    return connection.execute(
        f"select 'missing', * from (({expected}) except all ({found})) "
        f"union all select 'unexpected', * from (({found}) except all ({expected})) order by all limit 40"
    ).fetchall()


def decided(home: Home, day: date) -> list[tuple[Any, ...]]:
    """Where statuses and failed rules are not those of the truth at the end of a day."""
    columns = "ebc_code, cop_no, status, failed_rules"
    with warehouse.connect_published(home) as lake:
        return differences(
            lake,
            f"select {columns} from {truth(home, day, 'declarations')}",
            f"select {columns} from clearance.clearance_facts",
        )


def published(home: Home) -> dict[str, list[tuple[Any, ...]]]:
    with warehouse.connect_published(home) as lake:
        return {
            f"{family.schema}.{table}": lake.execute(f"from {family.schema}.{table} order by all").fetchall()
            for family in FAMILIES
            for table in family.tables
            if table not in ABOUT_THE_RUN
        }


class Forty:
    """What is left when all days are run: the home, and what went wrong on the way."""

    def __init__(self, root: Path) -> None:
        self.home = Home(root=root, sources=PROJECT / "sources")
        self.wrong: dict[date, Sequence[tuple[Any, ...]]] = {}
        self.changed: list[str] = []

    def tell(self) -> None:
        for day in DAYS:
            simulate_day(self.home, day, DECLARATIONS, seed=day.toordinal(), faults=FAULTS)
            self._run(day)
            if day == AGAIN_AFTER:
                self._run_again()
        simulate_day(self.home, AFTERWARDS, 0, seed=0)
        self._run(AFTERWARDS)

    def _run(self, day: date) -> None:
        run(self.home, day)
        if wrong := decided(self.home, day):
            self.wrong[day] = wrong

    def _run_again(self) -> None:
        """A date once more, and the dates that are behind then: nothing is other than before."""
        before = published(self.home)
        for day in (day for day in DAYS if AGAIN <= day <= AGAIN_AFTER):
            run(self.home, day)
        after = published(self.home)
        self.changed = [table for table, rows in before.items() if after[table] != rows]


@pytest.fixture(scope="module")
def forty(tmp_path_factory: pytest.TempPathFactory) -> Forty:
    forty = Forty(tmp_path_factory.mktemp("forty"))
    forty.tell()
    return forty


def test_every_status_and_failed_rule_of_every_day(forty):
    assert forty.wrong == {}


def test_a_date_run_again_with_those_behind_it_changes_nothing(forty):
    assert forty.changed == []


def test_every_status_and_rule_occurs(forty):
    with duckdb.connect() as connection:
        days = ", ".join(truth(forty.home, day, "declarations") for day in (*DAYS, AFTERWARDS))
        (statuses, failed) = connection.execute(
            f"select list_sort(list(distinct status)), list_sort(list_distinct(flatten(list(failed_rules)))) "
            f"from read_parquet([{days}])"
        ).fetchone()
    assert statuses == ["cancelled", "closed", "refused", "released", "returned", "review", "waiting"]
    with (PROJECT / "dbt_project/seeds/rules.csv").open(encoding="utf-8") as file:
        known = duckdb.read_csv(file, header=True, all_varchar=True)
        judged = known.filter("stage = 'match' and rule_id <> 'SIM01'").project("rule_id").distinct().fetchall()
    assert sorted(rule for (rule,) in judged) == failed


def test_every_record_is_in_the_state_it_should_be(forty):
    states = """
    select states.run_date, files.source_id, files.path, states.record_id % 10000000 as position,
        case when gone.superseded_id is not null then 'superseded' else states.state end as state, states.rule_ids
    from audit.record_states as states
    join raw.files as files on states.record_id // 10000000 = files.file_id
    left join (select distinct superseded_id from staging.record_versions where superseded_id is not null) as gone
        on states.record_id = gone.superseded_id
    """
    columns = "run_date, source_id, path, position, state, if(state = 'quarantined', list_sort(rule_ids), []) as rules"
    with warehouse.connect(forty.home, read_only=True) as connection:
        wrong = differences(
            connection,
            f"select {columns} from {truth(forty.home, AFTERWARDS, 'records')}",
            f"select {columns} from ({states})",
        )
    assert wrong == []


def test_every_file_is_in_the_state_it_should_be(forty):
    columns = "run_date, source_id, path, state"
    with warehouse.connect_published(forty.home) as lake:
        wrong = differences(
            lake,
            f"select {columns} from {truth(forty.home, AFTERWARDS, 'files')}",
            f"select {columns} from audit.files",
        )
    assert wrong == []


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
