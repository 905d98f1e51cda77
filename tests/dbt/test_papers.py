"""Papers: a file of each list, with good and bad records, from the landing to the current records."""

from __future__ import annotations

import json
from datetime import date
from typing import TYPE_CHECKING, Any

import pytest

from sandan import read, warehouse
from sandan.home import PROJECT, Home
from sandan.lists import PAPERS, TABLES

if TYPE_CHECKING:
    import duckdb

DAY = date(2026, 11, 20)
INVOICE = {
    "op": "ISSUED", "updated_at": "2026-11-10T10:00:00+08:00", "code": None, "number": "26332000000000000001",
    "kind": "SPECIAL", "issued_on": "2026-11-10", "seller": "S1", "buyer": "T1", "state": "NORMAL", "net": "600.00",
    "tax": "78.00", "lines": [
        {"no": 1, "goods": "口红", "unit": "支", "qty": "100", "net": "600.00", "rate": "13", "tax": "78.00"},
    ],
}  # fmt: skip
BACK = [{"no": 1, "goods": "口红", "unit": "支", "qty": "-100", "net": "-600.00", "rate": "13", "tax": "-78.00"}]
FOREX = {
    "op": "NEW", "reported_at": "2026-11-12T10:00:00+08:00", "bank": "B", "reference": "R1", "customer": "E1",
    "kind": "RECEIVED", "value_date": "2026-11-11", "currency": "USD", "amount": "98.5", "fees": "1.5", "payer": "X",
    "for": [{"no": 1, "form": "F1", "gross": "60"}, {"no": 2, "list": "C1", "gross": "40"}],
}  # fmt: skip
HOLD = {
    "op": "OPEN", "at": "2026-11-12T10:00:00+08:00", "hold": "H1", "kind": "SUPPLIER", "subject": "S1", "reason": "5",
    "opened": "2026-11-12", "closed": None,
}  # fmt: skip
SALE = {
    "op": "SOLD", "at": "2026-11-12T10:00:00+08:00", "enterprise": "E1", "sale": "S1", "form": "F1", "line": 1,
    "sold_on": "2026-11-12", "qty": "5", "amount": "99.9", "currency": "USD",
}  # fmt: skip

#: source → records; of each list the first is good
JSON_LINES: dict[str, list[dict[str, Any]]] = {
    "tax-invoices": [
        INVOICE,
        INVOICE | {"code": "3300204130", "number": "01234567"},
        INVOICE | {"number": None},
        INVOICE | {"number": "2", "lines": []},
        INVOICE | {
            "number": "26332000000000000009", "net": "-600.00", "lines": BACK,
            "red_of": {"number": "26332000000000000001"},
        },
        INVOICE | {"number": "26332000000000000010", "net": "-600.00", "lines": BACK},
    ],
    "bank-receipts": [FOREX, FOREX | {"reference": "R2", "for": [{"no": n, "gross": "1"} for n in (1, "01")]}],
    "tax-holds": [
        HOLD,
        HOLD | {"op": "CHANGE", "at": "2026-11-13T10:00:00+08:00", "closed": "2026-11-13"},
        HOLD | {"op": "WITHDRAW", "hold": "H2"},
        HOLD | {"hold": "H3", "opened": "2026-02-30"},
    ],
    "overseas-sales": [SALE, SALE | {"sale": "S2", "currency": "XXX"}, SALE | {"sale": "S3", "qty": "-5"}],
}  # fmt: skip
CSV = {
    "taxpayers": """\
操作,更新时间,纳税人识别号,海关编码,纳税人类型,退税备案日期,管理类别,退税方法,综试区,有效期起,有效期止
变更,2026-11-02 09:00:00,T1,E1,一般纳税人,2020-01-05,2,免退税,ZHZ,2020-01-01,
登记,2026-11-01 09:00:00,T1,E1,小规模纳税人,,,,,2020-01-01,
登记,2026-11-01 09:00:00,T2,E2,个体户,,,,,2020-01-01,
""",
    "rebate-rates": """\
CODE,NAME,UNIT,ZSSL,TSL,ST_DATE,END_DATE,TSFLAG,NOTE,UPDATED
3304,美容品,千克,13,9,2020-01-01,2026-12-31,,,2026-01-01 00:00:00
2401,烟,千克,13,,2020-01-01,,1,,2026-01-01 00:00:00
49,书,千克,9,0,2020-01-01,,2,,2026-01-01 00:00:00
99,其他,千克,13,无,2020-01-01,,,,2026-01-01 00:00:00
""",
    "zone-registrations": """\
操作,登记时间,电商企业,清单内部编号,商品序号,综试区,出口日期,货物名称,计量单位,数量,单价,金额
登记,2026-11-12 09:00:00,E1,C1,1,ZHZ,2026-11-11,口红,012,"1,000",10,"10,000.00"
登记,2026-11-12 09:00:00,E1,C1,01,ZHZ,2026-11-11,口红,012,"1,000",10,"10,000.00"
登记,2026-11-12 09:00:00,E1,C1,2,ZHZ,2026-11-11,口红,012,"1,00",10,"10,000.00"
""",
    "customs-closings": """\
汇总编号,操作,结关时间,报关单号,出口日期,申报海关,收发货人,项号,商品编码,商品名称,数量,单位,币制,总价
F1,结关,2026-11-12 08:00:00,330120260123456789,2026-11-11,3301,E1,1,3304990090,口红,100,012,502,100
F1,结关,2026-11-12 08:00:00,330120260123456789,2026-11-11,3301,E1,2,3304990090,面膜,10,140,502,50
F2,结关,2026-11-12 08:00:00,33,2026-11-11,3301,E1,1,3304990090,口红,100,012,502,100
""",
    "inspections": """\
操作,出证时间,电商企业,清单内部编号,检验编号,结果,检验日期,数量,毛重
新增,2026-11-12 08:00:00,E1,C1,I1,合格,2026-11-11,100,1.25
新增,2026-11-12 08:00:00,E1,C1,I2,X,2026-11-11,100,1.25
""",
    "export-claims": """\
操作,申报时间,纳税人识别号,关联号,汇总编号,项号,申报年月,业务类型
申报,2026-11-12 08:00:00,T1,R1,F1,1,202611,HWC-YT
申报,2026-11-12 08:00:00,T1,R1,F1,2,202613,
""",
    "purchase-claims": """\
操作,申报时间,纳税人识别号,关联号,发票代码,发票号码,发票行号,申报年月
申报,2026-11-12 08:00:00,T1,R1,,26332000000000000001,1,202611
申报,2026-11-12 08:00:00,T1,R1,3300204130,01234567,x,202611
""",
    "vat-returns": """\
操作,申报时间,纳税人识别号,所属期,期末留抵税额,免税购进原材料
申报,2026-11-12 08:00:00,T1,202610,"1,234.56",
申报,2026-11-12 08:00:00,T1,202609,-5,
申报,2026-11-12 08:00:00,T1,202608,-5,-1
申报,2026-11-12 08:00:00,,202610,1,
""",
}
ENCODINGS = {"rebate-rates": "gb18030", "zone-registrations": "gb18030"}


@pytest.fixture(scope="module")
def query(tmp_path_factory: pytest.TempPathFactory) -> duckdb.DuckDBPyConnection:
    home = Home(root=tmp_path_factory.mktemp("papers"), sources=PROJECT / "sources")
    for source, records in JSON_LINES.items():
        land(home, source, "\n".join(json.dumps(record, ensure_ascii=False) for record in records), "jsonl")
    for source, text in CSV.items():
        land(home, source, text, "csv")
    for source in read.survey(home, DAY).sources:
        read.read_source(home, DAY, source)
    warehouse.load(home, DAY)
    warehouse.transform(home, DAY, "seeds", "staging")
    with warehouse.connect(home, read_only=True) as connection:
        yield connection


def land(home: Home, source: str, text: str, suffix: str) -> None:
    folder = home.landing_of(source, DAY)
    folder.mkdir(parents=True)
    (folder / f"a.{suffix}").write_bytes(text.encode(ENCODINGS.get(source, "utf-8")))


def test_a_bad_paper_is_quarantined_with_its_reason_and_its_neighbours_go_on(query) -> None:
    found = query.execute(
        "select source_id, position, natural_key, array_to_string(rule_ids, ' ') from audit.quarantine order by all"
    )
    assert found.fetchall() == [
        ("bank-receipts", 2, "B|R2", "FMT05"),
        ("customs-closings", 2, "F2", "FMT03"),
        ("export-claims", 2, "T1|R1|F1|2", "FMT03"),
        ("inspections", 2, "E1|C1|I2", "FMT04"),
        ("overseas-sales", 2, "E1|S2", "FMT04"),
        ("overseas-sales", 3, "E1|S3", "FMT08"),
        ("purchase-claims", 2, "T1|R1|3300204130|01234567|x", "FMT03"),
        ("rebate-rates", 4, "99|20200101", "FMT03"),
        ("tax-holds", 3, "H2", "VER03"),
        ("tax-holds", 4, "H3", "FMT03"),
        ("tax-invoices", 3, None, "FMT02"),
        ("tax-invoices", 4, "|2", "FMT06"),
        ("tax-invoices", 6, "|26332000000000000010", "FMT08"),
        ("taxpayers", 3, "T2|20200101", "FMT03"),
        ("vat-returns", 3, "T1|202608", "FMT08"),
        ("vat-returns", 4, "|202610", "FMT02"),
        ("zone-registrations", 3, "E1|C1|2", "FMT03"),
    ]


def test_what_is_below_zero_is_named(query) -> None:
    reasons = query.execute("select reason from audit.quarantine where rule_ids = ['FMT08'] order by source_id")
    assert [reason.split(": ")[1] for (reason,) in reasons.fetchall()] == [
        "qty is below zero",
        "netAmount is below zero, qty is below zero, taxAmount is below zero",
        "dutyFreeMaterial is below zero",
    ]


def test_every_list_has_the_current_record_of_each_key(query) -> None:
    current = query.execute("select list, count(*) from staging.current_records where is_live group by list")
    assert dict(current.fetchall()) == dict.fromkeys((paper.list for paper in PAPERS.values()), 1) | {
        "invoice": 3,
        "rebate_rate": 3,
        "vat_return": 2,
    }


def test_the_newer_record_counts_whatever_its_place_in_the_file(query) -> None:
    states = query.execute("select source_id, record_id % 10, state from audit.record_states").fetchall()
    assert {("taxpayers", 1, "accepted"), ("taxpayers", 2, "superseded")} <= set(states)
    assert {("tax-holds", 1, "superseded"), ("tax-holds", 2, "accepted")} <= set(states)
    # line 1 and line 01 of a list are one; of two records of the same time the first counts
    assert {("zone-registrations", 1, "accepted"), ("zone-registrations", 2, "stale")} <= set(states)


@pytest.mark.parametrize("paper", PAPERS.values(), ids=lambda paper: paper.list)
def test_staging_has_every_sound_record_of_a_list(query, paper) -> None:
    heads, items = TABLES[paper.list]
    (sound,) = query.execute(
        "select count(*) from audit.record_states where list = $1 and (state <> 'quarantined' or rule_ids = ['VER03'])",
        [paper.list],
    ).fetchone()
    staged = query.execute(f"select count(*), count({paper.list}_key) from staging.stg_{heads}").fetchone()
    assert staged == (sound, sound)
    if items:
        (without,) = query.execute(
            f"select count(*) from staging.stg_{heads} anti join staging.stg_{items} using (record_id)"
        ).fetchone()
        assert without == 0


def test_values_are_typed(query) -> None:
    library = query.execute(
        "select code, zssl::text, tsl::text, end_date::text, tsflag from staging.stg_rebate_rates order by code"
    )
    assert library.fetchall() == [
        ("2401", "0.13000", None, None, "1"),
        ("3304", "0.13000", "0.09000", "2026-12-31", None),
        ("49", "0.09000", "0.00000", None, "2"),
    ]
    invoices = query.execute("select invoice_key, red_of from staging.stg_invoices order by all")
    assert invoices.fetchall() == [
        ("\x1f26332000000000000001", None),
        ("\x1f26332000000000000009", "\x1f26332000000000000001"),
        ("3300204130\x1f01234567", None),
    ]
    (share,) = query.execute("select distinct tax_rate::text from staging.stg_invoice_items").fetchone()
    assert share == "0.13000"
    received = query.execute("select currency, amount::text, netted_fees::text from staging.stg_forex").fetchone()
    assert received == ("502", "98.50000", "1.50000")  # the customs code of the bank's USD
