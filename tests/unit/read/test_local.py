"""Local interfaces: the habits of a CSV, a spreadsheet and JSON Lines, and what happens where they are broken."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest
from read_helpers import Landing, Reading, message, order

from sandan.home import PROJECT
from sandan.read.convert import Column, national_time, scaled, without_thousands

if TYPE_CHECKING:
    from pathlib import Path

ORDERS = (
    "操作类型,更新时间,申报状态,订单号,平台代码,平台名称,商家代码,商家名称,商品总额,运费,币种,行号,货号,商品名称,规格,条码,"
    "单位,数量,单价,金额,备注"
)
SHEET = (
    "运单号,物流企业编码,物流企业名称,录入时间,操作,状态,运费(元),保价费(元),毛重(克),件数,"
    "货物描述,商家编码,商家名称,商家电话,备注"
)


def line(number: str = "T1", gnum: str = "1", note: str = "") -> str:
    return (
        f'新增,2026-11-20 09:05:01,申报,{number},P1,模拟平台,E1,模拟商家,"1,234.50",0,人民币,'
        f"{gnum},G{gnum},茶,一级,69,盒,2,"
        f"617.25,1234.50,{note}"
    )


def parcel(number: str = '="0012345"') -> str:
    return f'{number},="0031",模拟快递,2026/11/20 9:05,新增,已申报,"1,012.50",0,"1,250",1,茶,E1,模拟商家,,\t备注\t'


def payment(**changes: Any) -> dict[str, Any]:
    return {
        "op": "CREATE",
        "state": "DECLARED",
        "sent_at": "2026-11-20T01:02:03+00:00",
        "payment": {
            "company": {"code": "C1", "name": "模拟支付"},
            "transaction_id": "X1",
            "amount_fen": 12345,
            "currency": "CNY",
            "paid_at": "2026-11-20T09:02:00+08:00",
        },
        "order": {"no": "O1", "platform": {"code": "P1", "name": "模拟平台"}},
        "payer": {"id_type": "ID_CARD", "id_number": "0", "name": "模拟", "mobile": None},
    } | changes


@pytest.fixture
def landing(tmp_path: Path) -> Landing:
    return Landing.under(tmp_path)


def csv_of(landing: Landing, *lines: str, header: str = ORDERS) -> Reading:
    return landing.read_one("local-orders", "o.csv", "\n".join((header, *lines, "")).encode("gb18030"))


def sheet_of(landing: Landing, *lines: str) -> Reading:
    return landing.read_one("express-waybills", "w.csv", "\r\n".join((SHEET, *lines)).encode("utf-8-sig"))


def lines_of(landing: Landing, *lines: str) -> Reading:
    return landing.read_one("wallet-payments", "p.jsonl", "\n".join(lines).encode())


def test_csv_of_a_platform(landing: Landing) -> None:
    reading = csv_of(landing, line("T1", "1"), line("T2", "1", "两行"), line("T1", "2"))

    assert reading.rows("orders") == [
        {
            "file_no": 1, "position": 1, "app_type": "1", "app_time": "20261120090501", "app_status": "2",
            "order_type": "E", "order_no": "T1", "ebp_code": "P1", "ebp_name": "模拟平台",
            "ebc_code": "E1", "ebc_name": "模拟商家",
            "goods_value": "1234.50", "freight": "0", "currency": "142",
        },
        reading.rows("orders")[1] | {"position": 2, "order_no": "T2", "note": "两行"},
    ]  # fmt: skip
    assert [(r["position"], r["line"], r["gnum"]) for r in reading.rows("order_items")] == [
        (1, 1, "1"), (2, 1, "1"), (1, 2, "2"),
    ]  # fmt: skip
    assert reading.rows("order_items")[0] == {
        "file_no": 1, "position": 1, "line": 1, "gnum": "1", "item_no": "G1", "item_name": "茶",
        "item_describe": "一级", "bar_code": "69", "unit": "140", "currency": "142", "qty": "2",
        "price": "617.25", "total_price": "1234.50",
    }  # fmt: skip
    (file,) = reading.files
    assert (file["message"], file["list"], file["flow"], file["relaxed"]) == ("CEB303", "order", "E", ["guid"])


def test_sheet_of_a_logistics_enterprise(landing: Landing) -> None:
    quoted = '"' + '="0012346"'.replace('"', '""') + '"'
    first, second = sheet_of(landing, parcel(), parcel(quoted)).rows("waybills")

    assert first == {
        "file_no": 1, "position": 1, "app_type": "1", "app_time": "20261120090500", "app_status": "2",
        "logistics_code": "0031", "logistics_name": "模拟快递", "logistics_no": "0012345", "freight": "1012.50",
        "insured_fee": "0", "currency": "142", "gross_weight": "1.250", "pack_no": "1", "goods_info": "茶",
        "ebc_code": "E1", "ebc_name": "模拟商家", "note": "备注",
    }  # fmt: skip
    assert second["logistics_no"] == "0012346"


def test_json_lines_of_a_payment_enterprise(landing: Landing) -> None:
    (row,) = lines_of(landing, json.dumps(payment(), ensure_ascii=False), "").rows("payments")

    assert row == {
        "file_no": 1, "position": 1, "app_type": "1", "app_time": "20261120090203", "app_status": "2", "pay_code": "C1",
        "pay_name": "模拟支付", "pay_transaction_id": "X1", "order_no": "O1", "ebp_code": "P1", "ebp_name": "模拟平台",
        "payer_id_type": "1", "payer_id_number": "0", "payer_name": "模拟", "amount_paid": "123.45", "currency": "142",
        "pay_time": "20261120090200",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("bad", "says"),
    [
        (line().rpartition(",")[0], "20 fields, the header has 21"),
        (line() + ",surplus", "22 fields, the header has 21"),
        (line(note="a\x01b"), "control character"),
        (line(note="a\x00b"), "control character"),
    ],
)
def test_a_bad_csv_row_spoils_its_record_only(landing: Landing, bad: str, says: str) -> None:
    reading = csv_of(landing, line("T0"), bad, line("T2"))

    faults = {row["order_no"]: row.get("fault", "") for row in reading.rows("orders")}
    assert says in faults["T1"]
    assert (faults["T0"], faults["T2"]) == ("", "")
    assert len(reading.rows("order_items")) == 3


def test_a_bad_later_row_spoils_the_record_it_belongs_to(landing: Landing) -> None:
    (row,) = csv_of(landing, line("T1", "1"), line("T1", "2") + ",surplus").rows("orders")

    assert row["fault"] == "a row has 22 fields, the header has 21"


def test_rows_without_any_key_are_each_a_record(landing: Landing) -> None:
    keyless = "," * ORDERS.count(",") + "备注"

    assert [r["position"] for r in csv_of(landing, keyless, keyless, line()).rows("orders")] == [1, 2, 3]


@pytest.mark.parametrize("blank", ["", "," * ORDERS.count(","), ",", " ,\t, ", '="",,', "," * 99])
def test_rows_of_empty_cells_are_no_records(landing: Landing, blank: str) -> None:
    reading = csv_of(landing, blank, line("T1", "1"), blank, blank, line("T2"), line("T1", "2"), blank)

    assert [(r["position"], r["order_no"], r.get("fault")) for r in reading.rows("orders")] == [
        (1, "T1", None), (2, "T2", None),
    ]  # fmt: skip
    assert [(r["position"], r["line"], r["gnum"]) for r in reading.rows("order_items")] == [
        (1, 1, "1"), (2, 1, "1"), (1, 2, "2"),
    ]  # fmt: skip
    assert reading.counts["records"] == 2


@pytest.mark.parametrize("first", ["订单号", '"订单号"'])
def test_a_byte_order_mark_is_no_part_of_the_header(landing: Landing, first: str) -> None:
    header, row = f"{first},{ORDERS}", f"T1,{line('T2')}"  # of a name written twice the first counts

    reading = landing.read_one("local-orders", "o.csv", f"\ufeff{header}\n{row}\n".encode("gb18030"))

    assert [row["order_no"] for row in reading.rows("orders")] == ["T1"]


def test_a_byte_order_mark_alone_is_an_empty_file(landing: Landing) -> None:
    assert landing.read_one("local-orders", "o.csv", "\ufeff".encode("gb18030")).reason == "the file is empty"


@pytest.mark.parametrize(
    ("header", "lines", "says"),
    [
        (ORDERS.replace("订单号", "单号"), [line()], "lacks the column 订单号"),
        (ORDERS.replace("数量", "数"), [], "lacks the column 数量"),
        (ORDERS, ['"open,1', line()], "quotes"),
        (ORDERS, ['"a"b,1'], "quotes"),
        ("", [], "empty"),
    ],
)
def test_a_csv_that_cannot_be_read_as_a_whole(landing: Landing, header: str, lines: list[str], says: str) -> None:
    assert says in csv_of(landing, *lines, header=header).reason


def test_a_csv_in_another_encoding(landing: Landing) -> None:
    data = f"{ORDERS}\n{line()}\n".encode("gb18030") + b"\xff\xff\n"

    assert "contradict the encoding gb18030" in landing.read_one("local-orders", "o.csv", data).reason


def test_more_columns_in_another_order_do_no_harm(landing: Landing) -> None:
    names, cells = ORDERS.split(","), line().replace('"1,234.50"', "1234.5").split(",")

    reading = csv_of(landing, ",".join([*cells[::-1], "x"]), header=",".join([*names[::-1], "其他"]))

    assert [row["order_no"] for row in reading.rows("orders")] == ["T1"]


def test_a_header_alone_is_read(landing: Landing) -> None:
    assert csv_of(landing).counts == {"files": 1, "quarantined": 0, "records": 0}


def test_a_national_message_in_a_local_folder(landing: Landing) -> None:
    assert landing.read_one("local-orders", "o.csv", message(order()).encode()).files[0]["message"] == "CEB303"


@pytest.mark.parametrize(
    "bad", ["{", "[1]", "1", '"a"', "{'a': 1}", '{"a": NaN}', "[" * 100_000, '{"a": "\x01"}', "null", '{"op": 1} x']
)
def test_a_bad_json_line_becomes_a_record_with_a_fault(landing: Landing, bad: str) -> None:
    reading = lines_of(landing, json.dumps(payment()), bad, json.dumps(payment()))

    assert [(row["position"], row.get("fault")) for row in reading.rows("payments")] == [
        (1, None), (2, "the line is not a JSON object"), (3, None),
    ]  # fmt: skip
    assert reading.counts["records"] == 3


@pytest.mark.parametrize("remark", ["a\x01b", "a\ud800b", "\x00"])
def test_a_forbidden_character_in_json(landing: Landing, remark: str) -> None:
    (row,) = lines_of(landing, json.dumps(payment(remark=remark))).rows("payments")

    assert row["fault"] == "a value holds a control character"
    assert "note" not in row


@pytest.mark.parametrize(
    ("remark", "note"),
    [
        ("a\tb\nc", "a\tb\nc"),
        (1.10, "1.1"),
        (True, "true"),
        (None, None),
        (" ", None),
        ({"a": 1}, '{"a": "1"}'),
        ("\\u0001", "\\u0001"),
    ],
)
def test_values_of_json(landing: Landing, remark: object, note: str | None) -> None:
    (row,) = lines_of(landing, json.dumps(payment(remark=remark))).rows("payments")

    assert row.get("note") == note
    assert "fault" not in row


def test_json_numbers_keep_their_digits(landing: Landing) -> None:
    digits = "12345678901234567890123456789012345678901234567890.10"
    text = json.dumps(payment(remark="N")).replace('"N"', digits)

    assert lines_of(landing, text).rows("payments")[0]["note"] == digits


def test_of_a_json_name_written_twice_the_first_counts(landing: Landing) -> None:
    text = json.dumps(payment(remark="first")).replace('"remark": "first"', '"remark": "first", "remark": "second"')

    assert lines_of(landing, text).rows("payments")[0]["note"] == "first"


def test_json_lines_with_nested_items(tmp_path: Path) -> None:
    sources = tmp_path / "sources"
    sources.mkdir()
    local = (PROJECT / "sources" / "local-orders.yml").read_text(encoding="utf-8")
    local = local.replace("format: csv", "format: jsonl").replace("gb18030", "utf-8").replace("local-orders", "shop")
    before, _, after = local.partition("record_by:")
    (sources / "shop.yml").write_text(f"{before}items: 明细.行\n{after.partition(chr(10))[2]}", encoding="utf-8")
    landing = Landing.under(tmp_path, sources)
    whole = {"订单号": "T1", "明细": {"行": [{"行号": 1}, {"行号": 2}]}}
    broken = {"订单号": "T2", "明细": {"行": [{"行号": 1}, "x"]}}
    records = [whole, broken, {"订单号": "T3"}]

    lines = "\n".join(json.dumps(r, ensure_ascii=False) for r in records)
    reading = landing.read_one("shop", "o.csv", lines.encode())

    assert [(r["order_no"], r.get("fault")) for r in reading.rows("orders")] == [
        ("T1", None), ("T2", "an item is not a JSON object"), ("T3", None),
    ]  # fmt: skip
    assert [(r["position"], r["line"], r["gnum"]) for r in reading.rows("order_items")] == [
        (1, 1, "1"), (1, 2, "2"), (2, 1, "1"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "pattern", "national"),
    [
        ("2026/11/20 9:05", "%Y/%m/%d %H:%M", "20261120090500"),
        ("2026-11-20T23:30:00-05:00", "%Y-%m-%dT%H:%M:%S%z", "20261121123000"),
        ("2026-02-30 00:00", "%Y-%m-%d %H:%M", "2026-02-30 00:00"),
        ("9999-12-31T23:00:00-05:00", "%Y-%m-%dT%H:%M:%S%z", "9999-12-31T23:00:00-05:00"),
        ("soon", "%Y-%m-%d", "soon"),
    ],
)
def test_times(text: str, pattern: str, national: str) -> None:
    assert national_time(text, pattern, 14) == national


def test_dates() -> None:
    assert national_time("20.11.2026", "%d.%m.%Y", 8) == "20261120"


@pytest.mark.parametrize(
    ("text", "plain"),
    [("1,234.50", "1234.50"), ("-1,234,567", "-1234567"), ("12,34", "12,34"), ("1,234,5", "1,234,5"), ("12", "12")],
)
def test_thousands(text: str, plain: str) -> None:
    assert without_thousands(text, ",") == plain


@pytest.mark.parametrize(
    ("text", "result"),
    [
        ("1250", "1.250"), ("0.1", "0.0001"), ("-5", "-0.005"), ("1e3", "1e3"), ("NaN", "NaN"), ("１", "１"),
        ("1,0", "1,0"), ("9" * 150, "9" * 147 + "." + "999"), ("9" * 300, "9" * 300),
    ],
)  # fmt: skip
def test_scale_is_exact_or_not_at_all(text: str, result: str) -> None:
    assert scaled(text, Decimal("0.001")) == result


def test_values_that_are_not_listed_pass_through() -> None:
    column = Column("currency", "currency", source="c", values={"人民币": "142"})

    assert [column.convert(t) for t in (" 人民币 ", "英镑", "", '="人民币"')] == ["142", "英镑", "", "142"]
