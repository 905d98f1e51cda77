"""What a source's files look like is counted while they are read."""

from __future__ import annotations

from pathlib import Path

import pytest
from read_helpers import Landing

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


@pytest.mark.parametrize(("way", "looked_at"), [("fast", 2), ("careful", RECORDS)])
def test_an_element_that_nobody_reads_is_named(landing: Landing, way: str, looked_at: int):
    data = ORDER.replace(b"</ceb:OrderHead>", b"<ceb:colour>red</ceb:colour></ceb:OrderHead>").replace(
        b"</OrderHead>", b"<colour>red</colour></OrderHead>"
    )
    if way == "careful":
        data = data.replace(b">red<", b"><![CDATA[red]]><")
    assert data != ORDER
    assert shapes(landing, "import-orders", data)["unread", "colour"] == (looked_at, RECORDS)


def test_columns_that_nobody_maps_are_named(landing: Landing):
    row = "P,1,新增,2026-11-20 08:00:00,申报,,,,,,人民币,,1,,,,,打,1,1,1,红"
    found = shapes(landing, "local-orders", f"{HEADER}\n{row}\n".encode("gb18030"), "a.csv")
    assert found["unread", "颜色"] == (1, 1)
    assert found["element", "item.qty"] == (1, 1)
    assert found["code", "item.unit = a text of 1 characters"] == (1, 1)
    assert ("code", "currency = 142") not in found


def test_paths_that_nobody_maps_are_named_and_codes_that_no_list_has(landing: Landing):
    found = shapes(landing, "wallet-payments", (WALLET * 2).encode(), "a.jsonl")
    assert found["unread", "risk.score"] == (2, 2)
    assert found["code", "currency = XYZ"] == (2, 2)
    assert {name for kind, name in found if kind == "unread"} == {"risk.score"}


def test_what_names_somebody_is_not_shown(landing: Landing):
    data = WALLET.replace('"score"', '"13800138000"').replace("XYZ", "张三丰张三丰").encode()
    found = shapes(landing, "wallet-payments", data, "a.jsonl")
    assert ("unread", "risk.…") in found
    assert ("code", "currency = a text of 6 characters") in found
