"""Three simulated days through the DAG, as `make run` runs it, against the simulator's truth: every one, exactly."""

from __future__ import annotations

import os
import subprocess
import sys
from datetime import date, timedelta
from typing import TYPE_CHECKING

import pytest

from sandan import warehouse
from sandan.home import PROJECT, Home
from sandan.warehouse.contract import FAMILIES

if TYPE_CHECKING:
    from pathlib import Path

DAYS = (date(2026, 11, 18), date(2026, 11, 19), date(2026, 11, 20))
#: what is not decided by the day's lists: when a run was made, and how long it took
ABOUT_THE_RUN = {"runs"}
BROKEN_SUITE = """
from dataclasses import replace
import sys
from sandan.gates import gate, suites
from sandan.gates.no_rows import ExpectNoRows
from sandan.run.cli import main

def broken(stage):
    first, *rest = suites.suites_of(stage)
    if stage != "matched":
        return (first, *rest)
    wrong = replace(first.expectations[0], id="never_holds", holds=ExpectNoRows(query="select 'always' as row_found"))
    return (replace(first, expectations=(wrong, *first.expectations[1:])), *rest)

gate.suites_of = broken
sys.exit(main(sys.argv[1:]))
"""


def run(home: Home, day: date, *python: str) -> subprocess.CompletedProcess[str]:
    """`make run DATE=…`, without make: the environment is there."""
    command = [sys.executable, *(python or ("-m", "sandan")), "run", "--date", day.isoformat()]
    places = {
        "SANDAN_HOME": str(home.root),
        "SANDAN_SOURCES": str(home.sources),
        "PYTHONPATH": str(PROJECT / "plugins"),
    }
    clean = {name: value for name, value in os.environ.items() if not name.startswith(("AIRFLOW", "SANDAN"))}
    return subprocess.run(command, env=clean | places, capture_output=True, text=True, check=False)  # noqa: S603 - our own command


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Home:
    home = Home(root=tmp_path_factory.mktemp("home"), sources=PROJECT / "sources")
    for day in DAYS:
        done = run(home, day)
        assert done.returncode == 0, done.stdout + done.stderr
    return home


def truth(home: Home, day: date, table: str) -> Path:
    return home.simulation / "truth" / day.isoformat() / f"{table}.parquet"


def published_rows(home: Home) -> dict[str, list[tuple[object, ...]]]:
    """Every published row, sorted, table by table."""
    with warehouse.connect_published(home) as lake:
        return {
            f"{family.schema}.{table}": lake.execute(f"from {family.schema}.{table} order by all").fetchall()
            for family in FAMILIES
            for table in family.tables
            if table not in ABOUT_THE_RUN
        }


def snapshots(home: Home) -> int:
    with warehouse.connect_published(home) as lake:
        (count,) = lake.execute("select max(snapshot_id) from published.snapshots()").fetchone() or (0,)
        return int(count)


@pytest.mark.parametrize("day", DAYS, ids=str)
def test_every_status_and_failed_rule_of_every_day(home, day):
    with warehouse.connect_published(home) as lake:
        (version,) = lake.execute(
            "select max(snapshot_id) from published.snapshots() where commit_message like $1",
            [f"three_lists_daily {day.isoformat()} %"],
        ).fetchone()
        expected = f"select ebc_code, cop_no, status, failed_rules from '{truth(home, day, 'declarations')}'"
        found = (
            f"select ebc_code, cop_no, status, failed_rules from clearance.clearance_facts at (version => {version})"
        )
        (declarations,) = lake.execute(f"select count(*) from ({found})").fetchone()
        differences = lake.execute(
            f"select 'missing', * from (({expected}) except all ({found})) "
            f"union all select 'unexpected', * from (({found}) except all ({expected})) order by 3, 1"
        ).fetchall()
    assert declarations > 1_900 * (DAYS.index(day) + 1)
    assert differences == []


def test_every_record_is_in_the_state_it_should_be(home):
    found = """
    select states.run_date, files.source_id, files.path, states.record_id % 10000000 as position,
        case when gone.superseded_id is not null then 'superseded' else states.state end as state, states.rule_ids
    from audit.record_states as states
    join raw.files as files on states.record_id // 10000000 = files.file_id
    left join (select distinct superseded_id from staging.record_versions where superseded_id is not null) as gone
        on states.record_id = gone.superseded_id
    """
    # VER01 and VER02 are states already; of a quarantined record the rules say why
    columns = "run_date, source_id, path, position, state, if(state = 'quarantined', list_sort(rule_ids), []) as rules"
    expected = f"select {columns} from '{truth(home, DAYS[-1], 'records')}'"
    found = f"select {columns} from ({found})"
    with warehouse.connect(home, read_only=True) as connection:
        (records,) = connection.execute(f"select count(*) from ({found})").fetchone()
        differences = connection.execute(
            f"select 'missing', * from (({expected}) except all ({found})) "
            f"union all select 'unexpected', * from (({found}) except all ({expected})) order by 2, 3, 4, 5, 1"
        ).fetchall()
    assert records > 20_000
    assert differences == []


def test_every_file_is_in_the_state_it_should_be(home):
    columns = "run_date, source_id, path, state"
    with warehouse.connect_published(home) as lake:
        found = lake.execute(f"select {columns} from audit.files order by all").fetchall()
        expected = lake.execute(f"select {columns} from '{truth(home, DAYS[-1], 'files')}' order by all").fetchall()
    assert found == expected


def test_counts_add_up_to_what_was_received(home):
    with warehouse.connect_published(home) as lake:
        (wrong, received), (records,) = (
            lake.execute(
                "select count(*) filter (received <> accepted + superseded + duplicate + stale + draft + quarantined), "
                "sum(received) from audit.conservation"
            ).fetchone(),
            lake.execute("select sum(records) from audit.files").fetchone(),
        )
    assert (wrong, received) == (0, records)


def test_the_same_day_again_publishes_the_same(home):
    before, snapshot = published_rows(home), snapshots(home)
    again = run(home, DAYS[-1])
    assert again.returncode == 0, again.stdout
    assert snapshots(home) > snapshot
    assert published_rows(home) == before


def test_a_broken_suite_stops_the_run_and_publishes_nothing(home):
    before, snapshot = published_rows(home), snapshots(home)
    stopped = run(home, DAYS[-1], "-c", BROKEN_SUITE)
    assert stopped.returncode == 1
    for part in ("gate matched stopped the run", "never_holds", "observed", str(home.data_docs)):
        assert part in stopped.stdout
    assert "Traceback" not in stopped.stdout
    assert snapshots(home) == snapshot
    assert published_rows(home) == before


def test_a_later_day_waits_for_the_one_that_stopped(home):
    snapshot = snapshots(home)
    held = run(home, DAYS[-1] + timedelta(days=1))
    assert held.returncode == 1
    assert f"{DAYS[-1]} began and is not published" in held.stdout
    assert f"make run DATE={DAYS[-1]}" in held.stdout
    assert snapshots(home) == snapshot


def test_an_earlier_day_again_says_which_days_are_now_behind(home):
    again = run(home, DAYS[0])
    assert again.returncode == 0, again.stdout
    assert f"now behind, run them again in this order: {DAYS[1]}, {DAYS[2]}" in again.stdout.replace("\n", " ")
