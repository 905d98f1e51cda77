"""Extracts of a published run: their rows, their codes, their bytes, and how a date is replaced."""

from __future__ import annotations

import json
from datetime import date
from typing import TYPE_CHECKING, Any

import duckdb
import pytest

from sandan import exchange
from sandan.errors import SandanError
from sandan.exchange.services import known_columns
from sandan.home import PROJECT, Home
from sandan.warehouse.connect import settings
from sandan.warehouse.lake import attach

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

DAY = date(2026, 11, 20)
SERVICE = """\
id: port
name: {zh: 口岸, en: Port}
extracts:
  lists:
    to: tax
    of: department_records
    why: "tax needs them"
    only: {flow: [E]}
    filled: [zone_code]
    format: csv
    encoding: utf-8
    code_lists: iso
    columns:
      "编号, 内部": cop_no
      种类: {const: "it's"}
      出口日期: {from: customs_date, time: "%Y/%m/%d"}
      记录日期: customs_as_of
      币种: customs_currency
      金额: {from: customs_amount, decimals: 2}
      数量: customs_quantity
      单位: {from: customs_unit, values: {"011": 件}, otherwise: 其他}
      状态: {from: customs_state, values: {closed: "1"}, otherwise: "0"}
"""


@pytest.fixture
def home(tmp_path: Path) -> Home:
    (tmp_path / "services").mkdir()
    return Home(root=tmp_path, sources=PROJECT / "sources", services=tmp_path / "services")


@pytest.fixture
def publish(home: Home) -> Callable[..., None]:
    """Put what departments hold into the lake of the home."""
    home.published.mkdir(parents=True)

    def into_the_lake(*rows: dict[str, Any]) -> None:
        with duckdb.connect(config=settings(home)) as connection:
            attach(connection, home)
            connection.execute("create schema if not exists published.exchange")
            connection.execute(
                "create table if not exists published.exchange.receipts "
                "(run_date date, source_id varchar, message varchar, edition varchar)"
            )
            connection.execute("create schema if not exists published.public_service")
            for table in ("department_records", "department_notices"):
                columns = ", ".join(f'"{name}" {known.type}' for name, known in known_columns(table).items())
                connection.execute(f"create table if not exists published.public_service.{table} ({columns})")
            connection.begin()  # a commit of each row would be a snapshot of each
            for row in rows:
                given = {"run_date": DAY, "ebc_code": "E", "flow": "E", "zone_code": "330100"} | row
                connection.execute(
                    "insert into published.public_service.department_records by name "
                    f"select {', '.join(f'? as {name}' for name in given)}",
                    list(given.values()),
                )
            connection.commit()

    return into_the_lake


def serve(home: Home, text: str = SERVICE, name: str = "port") -> None:
    (home.services / f"{name}.yml").write_text(text.replace("id: port", f"id: {name}"), encoding="utf-8")


def files(home: Home) -> dict[str, bytes]:
    return {str(f.relative_to(home.exchange)): f.read_bytes() for f in sorted(home.exchange.glob("[!.]*/*/*"))}


def test_a_department_gets_its_rows_in_the_words_of_its_platform(home: Home, publish: Callable[..., None]) -> None:
    serve(home)
    publish(
        {"cop_no": 'B"2', "customs_date": date(2026, 11, 18), "customs_as_of": date(2026, 11, 19),
         "customs_currency": "502", "customs_amount": "12.345", "customs_quantity": "3", "customs_unit": "011",
         "customs_state": "closed"},
        {"cop_no": "A1", "customs_unit": "035", "customs_state": "released"},
        {"cop_no": "import", "flow": "I"},
        {"cop_no": "no zone", "zone_code": None},
        {"cop_no": "other day", "run_date": date(2026, 11, 19)},
    )  # fmt: skip

    counts = exchange.write_day(home, DAY)

    assert (counts["extracts"], counts["rows"]) == (1, 2)
    assert files(home)["tax/2026-11-20/port-lists.csv"].decode() == (
        '"编号, 内部",种类,出口日期,记录日期,币种,金额,数量,单位,状态\n'
        "A1,it's,,,,,,其他,0\n"
        '"B""2",it\'s,2026/11/18,2026-11-19,USD,12.35,3.00000,件,1\n'
    )


def test_json_lines_hold_numbers_exactly(home: Home, publish: Callable[..., None]) -> None:
    serve(home, SERVICE.replace("format: csv", "format: jsonl"))
    publish({"cop_no": "A1", "customs_amount": "12345678901234.56", "customs_quantity": "0.00001"})

    exchange.write_day(home, DAY)

    (line,) = files(home)["tax/2026-11-20/port-lists.jsonl"].decode().splitlines()
    assert '"金额":12345678901234.56,"数量":0.00001' in line
    assert json.loads(line)["编号, 内部"] == "A1"
    assert json.loads(line)["币种"] is None


def test_other_encodings(home: Home, publish: Callable[..., None]) -> None:
    serve(home, SERVICE.replace("encoding: utf-8", "encoding: gb18030"), "inland")
    serve(home, SERVICE, "port")
    publish({"cop_no": "清单1", "customs_unit": "011"})

    exchange.write_day(home, DAY)

    written = files(home)
    assert list(written) == ["tax/2026-11-20/inland-lists.csv", "tax/2026-11-20/port-lists.csv"]
    utf_8 = written["tax/2026-11-20/port-lists.csv"].decode()
    assert written["tax/2026-11-20/inland-lists.csv"] == utf_8.encode("gb18030")


def test_a_character_that_the_encoding_lacks(home: Home, publish: Callable[..., None]) -> None:
    serve(home, SERVICE.replace("encoding: utf-8", "encoding: gb2312"))
    publish({"cop_no": "A€1"})
    with pytest.raises(SandanError, match=r"gb2312 has no character '€'\n.*encoding: utf-8 or gb18030 in .*port\.yml"):
        exchange.write_day(home, DAY)
    assert files(home) == {}


def test_a_code_without_a_code_of_theirs_leaves_what_was_there(home: Home, publish: Callable[..., None]) -> None:
    serve(home, SERVICE.replace(", otherwise: 其他}", "}"))
    publish({"cop_no": "A1", "customs_unit": "011"})
    exchange.write_day(home, DAY)
    before = files(home)
    publish({"cop_no": "A2", "customs_unit": "035"})
    with pytest.raises(SandanError, match=r"'单位' of port-lists.csv to tax has no code for '035' \(customs_unit\)"):
        exchange.write_day(home, DAY)
    assert files(home) == before


def test_a_date_is_replaced_as_a_whole_and_the_same_run_gives_the_same_bytes(
    home: Home, publish: Callable[..., None]
) -> None:
    serve(home)
    serve(home, SERVICE, "gone")
    publish(*({"cop_no": f"A{n:05d}"} for n in range(300, 0, -1)))
    exchange.write_day(home, DAY)
    exchange.write_day(home, date(2026, 11, 19))
    before = files(home)

    exchange.write_day(home, DAY)
    assert files(home) == before

    (home.services / "gone.yml").unlink()
    exchange.write_day(home, DAY)
    assert set(before) - set(files(home)) == {"tax/2026-11-20/gone-lists.csv"}
    # a day without rows is told, too
    assert files(home)["tax/2026-11-19/port-lists.csv"].decode().count("\n") == 1
