"""Reads a simulated landing with lxml, csv and json only: nothing of the pipeline's own readers."""

from __future__ import annotations

import csv
import gzip
import io
import json
import zipfile
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING

from lxml import etree

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

LISTS = {
    "CEB303": "order", "CEB311": "order", "CEB403": "payment", "CEB411": "payment", "CEB505": "waybill",
    "CEB511": "waybill", "CEB603": "declaration", "CEB621": "declaration", "CEB507": "arrival",
    "CEB509": "departure", "CEB513": "status", "CEB605": "cancellation", "CEB623": "cancellation",
    "CEB213": "return", "CEB625": "return",
}  # fmt: skip
Values = dict[str, str]


@dataclass
class Landed:
    """A record as it lies in the landing; values trimmed, empty ones left out, the first of several kept."""

    run_date: date
    source_id: str
    path: str
    position: int
    message: str
    head: Values
    items: list[Values]
    state: str = ""
    rule: str = ""

    @property
    def list(self) -> str:
        return LISTS[self.message]

    @property
    def flow(self) -> str:
        return "I" if self.message in {"CEB311", "CEB411", "CEB511", "CEB513", "CEB621", "CEB623", "CEB625"} else "E"

    @property
    def place(self) -> tuple[date, str, str, int]:
        return (self.run_date, self.source_id, self.path, self.position)


def files(folder: Path) -> Iterator[tuple[str, bytes]]:
    """Path and bytes of every file and archive member that can be opened."""
    for file in sorted(folder.iterdir()):
        content = file.read_bytes()
        if file.suffix == ".zip":
            try:
                archive = zipfile.ZipFile(io.BytesIO(content))
            except zipfile.BadZipFile:
                continue
            for name in archive.namelist():
                try:
                    yield f"{file.name}/{name}", archive.read(name)
                except zipfile.BadZipFile:
                    continue
        else:
            yield file.name, gzip.decompress(content) if file.suffix == ".gz" else content


def records(folder: Path, run_date: date, path: str, content: bytes) -> list[Landed]:
    source_id = folder.parent.name
    if ".csv" in path:
        made = _orders(content) if source_id == "local-orders" else _waybills(content)
    elif ".jsonl" in path:
        made = _payments(content)
    else:
        made = _national(content)
    return [
        Landed(run_date, source_id, path, position, message, head, items)
        for position, (message, head, items) in enumerate(made, start=1)
    ]


def _values(node: etree._Element) -> Values:
    found: Values = {}
    for child in node:
        text = (child.text or "").strip(" \t\r\n")
        if len(child) == 0 and text:
            found.setdefault(etree.QName(child).localname, text)
    return found


def _national(content: bytes) -> Iterator[tuple[str, Values, list[Values]]]:
    root = etree.fromstring(content, etree.XMLParser(resolve_entities=False))
    message = etree.QName(root).localname.removesuffix("Message")
    for node in root:
        if etree.QName(node).localname in {"BaseTransfer", "Signature"} or message not in LISTS:
            continue
        parts = [child for child in node if len(child)]
        heads = [p for p in parts if etree.QName(p).localname.endswith("Head")]
        items = [_values(p) for p in parts if etree.QName(p).localname.endswith("List")]
        yield message, _values(heads[0] if heads else node), items


def _stamp(text: str, form: str) -> str:
    return datetime.strptime(text, form).strftime("%Y%m%d%H%M%S")


def _orders(content: bytes) -> Iterator[tuple[str, Values, list[Values]]]:
    made: dict[tuple[str, ...], tuple[Values, list[Values]]] = {}
    money = {"人民币": "142", "港币": "110", "美元": "502", "欧元": "300", "日元": "116"}
    for row in csv.DictReader(io.StringIO(content.decode("gb18030"))):
        key = (row["平台代码"], row["订单号"], row["操作类型"], row["更新时间"])
        currency = money.get(row["币种"], row["币种"])
        head = {
            "appType": {"新增": "1", "修改": "2", "删除": "3"}[row["操作类型"]],
            "appTime": _stamp(row["更新时间"], "%Y-%m-%d %H:%M:%S"),
            "appStatus": {"暂存": "1", "申报": "2"}[row["申报状态"]],
            "orderNo": row["订单号"],
            "ebpCode": row["平台代码"],
            "ebcCode": row["商家代码"],
            "goodsValue": row["商品总额"].replace(",", ""),
            "freight": row["运费"],
            "currency": currency,
        }
        item = {
            "gnum": row["行号"],
            "itemNo": row["货号"],
            "qty": row["数量"],
            "price": row["单价"].replace(",", ""),
            "currency": currency,
        }
        made.setdefault(key, (head, []))[1].append(item)
    for head, items in made.values():
        yield "CEB303", head, items


def _waybills(content: bytes) -> Iterator[tuple[str, Values, list[Values]]]:
    for row in csv.DictReader(io.StringIO(content.decode("utf-8-sig"))):
        yield "CEB505", {
            "appType": {"新增": "1", "修改": "2", "取消": "3"}[row["操作"]],
            "appTime": _stamp(row["录入时间"], "%Y/%m/%d %H:%M"),
            "appStatus": {"草稿": "1", "已申报": "2"}[row["状态"]],
            "logisticsNo": row["运单号"].strip('="'),
            "logisticsCode": row["物流企业编码"].strip('="'),
            "grossWeight": str(Decimal(row["毛重(克)"].replace(",", "")) / 1000),
            "packNo": row["件数"],
        }, []  # fmt: skip


def _payments(content: bytes) -> Iterator[tuple[str, Values, list[Values]]]:
    for line in content.decode().splitlines():
        try:
            row = json.loads(line)
        except json.JSONDecodeError:
            yield "CEB411", {}, []
            continue
        paid = row["payment"]
        yield "CEB411", {
            "appType": {"CREATE": "1", "UPDATE": "2", "DELETE": "3"}[row["op"]],
            "appTime": _stamp(row["sent_at"], "%Y-%m-%dT%H:%M:%S+08:00"),
            "appStatus": {"DRAFT": "1", "DECLARED": "2"}[row["state"]],
            "payCode": paid["company"]["code"],
            "payTransactionId": paid["transaction_id"],
            "amountPaid": str(Decimal(paid["amount_fen"]) / 100),
            "currency": {"CNY": "142", "HKD": "110", "USD": "502"}[paid["currency"]],
            "orderNo": row["order"]["no"],
            "ebpCode": row["order"]["platform"]["code"],
            "payerIdNumber": row["payer"]["id_number"],
            "payerName": row["payer"]["name"],
        }, []  # fmt: skip
