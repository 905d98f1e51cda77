"""The summary applications of a month: one message an agent, read again with what the published lake says."""

from __future__ import annotations

from typing import Any

import pytest

from sandan import exchange, warehouse
from sandan.errors import SandanError
from sandan.exchange.messages import OUTGOING
from sandan.home import PROJECT, Home
from sandan.month import Month
from sandan.read.xml_careful import read_carefully
from sandan.read.xml_document import open_document
from sandan.warehouse.lake import attach

MONTH = Month.fromisoformat("2026-11")
APPLICATIONS = """
create schema published.clearance;
create table published.clearance.summary_applications as
select
    '2026-11' as month, '202205' as edition, 'SA' || agent as cop_no, '1' as app_type, '20261130235959' as app_time,
    '2' as app_status, '2991' as customs_code, agent as agent_code, '代理&' as agent_name, 'E' as ebc_code,
    '企业' as ebc_name, agent as decl_agent_code, '代理&' as decl_agent_name, '20261101000000' as start_time,
    '20261130235959' as end_time, flag as summary_flag, '0' as item_name_flag, 2 as msg_count, part as msg_seq_no,
    numbers as invt_nos
from (values
    ('AGENT1', '2', 1, ['29912026E000000001', '29912026E000000002']),
    ('AGENT1', '2', 2, ['29912026E000000003']),
    ('AGENT2', '1', 1, ['29912026E000000004'])
) as sent (agent, flag, part, numbers);
insert into published.clearance.summary_applications by name
select * replace ('2026-10' as month, 'AGENT3' as agent_code) from published.clearance.summary_applications
"""


@pytest.fixture
def home(tmp_path) -> Home:
    home = Home(root=tmp_path / "home", sources=PROJECT / "sources")
    home.published.mkdir(parents=True)
    with warehouse.connect(home) as connection:
        attach(connection, home)
        connection.execute(APPLICATIONS)
    return home


def written(home: Home) -> dict[str, bytes]:
    return {str(file.relative_to(home.exchange)): file.read_bytes() for file in home.exchange.glob("[!.]*/*/*.xml")}


def read(data: bytes) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    tables = read_carefully(open_document(data, "utf-8"), OUTGOING["CEB701"]).tables
    assert tables is not None
    assert tables.items is not None
    return tables.heads.to_pylist(), tables.items.to_pylist()


def test_each_agent_gets_its_applications_of_the_month(home):
    assert exchange.write_month(home, MONTH) == {"receivers": 2, "messages": 2, "applications": 3}
    files = written(home)
    assert set(files) == {f"{agent}/2026-11/CEB701-00001.xml" for agent in ("AGENT1", "AGENT2")}
    heads, items = read(files["AGENT1/2026-11/CEB701-00001.xml"])
    assert [(head["cop_no"], head["msg_count"], head["msg_seq_no"]) for head in heads] == [
        ("SAAGENT1", "2", "1"),
        ("SAAGENT1", "2", "2"),
    ]
    assert len({head["guid"] for head in heads}) == 2, "parts of one application are records of their own"
    assert {head["agent_name"] for head in heads} == {"代理&"}
    assert [item["invt_no"] for item in items] == [f"29912026E00000000{n}" for n in (1, 2, 3)]


def test_twice_gives_the_same_bytes(home):
    exchange.write_month(home, MONTH)
    first = written(home)
    exchange.write_month(home, MONTH)
    assert written(home) == first


def test_nothing_is_written_when_one_application_is_not_valid(home):
    with warehouse.connect(home) as connection:
        attach(connection, home)
        wrong = "update published.clearance.summary_applications set summary_flag = '7' where agent_code = 'AGENT2'"
        connection.execute(wrong)
    with pytest.raises(SandanError, match=r"CEB701-00001\.xml to AGENT2 of 2026-11 is no valid CEB701"):
        exchange.write_month(home, MONTH)
    assert written(home) == {}
