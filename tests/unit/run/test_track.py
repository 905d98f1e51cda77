"""What `make track` tells of an order, from a lake made by hand."""

from __future__ import annotations

import io

import duckdb
import pytest
from rich.console import Console

from sandan.run.cli import main
from sandan.run.track import track
from sandan.warehouse.connect import settings
from sandan.warehouse.lake import attach

LAKE = """
create schema published.clearance;
create schema published.exchange;
create table published.clearance.clearance_facts as
select * from (values
    ('E', 'C1', 'E', '9610', 'P', 'O[1]', 'L', 'W1', 'closed', timestamp '2026-11-18 09:00:00', 38.99972, 8.00028),
    ('E', 'C2', 'E', '9610', 'P', 'O[1]', 'L', 'W2', 'review', timestamp '2026-11-18 10:00:00', null, null),
    ('E', 'C3', 'I', '1210', 'P', 'O2', 'L', null, 'waiting', timestamp '2026-11-18 11:00:00', null, null)
) as t (ebc_code, cop_no, flow, supervision_mode, ebp_code, order_no, logistics_code, logistics_no, status,
    declared_at, hours_to_release, hours_to_close);
create table published.clearance.tracking_events as
select * from (values
    ('E', 'C1', 'closed', timestamp '2026-11-20 08:00:00', null, null),
    ('E', 'C1', 'released', timestamp '2026-11-19 23:59:59', null, null),
    ('E', 'C1', 'matched', timestamp '2026-11-19 23:59:59', null, null),
    ('E', 'C1', 'ordered', timestamp '2026-11-18 08:00:00', 'order', 'shop-orders'),
    ('E', 'C2', 'review', timestamp '2026-11-19 23:59:59', null, null)
) as t (ebc_code, cop_no, event, "at", list, source_id);
create table published.clearance.check_findings as
select * from (values ('E', 'C2', 'ORD03', 'review', 'at most 2', 'declared 3', date '2026-11-19'))
    as t (ebc_code, cop_no, rule_id, action, expected, observed, found_on);
create table published.exchange.receipts as
select * from (values
    (date '2026-11-18', 'R1', 'shop-orders', 'CEB304', 'order', '120', '20261118235959000', 'order stored', null, null, 'P', 'O[1]', null, null),
    (date '2026-11-19', 'D1', 'agent', 'CEB604', 'declaration', '800', '20261119235959001', 'first released', 'E', 'C1', 'P', 'O[1]', 'L', 'W1'),
    (date '2026-11-19', 'D2', 'agent', 'CEB604', 'declaration', '300', '20261119235959001', 'second held', 'E', 'C2', 'P', 'O[1]', 'L', 'W2'),
    (date '2026-11-19', 'R2', 'carrier', 'CEB506', 'waybill', '120', '20261119235959000', 'waybill stored', null, null, null, null, 'L', 'W2'),
    (date '2026-11-19', 'R3', 'carrier', 'CEB506', 'waybill', '120', '20261119235959000', 'of another', null, null, null, null, 'M', 'W2')
) as t (run_date, receipt_id, source_id, message, list, return_status, return_time, return_info, ebc_code, cop_no,
    ebp_code, order_no, logistics_code, logistics_no);
"""  # noqa: E501


@pytest.fixture
def lake(home):
    home.published.mkdir(parents=True)
    with duckdb.connect(config=settings(home)) as connection:
        attach(connection, home)
        connection.execute(LAKE)
    return home


def told(home, order: str) -> str:
    console = Console(file=io.StringIO(), width=200)
    assert track(home, order, console) == 0
    return console.file.getvalue()


def test_each_parcel_has_its_own_story(lake):
    text = told(lake, "O[1]")
    first, second = text.split("declaration C2 of E")
    assert "order O[1] of P, declaration C1 of E: closed" in first
    assert "declared to released: 39.0 hours; released to closed: 8.0 hours" in first
    events = [line.split()[2] for line in first.splitlines() if line.strip().startswith("2026-") and "CEB" not in line]
    assert events == ["ordered", "matched", "released", "closed"]
    assert "shop-orders" in first
    assert "first released" in first
    assert "order stored" in first
    assert "order stored" in second
    assert "second held" not in first
    assert "declared to released: not yet; released to closed: not yet" in second
    for part in (
        "ORD03",
        "数量不超订单 Quantity within order",
        "expected at most 2; observed declared 3",
        "2026-11-19",
    ):
        assert part in second
    assert "waybill stored" in second
    assert "of another" not in text


def test_a_parcel_without_a_waybill(lake):
    text = told(lake, "O2")
    assert "import 进口 1210, no waybill named" in text


def test_the_command(lake, capsys):
    assert main(["track", "--order", "O2"]) == 0
    assert "declaration C3 of E: waiting" in capsys.readouterr().out


def test_an_unknown_order_is_said_in_words(lake, capsys):
    assert main(["track", "--order", "O3"]) == 1
    assert "no published declaration names the order O3" in capsys.readouterr().err


def test_it_reads_while_a_run_has_the_warehouse(lake):
    with duckdb.connect(lake.warehouse) as run:
        run.execute("create table busy (n integer)")
        assert "closed" in told(lake, "O[1]")


def test_before_the_first_run(home, capsys):
    assert main(["track", "--order", "O1"]) == 1
    assert "nothing is published yet" in capsys.readouterr().err
