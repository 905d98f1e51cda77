"""A local platform with names, codes, formats and services of its own is added by YAML alone: sources and services."""

from __future__ import annotations

import json
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest

from sandan import exchange, read, warehouse
from sandan.gates import results
from sandan.home import Home
from sandan.read.sources import load_sources
from sandan.warehouse.runs import record_run

if TYPE_CHECKING:
    from pathlib import Path

DAY = date(2026, 11, 20)
SOURCE = """\
id: {id}
name: {{zh: 南港平台, en: South Harbour}}
party: {{code: "44021SHP01", role: {role}}}
list: {list}
direction: export
format: csv
files: "*.txt"
encoding: gb18030
edition: "202205"
code_lists: iso
{more}columns:
  head:
    appType: {{from: 动作, values: {{建: "1", 改: "2", 删: "3"}}}}
    appTime: {{from: 时刻, time: "%d/%m/%Y %H.%M"}}
    appStatus: {{const: "2"}}
"""
#: per list: who sends it, what its records are, its own names of the elements, its rows
LISTS = {
    "order": (
        "platform",
        "relax: [guid]\nrecord_by: [单号]\n",
        """\
    orderType: {const: E}
    orderNo: 单号
    ebpCode: {const: 44021SHP01}
    ebpName: {const: 南港平台}
    ebcCode: 店铺
    ebcName: {const: 南港店}
    goodsValue: 货款
    freight: {const: "0"}
    currency: 币
  item:
    gnum: 序
    itemNo: 款
    itemName: 品
    unit: {from: 单位, values: {件: "011", 双: "025"}}
    currency: 币
    qty: 数
    price: 价
    totalPrice: 计
""",
        """\
动作,时刻,单号,店铺,货款,币,序,款,品,单位,数,价,计
建,20/11/2026 09.00,N-1,4402SHOP01,60,USD,1,K1,棉衬衫,件,3,10,30
建,20/11/2026 09.00,N-1,4402SHOP01,60,USD,2,K2,皮鞋,双,1,30,30
建,20/11/2026 09.01,N-2,4402SHOP01,10,USD,1,K1,棉衬衫,件,1,10,10
""",
    ),
    "payment": (
        "payment",
        "relax: [guid]\n",
        """\
    ebpCode: {const: 44021SHP01}
    ebpName: {const: 南港平台}
    ebcCode: 店铺
    ebcName: {const: 南港店}
    orderNo: 单号
    payCode: {const: 4402PAY001}
    payName: {const: 南港支付}
    payNo: 流水
    charge: {from: 分, scale: "0.01"}
    currency: 币
    accountingDate: {from: 到账, time: "%d/%m/%Y %H.%M"}
""",
        """\
动作,时刻,店铺,单号,流水,分,币,到账
建,20/11/2026 09.05,4402SHOP01,N-1,P-1,6000,USD,20/11/2026 09.04
建,20/11/2026 09.06,4402SHOP01,N-2,P-2,1000,USD,20/11/2026 09.05
""",
    ),
    "waybill": (
        "logistics",
        "relax: [guid]\n",
        """\
    logisticsCode: {const: 4402LOG001}
    logisticsName: {const: 南港物流}
    logisticsNo: 运号
    freight: {const: "0"}
    insuredFee: {const: "0"}
    currency: {const: CNY}
    grossWeight: {from: 克, scale: "0.001"}
    packNo: {const: "1"}
    goodsInfo: {const: 服装}
""",
        "动作,时刻,运号,克\n建,20/11/2026 09.10,Y-1,1200\n",
    ),
    "declaration": (
        "agent",
        "relax: [guid]\nrecord_by: [编号]\n",
        """\
    customsCode: {const: "5301"}
    ebpCode: {const: 44021SHP01}
    ebpName: {const: 南港平台}
    orderNo: 单号
    logisticsCode: {const: 4402LOG001}
    logisticsName: {const: 南港物流}
    logisticsNo: 运号
    copNo: 编号
    ieFlag: {const: E}
    portCode: {const: "5301"}
    ieDate: {from: 时刻, time: "%d/%m/%Y %H.%M"}
    statisticsFlag: {from: 统计, values: {简: A, 汇: B}}
    agentCode: {const: 4402AGENT1}
    agentName: {const: 南港报关}
    ebcCode: 店铺
    ebcName: {const: 南港店}
    ownerCode: 店铺
    ownerName: {const: 南港店}
    tradeMode: {const: "9610"}
    trafMode: {const: "5"}
    country: 国
    POD: {const: "502"}
    freight: {const: "0"}
    fCurrency: {const: CNY}
    fFlag: {const: "3"}
    insuredFee: {const: "0"}
    iCurrency: {const: CNY}
    iFlag: {const: "3"}
    wrapType: {const: "2"}
    packNo: {const: "1"}
    grossWeight: 毛
    netWeight: 净
  item:
    gnum: 序
    itemNo: 款
    gcode: 税号
    gname: 品
    gmodel: {const: 无}
    barCode: {const: 无}
    country: 国
    currency: 币
    qty: 数
    qty1: 数
    unit: {from: 单位, values: {件: "011", 双: "025"}}
    unit1: {from: 单位, values: {件: "011", 双: "025"}}
    price: 价
    totalPrice: 计
""",
        """\
动作,时刻,编号,单号,运号,店铺,统计,国,毛,净,序,款,税号,品,币,数,单位,价,计
建,20/11/2026 09.20,Q-1,N-1,Y-1,4402SHOP01,汇,USA,1.2,1,1,K1,6205200000,棉衬衫,USD,3,件,10,30
建,20/11/2026 09.20,Q-1,N-1,Y-1,4402SHOP01,汇,USA,1.2,1,2,K2,6403990000,皮鞋,USD,1,双,30,30
建,20/11/2026 09.21,Q-2,N-2,Y-2,4402SHOP01,简,USA,0.4,0.3,1,K1,6205200000,棉衬衫,USD,1,件,10,10
""",
    ),
    "departure": (
        "logistics",
        "relax: [guid]\nrecord_by: [车次]\n",
        """\
    customsCode: {const: "5301"}
    copNo: 车次
    logisticsCode: {const: 4402LOG001}
    logisticsName: {const: 南港物流}
    trafMode: {const: "5"}
    leaveTime: {from: 离境, time: "%d/%m/%Y %H.%M"}
    msgCount: {const: "1"}
    msgSeqNo: {const: "1"}
  item:
    gnum: 序
    logisticsNo: 运号
""",
        "动作,时刻,车次,离境,序,运号\n建,20/11/2026 23.00,C-1,20/11/2026 22.30,1,Y-1\n",
    ),
    "inspection": (
        "inspection",
        "",
        """\
    ebcCode: 店铺
    copNo: 编号
    inspectionNo: 查号
    result: {from: 结论, values: {放: P, 退: F, 扣: H}}
    inspectedOn: {from: 查日, time: "%d/%m/%Y"}
    grossWeight: {from: 克, scale: "0.001"}
""",
        """\
动作,时刻,店铺,编号,查号,结论,查日,克
建,20/11/2026 21.00,4402SHOP01,Q-1,J-1,放,20/11/2026,1500
建,20/11/2026 21.00,4402SHOP01,Q-9,J-9,扣,20/11/2026,900
""",
    ),
}
SERVICES = """\
id: south-harbour
name: {zh: 南港平台, en: South Harbour}
extracts:
  parcels:
    to: tax
    of: department_records
    why: "what this locality's tax office asks for: every export, declared or gone"
    only: {flow: [E]}
    format: jsonl
    encoding: gb18030
    code_lists: iso
    columns:
      包裹: cop_no
      进度: {from: customs_state, values: {closed: 已离境, waiting: 等待}, otherwise: 其他}
      离境日: {from: customs_date, time: "%d.%m.%Y"}
      货值: {from: customs_amount, decimals: 2}
      币: customs_currency
      港: {const: 南港}
  weighing:
    to: inspection
    of: department_notices
    why: "inspection weighs again where weights differ"
    only: {told: [inspection], field: [weight, declaration]}
    format: csv
    encoding: utf-8
    code_lists: customs
    columns:
      parcel: cop_no
      declared: value_a
      weighed: value_b
      since: {from: since, time: "%d.%m.%Y"}
      is: {from: state, values: {open: differs, resolved: settled}}
"""


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Home:
    """The second platform after its first day."""
    root = tmp_path_factory.mktemp("second")
    home = Home(root=root / "home", sources=root / "sources", services=root / "services")
    home.sources.mkdir()
    home.services.mkdir()
    (home.services / "south-harbour.yml").write_text(SERVICES, "utf-8")
    for list_name, (role, more, columns, rows) in LISTS.items():
        source = f"harbour-{list_name}s"
        text = SOURCE.format(id=source, role=role, list=list_name, more=more) + columns
        (home.sources / f"{source}.yml").write_text(text, "utf-8")
        _land(home, source, rows)
    _run(home)
    return home


def _land(home: Home, source: str, rows: str) -> None:
    folder: Path = home.landing_of(source, DAY)
    folder.mkdir(parents=True)
    (folder / "day.txt").write_bytes(rows.encode("gb18030"))


def _run(home: Home) -> None:
    for source in load_sources(home.sources):
        read.read_source(home, DAY, source)
    warehouse.begin(home, DAY)
    warehouse.load(home, DAY)
    warehouse.transform(home, DAY, "seeds", "staging", "matching", "marts")
    _serve(home)


def _serve(home: Home) -> None:
    """What follows on the marts, from the part that knows departments on."""
    warehouse.transform(home, DAY, "public_service", "integrated_service")
    now = datetime(2026, 11, 21)
    record_run(home, DAY, run_id="second", started_at=now, ended_at=now, unclaimed=[], stage_seconds={})
    results.prepare(home)  # published like the others, and empty
    warehouse.publish(home, DAY, "second")
    exchange.write_day(home, DAY)


def test_its_records_are_matched(home: Home) -> None:
    with warehouse.connect_published(home) as lake:
        assert lake.execute("select source_id, rule_ids, reason from audit.quarantine").fetchall() == []
        assert lake.execute(
            "select cop_no, status, failed_rules, item_count, gross_weight_kg "
            "from clearance.clearance_facts order by all"
        ).fetchall() == [("Q-1", "closed", [], 2, Decimal("1.2")), ("Q-2", "waiting", ["DOC03"], 1, Decimal("0.4"))]
        # ISO codes of the sender are the customs codes of the messages
        assert lake.execute("select distinct currency, country from clearance.clearance_items").fetchall() == [
            ("502", "USA")
        ]


def test_departments_hold_it_side_by_side(home: Home) -> None:
    with warehouse.connect_published(home) as lake:
        assert lake.execute(
            "select cop_no, customs_amount, customs_state, inspection_state, tax_state "
            "from public_service.department_exchange order by all"
        ).fetchall() == [("Q-1", 60, "closed", "passed", "pending"), ("Q-2", 10, "waiting", None, None)]
        assert lake.execute(
            "select cop_no, field, department_a, value_a, department_b, value_b, since, late "
            "from public_service.department_mismatches order by all"
        ).fetchall() == [
            ("Q-1", "weight", "customs", "1.2", "inspection", "1.5", DAY, "inspection"),
            ("Q-9", "declaration", "customs", None, "inspection", "held", DAY, "customs"),
        ]


def test_its_services_are_written_in_its_own_words(home: Home) -> None:
    parcels = home.exchange / "tax" / "2026-11-20" / "south-harbour-parcels.jsonl"
    assert [json.loads(line) for line in parcels.read_text("gb18030").splitlines()] == [
        {"包裹": "Q-1", "进度": "已离境", "离境日": "20.11.2026", "货值": 60, "币": "USD", "港": "南港"},
        {"包裹": "Q-2", "进度": "等待", "离境日": None, "货值": 10, "币": "USD", "港": "南港"},
    ]
    weighing = home.exchange / "inspection" / "2026-11-20" / "south-harbour-weighing.csv"
    assert weighing.read_text("utf-8") == (
        "parcel,declared,weighed,since,is\nQ-1,1.2,1.5,20.11.2026,differs\nQ-9,,held,20.11.2026,differs\n"
    )
    # and the receipts that it is answered with, beside them
    assert (home.exchange / "44021SHP01" / "2026-11-20" / "CEB604-00001.xml").is_file()


def test_the_same_day_again_gives_the_same_bytes(home: Home) -> None:
    before = {file: file.read_bytes() for file in home.exchange.glob("[!.]*/*/*")}
    _serve(home)
    assert before == {file: file.read_bytes() for file in home.exchange.glob("[!.]*/*/*")}
