"""What a source's files look like is counted while they are read."""

from __future__ import annotations

from pathlib import Path

import pytest
from read_helpers import Landing, message, order

ORDER = (Path(__file__).parents[2] / "data" / "ceb" / "CEB311Message.xml").read_bytes()
RECORDS = 6
HEADER = (
    "平台代码,订单号,操作类型,更新时间,申报状态,平台名称,商家代码,商家名称,商品总额,运费,币种,备注,"
    "行号,货号,商品名称,规格,条码,单位,数量,单价,金额,颜色"
)
WALLET = '{"op": "CREATE", "order": {"no": "1"}, "payment": {"currency": "XYZ"}, "risk": {"score": 7}}\n'


@pytest.fixture
def landing(tmp_path: Path) -> Landing:
    return Landing.under(tmp_path)


def shapes(landing: Landing, source: str, data: bytes, name: str = "a.xml") -> dict[tuple[str, str], tuple[int, int]]:
    rows = landing.read_one(source, name, data).rows("shapes")
    return {(row["kind"], row["name"]): (row["filled"], row["total"]) for row in rows}


def test_elements_of_a_message_and_its_items(landing: Landing):
    found = shapes(landing, "import-orders", ORDER)
    assert found["element", "orderNo"] == (RECORDS, RECORDS)
    assert found["element", "item.gnum"][0] == found["element", "item.gnum"][1] > 0
    assert not [name for kind, name in found if kind != "element"]


@pytest.mark.parametrize(
    "colour", ["<{0}colour>red</{0}colour>", "<{0}colour/>", "<{0}colour><![CDATA[red]]></{0}colour>"]
)
def test_an_element_that_nobody_reads_is_named(landing: Landing, colour: str):
    data = ORDER
    for prefix in ("ceb:", ""):
        end = f"</{prefix}OrderHead>"
        data = data.replace(end.encode(), f"{colour.format(prefix)}{end}".encode())
    assert data != ORDER
    assert shapes(landing, "import-orders", data)["unread", "colour"] == (RECORDS, RECORDS)


def test_an_element_twice_in_each_record_is_in_no_more_records_than_there_are(landing: Landing):
    data = message(*(order(f"A{n}", head="<colour>red</colour><colour>blue</colour>") for n in range(4)))
    assert shapes(landing, "export-orders", data.encode())["unread", "colour"] == (4, 4)


def test_columns_that_nobody_maps_are_named(landing: Landing):
    rows = "".join(f"P,{n},新增,2026-11-20 08:00:00,申报,,,,,,人民币,,1,,,,,打,1,1,1,红\n" for n in range(3))
    found = shapes(landing, "local-orders", f"{HEADER}\n{rows}".encode("gb18030"), "a.csv")
    assert found["unread", "颜色"] == (3, 3)
    assert found["element", "item.qty"] == (3, 3)
    assert found["code", "item.unit = a text of 1 characters"] == (3, 3)
    assert ("code", "currency = 142") not in found


def test_paths_that_nobody_maps_are_named_and_codes_that_no_list_has(landing: Landing):
    data = WALLET.replace('"no": "1"', '"no": "1", "shop": {"id": 7}') * 3
    found = shapes(landing, "wallet-payments", data.encode(), "a.jsonl")
    assert found["unread", "order.shop"] == (3, 3)
    assert found["code", "currency = XYZ"] == (3, 3)
    assert {name for kind, name in found if kind == "unread"} == {"order.shop", "risk"}


def unread(landing: Landing, source: str, *records: str) -> dict[str, int]:
    found = shapes(landing, source, "".join(f"{record}\n" for record in records).encode(), "a.jsonl")
    return {name: filled for (kind, name), (filled, _) in found.items() if kind == "unread"}


def test_names_in_an_object_that_nobody_reads_are_data(landing: Landing):
    record = '{"op": "CREATE", "buyers": {"王小明": {"phone": "1"}}, "payer": {"alias": {"王小明": 1}}}'
    assert unread(landing, "wallet-payments", *[record] * 3) == {"buyers": 3, "payer.alias": 3}


@pytest.mark.parametrize(
    ("records", "named", "expected"),
    [
        (2, 2, {"(names in few records)": 2}),
        (3, 3, {"王小明": 3}),
        (300, 3, {"王小明": 3}),
        (301, 3, {"(names in few records)": 3}),
    ],
)
def test_a_name_in_few_records_is_only_counted(landing: Landing, records: int, named: int, expected: dict[str, int]):
    sent = ['{"op": "CREATE", "王小明": 1}'] * named + ['{"op": "CREATE"}'] * (records - named)
    assert unread(landing, "wallet-payments", *sent) == expected


def test_names_in_few_records_are_counted_as_one(landing: Landing):
    sent = ['{"op": "CREATE", "王小明": 1, "李小红": 1}', '{"op": "CREATE", "张三": 1}'] + ['{"op": "CREATE"}'] * 2
    assert unread(landing, "wallet-payments", *sent) == {"(names in few records)": 3}
    assert unread(landing, "wallet-payments", sent[0]) == {"(names in few records)": 1}


def test_a_name_in_many_items_of_one_record_is_in_one(landing: Landing):
    record = '{"for": [{"王小明": 1}, {"王小明": 1}, {"王小明": 1}]}'
    assert unread(landing, "bank-receipts", record, record, "{}") == {"(names in few records)": 2}
    assert unread(landing, "bank-receipts", record, record, record) == {"for.王小明": 3}


def test_long_numbers_are_left_out_of_names(landing: Landing):
    record = '{"op": "CREATE", "line2": 1, "tel-13800138000": 1}'
    assert unread(landing, "wallet-payments", *[record] * 3) == {"line2": 3, "tel-…": 3}


def test_a_text_that_is_no_code_is_not_shown(landing: Landing):
    found = shapes(landing, "wallet-payments", WALLET.replace("XYZ", "张三丰张三丰").encode(), "a.jsonl")
    assert ("code", "currency = a text of 6 characters") in found


@pytest.mark.parametrize(
    ("code", "shown"),
    [
        ("XYZ", "XYZ"),  # of the other set
        ("999", "999"),
        ("Xyz", "a text of 3 characters"),
        ("87654321", "a text of 8 characters"),
        ("19900101", "a text of 8 characters"),
        ("Zhang.W", "a text of 7 characters"),
    ],
)
def test_a_code_is_shown_where_its_list_has_codes_of_that_form(landing: Landing, code: str, shown: str):
    found = shapes(landing, "wallet-payments", WALLET.replace("XYZ", code).encode(), "a.jsonl")
    assert [name for kind, name in found if kind == "code"] == [f"currency = {shown}"]
