"""Records in which somebody stands where nobody is expected: in notes, codes, numbers, and in files that are broken."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

from sandan.home import PROJECT
from sandan.simulate.people import Person

if TYPE_CHECKING:
    from datetime import date

    from sandan.home import Home

SOMEBODY = Person("欧阳娜", "99110119800101001X", "10012345678", "模拟省望江市柳岸县人民路12号3幢4室")
ORDER = PROJECT / "tests" / "data" / "ceb" / "CEB311Message.xml"
SHEET = (
    "操作类型,更新时间,申报状态,订单号,平台代码,平台名称,商家代码,商家名称,商品总额,运费,币种,"
    "行号,货号,商品名称,规格,条码,单位,数量,单价,金额,备注"
)


def land_awkward_records(home: Home, day: date, p: Person = SOMEBODY) -> None:
    """Put files of four senders into the landing of `day`."""
    everything = f"{p.name} {p.id_number} {p.telephone} {p.address}"
    named = {
        "buyerName": p.name * 30,  # too long for its element
        "buyerTelephone": p.telephone,
        "buyerIdNumber": p.id_number,
        "buyerIdType": p.name[0],
        "consignee": p.name,
        "consigneeTelephone": p.telephone,
        "consigneeAddress": p.address,
        "note": everything,
        "orderNo": f"AWKWARD-{day}",
    }
    misplaced = {
        "currency": p.name,
        "unit": p.name,
        "country": p.name,
        "appTime": p.id_number,
        "goodsValue": everything,
    }
    # a record that is read: as sound as that of the first file, under its own number
    nowhere = named | {"buyerName": p.name, "buyerIdType": "1", "orderNo": f"NOWHERE-{day}"}
    files = {
        "import-orders/1-named.xml": _order(named),
        "import-orders/2-in-codes.xml": _order(named | {"buyerName": p.name, "currency": p.name, "country": p.name}),
        "import-orders/3-in-numbers.xml": _order(named | misplaced),
        "import-orders/4-cut-short.xml": _order(named)[:-300],
        "import-orders/5-nowhere.xml": _order(nowhere).replace(
            "</ceb:note>", f"</ceb:note><ceb:remark>{everything}</ceb:remark><remark>{p.name}</remark>", 1
        ),
        "import-orders/6-reference.xml": _order(named | {"note": f"&{p.name};"}),
        "wallet-payments/broken.jsonl": "\n".join(
            [everything, json.dumps({"payer": {"name": f"{p.name}\x01"}}), json.dumps([everything])]
        ),
    }
    for name, text in files.items():
        _land(home, day, f"{name}", text.encode())
    header = SHEET.split(",")
    values = (p.name, p.id_number, p.address)
    shifted = [[values[(n + by) % len(values)] for n in range(len(header))] for by in range(len(values))]
    rows = [header, *shifted, [*shifted[0], p.name]]
    _land(home, day, "local-orders/shifted.csv", "\n".join(map(",".join, rows)).encode("gb18030"))
    _land(home, day, "local-orders/headless.csv", ",".join(values).encode("gb18030"))


def _order(values: dict[str, str]) -> str:
    text = ORDER.read_text("utf-8-sig")
    for element, value in values.items():
        text = re.sub(rf"(<ceb:{element}>).*?(</ceb:{element}>)", rf"\g<1>{value}\g<2>", text)
    return text


def _land(home: Home, day: date, name: str, data: bytes) -> None:
    source, _, file = name.partition("/")
    folder = home.landing_of(source, day)
    folder.mkdir(parents=True, exist_ok=True)
    (folder / file).write_bytes(data)
