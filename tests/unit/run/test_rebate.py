"""What `make rebate` tells of a form, from a lake made by hand."""

from __future__ import annotations

import io

import duckdb
import pytest
from rich.console import Console

from sandan.errors import SandanError
from sandan.run.cli import main
from sandan.run.rebate import explain
from sandan.warehouse.connect import settings
from sandan.warehouse.lake import attach

LAKE = """
create schema published.clearance;
create schema published.public_service;
create table published.clearance.clearance_items as
select * from (values
    ('E', 'C1', 1, 'shirt [red]', '6109100010', 10.0, '011', 4.0, 100.0), ('E', 'C2', 1, 'cup', '6912001000', 1.0, '007', 0.0, 9.0)
) as t (ebc_code, cop_no, gnum, goods_name, hs_code, qty, unit, returned_qty, total_price);
create table published.public_service.rebate_eligibility as
select * from (values
    ('E', 'C1', 1, 'rebate', []::varchar[], '2026-11', null::date, 'granted', 0.13, 300.0, 39.0, '502', 95.0, 'F', 1, '290120260000000001', date '2026-01-15', 'T', 'R7', '202602'),
    ('E', 'C2', 1, 'pending', ['REB14'], '2026-11', date '2027-04-30', 'open', 0.13, null, 0.0, '502', 0.0, 'F', 2, '290120260000000001', date '2026-01-15', 'T', null, null)
) as t (ebc_code, cop_no, gnum, verdict, reason_rules, rule_version, deadline, state, rebate_rate, base_amount, refund_amount, currency,
    forex_received, form_no, line_no, declaration_no, export_date, method, relation_no, period);
create table published.public_service.rebate_findings as
select 'E' as ebc_code, 'C2' as cop_no, 1 as gnum, 'REB14' as rule_id, 'pending' as action, 'at least 8.55' as expected, '0' as observed,
    'receipt of foreign exchange' as missing_en, '收汇凭证' as missing_zh;
create table published.public_service.invoice_allocations as
select 'E' as ebc_code, 'C1' as cop_no, 1 as gnum, '|I9' as invoice, 1 as invoice_line, 6.0 as qty, 300.0 as amount;
create table published.public_service.forex_allocations as
select 'E' as ebc_code, 'C1' as cop_no, 1 as gnum, 'B|X3' as receipt, 1 as forex_line, date '2026-02-15' as received_on, '502' as currency, 95.0 as amount;
create table published.public_service.rebate_entries as
select * from (values
    (date '2026-02-20', 'E', 'C1', 1, 'granted', 65.0), (date '2026-04-30', 'E', 'C1', 1, 'returned', -26.0)
) as t (run_date, ebc_code, cop_no, gnum, cause, amount);
"""  # noqa: E501


@pytest.fixture
def lake(home):
    home.published.mkdir(parents=True)
    with duckdb.connect(config=settings(home)) as connection:
        attach(connection, home)
        connection.execute(LAKE)
    return home


def told(home, form: str, line: int | None = None) -> str:
    console = Console(file=io.StringIO(), width=200)
    assert explain(home, form, line, console) == 0
    return console.file.getvalue()


def test_papers_amounts_and_entries_of_a_refund(lake):
    text = told(lake, "F", 1)
    assert "form F line 1: item 1 of C1 of E: rebate" in text
    assert "shirt [red]" in text
    assert "base 300.0 × rate 0.13 → refund 39.00 CNY (granted); received 95.0 of 100.0 in 502" in text
    assert "relation R7, month 202602" in text
    entries = [line.split() for line in text.splitlines() if line.strip().startswith("2026-0")]
    assert entries == [["2026-02-20", "granted", "65.0"], ["2026-04-30", "returned", "-26.0"]]
    assert any(line.split() == ["|I9", "1", "6.0", "300.0"] for line in text.splitlines())
    assert any(line.split() == ["B|X3", "1", "2026-02-15", "502", "95.0"] for line in text.splitlines())
    assert "until" not in text
    assert "C2" not in text


def test_what_is_missing_until_when(lake):
    text = told(lake, "F", 2)
    assert "item 1 of C2 of E: pending REB14" in text
    assert "until 2027-04-30" in text
    assert "expected at least 8.55; observed 0" in text
    assert "missing 收汇凭证 receipt of foreign exchange" in text
    assert "已收汇 Foreign exchange received" in text
    assert "base unknown" in text


def test_a_form_by_the_number_that_customs_gave_it(lake):
    text = told(lake, "290120260000000001")
    assert "C1 of E" in text
    assert "C2 of E" in text


def test_a_form_that_is_not_there(lake, monkeypatch, capsys):
    with pytest.raises(SandanError, match="no exported item stands on F, line 3"):
        explain(lake, "F", 3)
    monkeypatch.setenv("SANDAN_HOME", str(lake.root))
    assert main(["rebate", "--form", "X"]) == 1
    assert "no exported item stands on X" in capsys.readouterr().err
