"""`audit.runs`, and what an operator has to know of a run."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

import pytest

from sandan import warehouse
from sandan.simulate.parties import write_register
from sandan.warehouse.raw import create_tables
from sandan.warehouse.reference import load_reference
from sandan.warehouse.runs import record_run

MONDAY, TUESDAY, WEDNESDAY = date(2026, 11, 16), date(2026, 11, 17), date(2026, 11, 18)


@pytest.fixture
def record(home):
    with warehouse.connect(home) as connection:
        create_tables(connection)
        connection.execute("create schema audit; create table audit.skipped_rules (rule_id varchar, reason varchar)")

    def run(day: date, approvals: Sequence[dict[str, object]] = ()):
        with warehouse.connect(home) as connection:
            load_reference(connection, home)
        noon = datetime(2026, 11, 19, 12)
        return record_run(
            home,
            day,
            run_id="r",
            started_at=noon,
            ended_at=noon,
            unclaimed=[],
            stage_seconds={"load": 1.5},
            approvals=approvals,
        )

    return run


def test_later_dates_are_behind_in_their_order(record):
    assert [record(day).behind for day in (WEDNESDAY, TUESDAY, MONDAY, WEDNESDAY)] == [
        [], ["2026-11-18"], ["2026-11-17", "2026-11-18"], [],
    ]  # fmt: skip


def test_skipped_rules_come_with_their_reason(home, record):
    assert record(MONDAY).rules_skipped == []
    with warehouse.connect(home) as connection:
        connection.execute("insert into audit.skipped_rules values ('PTY02', 'why'), ('PTY01', 'no register')")
    assert record(MONDAY).rules_skipped == ["PTY01: no register", "PTY02: why"]


def test_the_register_of_the_simulator_is_told_from_one_of_the_operator(home, record):
    assert not record(MONDAY).register_simulated, "there is none"
    write_register(home)
    assert record(MONDAY).register_simulated
    with (home.reference / "party_register.csv").open("a", encoding="utf-8") as file:
        file.write("3301960001,platform,杭州某某贸易有限公司,2014-01-01,\n")
    assert not record(MONDAY).register_simulated


def test_rates_are_simulated_until_the_operator_has_some(home, record):
    assert record(MONDAY).rates_simulated
    home.reference.mkdir(parents=True)
    (home.reference / "exchange_rates.csv").write_text("month,currency,cny_per_unit\n2026-11,502,7.1\n")
    assert not record(MONDAY).rates_simulated


def test_the_tariff_is_simulated_until_the_operator_has_one(home, record):
    assert record(MONDAY).tariff_simulated
    home.reference.mkdir(parents=True)
    (home.reference / "import_rates.csv").write_text(
        "hs_code,name,unit1,unit2,mfn_rate,vat_rate,consumption_rate,valid_from,valid_to\n"
        "1704900000,糖果,035,,0.1,0.13,,2019-04-01,\n"
    )
    assert not record(MONDAY).tariff_simulated


def test_answers_to_warnings_are_in_the_row(home, record):
    of_gate = {"gate": "staged", "warnings": ["one", "two"]}
    answers = [
        of_gate | {"decision": "refused", "who": "", "at": "2026-11-17T12:30:00", "why": "no answer"},
        of_gate | {"decision": "accepted", "who": "王", "at": "2026-11-17T13:00:00", "why": "known"},
    ]
    record(MONDAY, answers)
    record(TUESDAY)
    with warehouse.connect(home) as connection:
        rows = connection.execute("select approvals from audit.runs order by run_date").fetchall()
    assert rows == [([a | {"at": datetime.fromisoformat(a["at"])} for a in answers],), ([],)]
