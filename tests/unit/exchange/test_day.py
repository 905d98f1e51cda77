"""The receipts of a published run: who gets what, and what the lake lacks is said."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

import duckdb
import pytest

from sandan import exchange
from sandan.errors import SandanError
from sandan.exchange.messages import OUTGOING
from sandan.home import PROJECT, Home
from sandan.read.xml_careful import read_carefully
from sandan.read.xml_document import open_document
from sandan.warehouse.connect import settings
from sandan.warehouse.lake import attach

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

DAY = date(2026, 11, 20)
NO_EXTRACTS = {"extracts": 0, "rows": 0}
COLUMNS = (
    "receipt_id source_id message edition list state agent_code bill_no co_el_no cop_no customs_code ebc_code ebp_code "
    "invt_no logistics_code logistics_no logistics_status msg_seq_no operator_code order_no pay_code pay_no "
    "pay_transaction_id pre_no statistics_flag ori_cop_msg_id ori_message_type return_status return_time return_info"
).split()


@pytest.fixture
def home(tmp_path: Path) -> Home:
    (tmp_path / "services").mkdir()
    return Home(root=tmp_path, sources=PROJECT / "sources", services=tmp_path / "services")


@pytest.fixture
def publish(home: Home) -> Callable[..., None]:
    """Put receipts into the lake of the home."""
    home.published.mkdir(parents=True)
    definition = ", ".join(f"{column} varchar" for column in COLUMNS)

    def into_the_lake(*rows: dict[str, Any], day: date = DAY) -> None:
        with duckdb.connect(config=settings(home)) as connection:
            attach(connection, home)
            connection.execute("create schema if not exists published.exchange")
            connection.execute(f"create table if not exists published.exchange.receipts (run_date date, {definition})")
            connection.begin()  # a commit of each row would be a snapshot of each
            for nth, row in enumerate(rows):
                given = {"receipt_id": f"R{nth}", "return_time": "20261120235959000", "return_status": "120",
                         "edition": "202205", "return_info": "[Code:1800;Desc:逻辑校验通过]"} | row  # fmt: skip
                connection.execute(
                    f"insert into published.exchange.receipts by name select cast(? as date) as run_date, "
                    f"{', '.join(f'? as {name}' for name in given)}",
                    [day, *given.values()],
                )
            connection.commit()

    return into_the_lake


def order(number: int, source_id: str = "export-orders", **given: Any) -> dict[str, Any]:
    return {"source_id": source_id, "message": "CEB304", "list": "order", "ebp_code": "P", "ebc_code": "E",
            "order_no": f"O{number}", "receipt_id": f"R{number:05d}"} | given  # fmt: skip


def files(home: Home) -> dict[str, bytes]:
    return {str(f.relative_to(home.exchange)): f.read_bytes() for f in sorted(home.exchange.glob("*/*/*"))}


def test_each_party_gets_its_own(home: Home, publish: Callable[..., None]) -> None:
    publish(order(1), order(2, "local-orders", edition="2018"), order(3, "wallet-payments", message="CEB900",
            ori_cop_msg_id="a.jsonl", ori_message_type="Unknown", return_status="-1"))  # fmt: skip
    publish(order(4), day=date(2026, 11, 19))

    counts = exchange.write_day(home, DAY)

    assert counts == {"receivers": 3, "messages": 3, "receipts": 3} | NO_EXTRACTS
    assert list(files(home)) == [
        "3301963H79/2026-11-20/CEB304-00001.xml",
        "33019650LP/2026-11-20/CEB304-00001.xml",
        "4403169D3W/2026-11-20/CEB900-00001.xml",
    ]


def test_many_receipts_in_order_over_portions(
    home: Home, publish: Callable[..., None], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sandan.exchange.day.PORTION", 100)
    decided = order(0, receipt_id="D1", return_time="20261120235959001")
    publish(decided, *(order(n) for n in range(249, 0, -1)))

    assert exchange.write_day(home, DAY) == {"receivers": 1, "messages": 3, "receipts": 250} | NO_EXTRACTS

    found = []
    for data in files(home).values():
        parsed = read_carefully(open_document(data, "utf-8"), OUTGOING["CEB304"])
        assert parsed.tables is not None
        found += parsed.tables.heads["order_no"].to_pylist()
    # what is decided follows on what is received
    assert found == [*(f"O{n}" for n in range(1, 250)), "O0"]
    before = files(home)
    exchange.write_day(home, DAY)
    assert files(home) == before


def test_a_run_without_receipts_takes_the_earlier_ones_away(home: Home, publish: Callable[..., None]) -> None:
    publish(order(1))
    exchange.write_day(home, DAY)
    with duckdb.connect(config=settings(home)) as connection:
        attach(connection, home)
        connection.execute("delete from published.exchange.receipts")
    assert exchange.write_day(home, DAY) == {"receivers": 0, "messages": 0, "receipts": 0} | NO_EXTRACTS
    assert files(home) == {}


def test_a_source_that_is_gone_is_named(home: Home, publish: Callable[..., None]) -> None:
    publish(order(1, "gone"))
    with pytest.raises(SandanError, match=r"gone sent records on 2026-11-20.*\n.*put gone.yml back"):
        exchange.write_day(home, DAY)


def test_nothing_published(home: Home) -> None:
    with pytest.raises(SandanError, match="nothing is published yet"):
        exchange.write_day(home, DAY)


def test_no_receipt_has_an_element_for_a_person() -> None:
    from sandan.lists import EDITIONS, PERSONAL, fields

    columns = {f.column for code in OUTGOING for edition in EDITIONS for f in fields(code, edition)}
    assert not columns & set(PERSONAL)
    assert set(COLUMNS) >= {
        column for code, message in OUTGOING.items() if message.list == "receipt" and code != "CEB702"
        for edition in EDITIONS for column in exchange.columns(code, edition)
    } - {"guid"}  # fmt: skip
