"""Sheets in the three senders' own formats: a platform's CSV, a wallet's JSON Lines, an express company's spreadsheet.

Column names and habits are those of the senders; sources/*.yml maps them back.
"""

from __future__ import annotations

import csv
import io
import json
from typing import TYPE_CHECKING

from sandan.simulate.sheet import cents, grams

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sandan.simulate.sheet import Sheet

ORDER_COLUMNS = (
    "操作类型 更新时间 申报状态 订单号 平台代码 平台名称 商家代码 商家名称 商品总额 运费 币种 "
    "行号 货号 商品名称 规格 条码 单位 数量 单价 金额 备注"
).split()
WAYBILL_COLUMNS = (
    "运单号 物流企业编码 物流企业名称 录入时间 操作 状态 运费(元) 保价费(元) 毛重(克) 件数 货物描述 "
    "商家编码 商家名称 商家电话 备注"
).split()
_CURRENCY = {"142": "人民币", "110": "港币", "502": "美元", "300": "欧元", "116": "日元"}
_UNIT = {
    "001": "台",
    "007": "个",
    "011": "件",
    "012": "支",
    "035": "千克",
    "120": "箱",
    "122": "罐",
    "125": "包",
    "140": "盒",
    "142": "瓶",
}
_ISO = {"142": "CNY", "110": "HKD", "502": "USD"}


def _rows(rows: Iterable[Iterable[str]], end: str) -> str:
    text = io.StringIO()
    csv.writer(text, lineterminator=end).writerows(rows)
    return text.getvalue()


def header(source_id: str) -> str:
    """The first line of a file, empty for JSON Lines."""
    if source_id == "local-orders":
        return _rows([ORDER_COLUMNS], "\n")
    return _rows([WAYBILL_COLUMNS], "\r\n") if source_id == "express-waybills" else ""


def record(sheet: Sheet) -> str:
    """The lines of one record."""
    if sheet.source == "local-orders":
        return _rows(_order(sheet), "\n")
    if sheet.source == "express-waybills":
        return _rows([_waybill(sheet)], "\r\n")
    return _payment(sheet)


def _thousands(amount: str) -> str:
    number = cents(amount)
    return f"{number // 100:,}.{number % 100:02d}"


def _order(sheet: Sheet) -> Iterable[list[str]]:
    h = sheet.head
    t = h["appTime"]
    for item in sheet.items:
        yield [
            {"1": "新增", "2": "修改", "3": "删除"}[h["appType"]],
            f"{t[:4]}-{t[4:6]}-{t[6:8]} {t[8:10]}:{t[10:12]}:{t[12:]}",
            "暂存" if h["appStatus"] == "1" else "申报",
            h["orderNo"],
            h["ebpCode"],
            h["ebpName"],
            h["ebcCode"],
            h["ebcName"],
            _thousands(h["goodsValue"]),
            h["freight"],
            _CURRENCY.get(h["currency"], h["currency"]),
            item["gnum"],
            item["itemNo"],
            item["itemName"],
            item["itemDescribe"],
            item["barCode"],
            _UNIT.get(item["unit"], item["unit"]),
            item["qty"],
            _thousands(item["price"]),
            _thousands(item["totalPrice"]),
            h["note"],
        ]


def _waybill(sheet: Sheet) -> list[str]:
    h = sheet.head
    t = h["appTime"]
    return [
        f'="{h["logisticsNo"]}"',
        f'="{h["logisticsCode"]}"',
        h["logisticsName"],
        f"{t[:4]}/{int(t[4:6])}/{int(t[6:8])} {int(t[8:10])}:{t[10:12]}",
        {"1": "新增", "2": "修改", "3": "取消"}[h["appType"]],
        "草稿" if h["appStatus"] == "1" else "已申报",
        _thousands(h["freight"]),
        h["insuredFee"],
        f"{grams(h['grossWeight']):,}",
        h["packNo"],
        h["goodsInfo"],
        f'="{h["ebcCode"]}"',
        h["ebcName"],
        h["ebcTelephone"],
        h["note"],
    ]


def _time(stamp: str) -> str:
    return f"{stamp[:4]}-{stamp[4:6]}-{stamp[6:8]}T{stamp[8:10]}:{stamp[10:12]}:{stamp[12:]}+08:00"


def _payment(sheet: Sheet) -> str:
    h = sheet.head
    line = {
        "op": {"1": "CREATE", "2": "UPDATE", "3": "DELETE"}[h["appType"]],
        "state": "DRAFT" if h["appStatus"] == "1" else "DECLARED",
        "sent_at": _time(h["appTime"]),
        "payment": {
            "company": {"code": h["payCode"], "name": h["payName"]},
            "transaction_id": h["payTransactionId"],
            "amount_fen": cents(h["amountPaid"]),
            "currency": _ISO[h["currency"]],
            "paid_at": _time(h["payTime"]),
        },
        "order": {"no": h["orderNo"], "platform": {"code": h["ebpCode"], "name": h["ebpName"]}},
        "payer": {
            "id_type": "ID_CARD",
            "id_number": h["payerIdNumber"],
            "name": h["payerName"],
            "mobile": h["telephone"],
        },
        "remark": None,
    }
    return json.dumps(line, ensure_ascii=False, separators=(",", ":")) + "\n"
