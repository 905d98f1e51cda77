"""Three simulated days through the DAG, as `make run` runs it, against the simulator's truth: every one, exactly."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from datetime import date

import pytest

from sandan import warehouse
from sandan.exchange.messages import OUTGOING
from sandan.exchange.validator import faults
from sandan.home import PROJECT, Home
from sandan.lists import EDITIONS
from sandan.read.sources import load_sources
from sandan.read.xml_careful import read_carefully
from sandan.read.xml_document import open_document
from sandan.simulate import simulate_day

from .comparison import published, wrong_decisions, wrong_files, wrong_records

DAYS = (date(2026, 11, 18), date(2026, 11, 19), date(2026, 11, 20))
#: declarations of the first day, and of each other
BY_DEFAULT, DECLARATIONS = 2_000, 600
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
    """The first day lands as `make run` has it simulated, the others are smaller."""
    home = Home(root=tmp_path_factory.mktemp("home"), sources=PROJECT / "sources")
    for day in DAYS:
        if day != DAYS[0]:
            simulate_day(home, day, DECLARATIONS, seed=day.toordinal())
        done = run(home, day)
        assert done.returncode == 0, done.stdout + done.stderr
    return home


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
        (declarations,) = lake.execute(
            f"select count(*) from clearance.clearance_facts at (version => {version})"
        ).fetchone()
    assert declarations > 0.95 * (BY_DEFAULT + DECLARATIONS * DAYS.index(day))
    assert wrong_decisions(home, day, f"at (version => {version})") == []


def test_every_record_is_in_the_state_it_should_be(home):
    with warehouse.connect(home, read_only=True) as connection:
        (records,) = connection.execute("select count(*) from audit.record_states").fetchone()
    assert records > 10_000
    assert wrong_records(home, DAYS[-1]) == []


def test_every_file_is_in_the_state_it_should_be(home):
    assert wrong_files(home, DAYS[-1]) == []


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


def messages(home: Home) -> dict[str, bytes]:
    """Every file that went out, by receiver, date and name."""
    return {str(file.relative_to(home.exchange)): file.read_bytes() for file in home.exchange.glob("*/*/*.xml")}


def test_every_receipt_is_valid_and_read_again_as_published(home):
    written: dict[str, list[tuple[str, str | None]]] = {}
    for name, data in messages(home).items():
        _, day, file = name.split("/")
        heads = read_carefully(open_document(data, "utf-8"), OUTGOING[file[:6]]).tables.heads
        assert [] in [faults(data, file[:6], edition) for edition in EDITIONS], name
        assert heads.num_rows <= 100
        written.setdefault(day, []).extend(
            zip(heads["return_status"].to_pylist(), heads["return_info"].to_pylist(), strict=True)
        )
    with warehouse.connect_published(home) as lake:
        for day in DAYS:
            expected = lake.execute(
                "select return_status, return_info from exchange.receipts where run_date = $1", [day]
            ).fetchall()
            assert sorted(written[day.isoformat()]) == sorted(expected)
            assert {message for message, _ in kinds(home, day)} >= {"CEB304", "CEB312", "CEB604", "CEB622", "CEB900"}


def kinds(home: Home, day: date) -> set[tuple[str, str]]:
    return {(file.name[:6], file.parts[-3]) for file in home.exchange.glob(f"*/{day}/*.xml")}


def test_receipts_go_to_who_sent_the_record_and_name_no_person(home):
    sources = load_sources(home.sources)
    with warehouse.connect(home, read_only=True) as connection:
        sent = connection.execute(
            "select source_id, message, count(*) from exchange.receipts where run_date = $1 group by all", [DAYS[-1]]
        ).fetchall()
        persons = {
            value
            for table, columns in {
                "declarations": ("buyer_id_number", "buyer_name", "buyer_telephone"),
                "orders": ("buyer_id_number", "buyer_name", "consignee", "consignee_telephone", "consignee_address"),
                "payments": ("payer_id_number", "payer_name", "telephone"),
                "waybills": ("consignee", "consignee_telephone", "consignee_address"),
            }.items()
            for column in columns
            for (value,) in connection.execute(
                f"select distinct {column} from raw.{table} where run_date = $1 and {column} is not null", [DAYS[-1]]
            ).fetchall()
        }
    receivers = {(message, sources[source_id].party_code) for source_id, message, _ in sent}
    assert kinds(home, DAYS[-1]) == receivers
    texts = {
        text
        for name, data in messages(home).items()
        if f"/{DAYS[-1]}/" in name
        for text in re.findall(r"[^<>\[\];:,]+", data.decode())
    }
    assert not persons & texts
    assert len(persons) > 500


@pytest.mark.parametrize("source", ["export-returns", "import-returns", "export-cancellations", "import-cancellations"])
def test_a_number_that_a_receipt_gave_is_named_the_day_after(home, source):
    """That it was found is in the truth of that day."""
    assert list(home.landing_of(source, DAYS[1]).glob("*N_*"))


def test_a_hold_says_the_rule_in_chinese(home):
    with warehouse.connect_published(home) as lake:
        held = lake.execute(
            """
            select facts.failed_rules, receipts.return_info
            from clearance.clearance_facts as facts
            join exchange.receipts as receipts using (ebc_code, cop_no)
            where receipts.run_date = $1 and facts.run_date = $1 and starts_with(receipts.receipt_id, 'D')
                and facts.status in ('waiting', 'review', 'refused')
            """,
            [DAYS[-1]],
        ).fetchall()
        (silent,) = lake.execute(
            """
            select count(*) from clearance.clearance_facts as facts
            where facts.changed_on = $1 and not exists (
                from exchange.receipts as receipts
                where (receipts.ebc_code, receipts.cop_no) = (facts.ebc_code, facts.cop_no)
                    and receipts.return_status = coalesce(facts.return_status, '399')
            )
            """,
            [DAYS[-1]],
        ).fetchone()
    assert held
    assert silent == 0
    for failed_rules, info in held:
        for rule in failed_rules:
            assert re.search(rf"\[Code:{rule};Desc:[^\]]*[\u4e00-\u9fff]", info)


def test_a_broken_suite_stops_the_run_and_publishes_nothing(home):
    before, snapshot = published(home), snapshots(home)
    stopped = run(home, DAYS[-1], "-c", BROKEN_SUITE)
    assert stopped.returncode == 1
    for part in ("gate matched stopped the run", "never_holds", "observed", str(home.data_docs)):
        assert part in stopped.stdout
    assert "Traceback" not in stopped.stdout
    assert snapshots(home) == snapshot
    assert published(home) == before
