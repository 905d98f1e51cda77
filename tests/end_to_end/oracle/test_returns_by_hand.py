"""Declared on one day, returned on another: three runs, gates and lake included, worked out by hand."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from random import Random
from typing import Any
from uuid import NAMESPACE_OID, uuid5

import pytest

from sandan import warehouse
from sandan.gates import check
from sandan.home import PROJECT, Home
from sandan.lists import MESSAGES
from sandan.read import read_source
from sandan.warehouse.runs import record_run
from tests.days import PARTS

from . import bundles
from .message_xml import NAMESPACE
from .records import Raw
from .small import LINE, with_

DAYS = (date(2026, 11, 20), date(2026, 11, 22), date(2026, 11, 24))
RANDOM = Random(1)  # noqa: S311
SOURCE = "import-returns"
LINES = [LINE, bundles.Line(2, "I2", "6109100010", Decimal(1), Decimal(7))]
Files = dict[str, list[Raw]]


def parcel(name: str, flow: str) -> bundles.Parcel:
    return bundles.Parcel(flow, "P", "E", f"O-{name}", "142", Decimal(0), LINES)


def order(name: str, flow: str) -> Raw:
    return with_(bundles.order(parcel(name, flow), "20261120090000", RANDOM), orderType=flow)


def lists(name: str, flow: str = "I") -> Files:
    """A declaration and its lists."""
    of, time = parcel(name, flow), "20261120090000"
    declared = bundles.declaration(of, name, "L", f"W-{name}", "10", time, RANDOM)
    marks = {"tradeMode": "9610", "invtNo": f"N-{name}".ljust(18, "0")} | (
        {"statisticsFlag": "B"} if flow == "E" else {}
    )
    return {
        "CEB311" if flow == "I" else "CEB303": [order(name, flow)],
        "CEB411" if flow == "I" else "CEB403": [bundles.payment(of, f"T-{name}", Decimal(27), time, RANDOM)],
        "CEB511" if flow == "I" else "CEB505": [bundles.waybill(of, "L", f"W-{name}", "10", time, RANDOM)],
        "CEB621" if flow == "I" else "CEB603": [with_(declared, **marks)],
    }


def returned(name: str, lines: dict[int, str], time: str, **head: str | None) -> Raw:
    """A return application; without copNo it names its declaration by number alone, as CEB213 always does."""
    items = [
        {
            "gnum": str(gnum),
            "gcode": "6109100010",
            "gname": "货",
            "qty": qty,
            "unit": "007",
            "qty1": "1",
            "unit1": "035",
        }
        for gnum, qty in lines.items()
    ]
    filled = {"customsCode": "5349", "orderNo": f"O-{name}", "ebpCode": "P", "ebcCode": "E", "copNo": name}
    filled |= {"logisticsNo": f"W-{name}", "logisticsCode": "L", "invtNo": f"N-{name}".ljust(18, "0"), "reason": "退"}
    filled |= {"buyerIdType": "1", "buyerIdNumber": "ID1", "buyerTelephone": "1", "agentCode": "AG"}
    filled |= dict.fromkeys(("ebpName", "ebcName", "logisticsName", "buyerName", "agentName"), "名")
    guid = str(uuid5(NAMESPACE_OID, name)).upper()
    return Raw({"guid": guid, "appType": "1", "appTime": time, "appStatus": "2"} | filled | head, items)


def merged(*parts: Files) -> Files:
    return {
        code: [raw for part in parts for raw in part.get(code, [])] for code in sorted({c for p in parts for c in p})
    }


ORDERED_LATE = lists("EARLY")
LATE_ORDER = {"CEB311": ORDERED_LATE.pop("CEB311")}
SENT: tuple[Files, ...] = (
    merged(
        *(lists(name) for name in ("WHOLE", "PART", "NUMBER")),
        lists("OUT", "E"),
        ORDERED_LATE,
        # asked before its order came: waits for the release
        {"CEB625": [returned("EARLY", {1: "2", 2: "1"}, "20261120120000")]},
    ),
    LATE_ORDER
    | {
        "CEB513": [bundles.signing("L", "W-WHOLE", "S", "20261121100000", "20261121110000", RANDOM)],
        "CEB625": [
            returned("WHOLE", {1: "2", 2: "1"}, "20261122080000"),
            returned("PART", {1: "0.5"}, "20261122080000"),
            returned("NUMBER", {1: "2", 2: "1"}, "20261122080000", copNo=None),
        ],
        "CEB213": [returned("OUT", {1: "2", 2: "1"}, "20261122080000")],
    },
    {
        "CEB509": [bundles.departure("L", ["W-OUT"], "20261123100000", "20261123110000", RANDOM)],
        "CEB625": [
            returned("PART", {1: "9", 5: "1"}, "20261124080000", guid="SECOND".ljust(36, "0")),
            returned("WHOLE", {1: "2"}, "20261124080000", appType="3"),
        ],
    },
)


def land(home: Home, day: date, files: Files) -> None:
    folder = home.landing_of(SOURCE, day)
    folder.mkdir(parents=True, exist_ok=True)
    for code, records in files.items():
        (folder / f"{code}.xml").write_text(message(code, records), encoding="utf-8")


def message(code: str, records: list[Raw]) -> str:
    kind = MESSAGES[code]

    def block(element: str | None, values: dict[str, str | None]) -> str:
        text = "".join(f"<{name}>{value}</{name}>" for name, value in values.items() if value is not None)
        return f"<{element}>{text}</{element}>" if element else text

    body = "".join(
        block(kind.record, {}).replace(
            "></", f">{block(kind.head, raw.head)}{''.join(block(kind.item, item) for item in raw.items)}</", 1
        )
        for raw in records
    )
    return f'<?xml version="1.0" encoding="UTF-8"?>\n<{code}Message xmlns="{NAMESPACE}">{body}</{code}Message>'


def run(home: Home, day: date, *gates: str) -> None:
    warehouse.begin(home, day)
    read_source(home, day, SOURCE)
    warehouse.load(home, day)
    warehouse.transform(home, day, *PARTS)
    for gate in gates:
        check(home, day, gate)
    moment = datetime.combine(day, datetime.min.time())
    record_run(home, day, run_id=str(day), started_at=moment, ended_at=moment, unclaimed=[], stage_seconds={})
    warehouse.publish(home, day, str(day))


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Home:
    home = Home(root=tmp_path_factory.mktemp("returns"), sources=PROJECT / "sources")
    for day, files in zip(DAYS, SENT, strict=True):
        land(home, day, files)
        run(home, day, "staged", "matched", "marts")
    return home


def published(home: Home, columns: str, table: str, version: int | None = None) -> list[tuple[Any, ...]]:
    at = f" at (version => {version})" if version else ""
    with warehouse.connect_published(home) as lake:
        return lake.execute(f"select {columns} from clearance.{table}{at} order by all").fetchall()


def versions(home: Home) -> list[int]:
    """The snapshot of each run."""
    with warehouse.connect_published(home) as lake:
        rows = lake.execute(
            "select max(snapshot_id) from published.snapshots() where commit_message like 'three_lists_daily%' "
            "group by commit_message order by 1"
        ).fetchall()
    return [version for (version,) in rows]


FACTS = "cop_no, status, return_status, closed_at is not null, run_date"
ITEMS = "cop_no, gnum, cast(returned_qty as double)"


def test_status_after_each_run(home: Home) -> None:
    first, second, third = versions(home)
    declared, back = DAYS[:2]
    assert published(home, FACTS, "clearance_facts", first) == [
        ("EARLY", "waiting", "120", False, declared),
        ("NUMBER", "released", "800", False, declared),
        ("OUT", "released", "800", False, declared),
        ("PART", "released", "800", False, declared),
        ("WHOLE", "released", "800", False, declared),
    ]
    assert published(home, FACTS, "clearance_facts", second) == [
        ("EARLY", "returned", "899", False, back),
        ("NUMBER", "returned", "899", False, declared),
        ("OUT", "returned", "899", False, declared),
        ("PART", "released", "800", False, declared),
        ("WHOLE", "returned", "899", True, declared),
    ]
    # a departure after the return closes nothing; what is withdrawn is closed as before
    assert published(home, FACTS, "clearance_facts", third) == [
        ("EARLY", "returned", "899", False, back),
        ("NUMBER", "returned", "899", False, declared),
        ("OUT", "returned", "899", False, declared),
        ("PART", "released", "800", False, declared),
        ("WHOLE", "closed", "899", True, declared),
    ]


def test_quantities_after_each_run(home: Home) -> None:
    first, second, third = versions(home)
    assert {qty for _, _, qty in published(home, ITEMS, "clearance_items", first)} == {0}
    by_line = {(name, gnum): qty for name, gnum, qty in published(home, ITEMS, "clearance_items", second)}
    assert by_line == {(name, gnum): 2 / gnum for name in ("EARLY", "NUMBER", "OUT", "WHOLE") for gnum in (1, 2)} | {
        ("PART", 1): 0.5,
        ("PART", 2): 0,
    }
    by_line |= {("PART", 1): 2, ("WHOLE", 1): 0, ("WHOLE", 2): 0}
    assert {(n, gnum): qty for n, gnum, qty in published(home, ITEMS, "clearance_items", third)} == by_line


def test_each_return_with_what_it_brought(home: Home) -> None:
    columns = "cop_no, gnum, cast(returned_qty as double), asked_at, received_on, in_time"
    columns += ", cast(restored_value_cny as double)"
    asked, again = datetime(2026, 11, 22, 8), datetime(2026, 11, 24, 8)
    assert published(home, columns, "returned_items") == [
        ("EARLY", 1, 2, datetime(2026, 11, 20, 12), DAYS[0], True, 20),
        ("EARLY", 2, 1, datetime(2026, 11, 20, 12), DAYS[0], True, 7),
        ("NUMBER", 1, 2, asked, DAYS[1], True, 20),
        ("NUMBER", 2, 1, asked, DAYS[1], True, 7),
        ("OUT", 1, 2, asked, DAYS[1], True, None),
        ("OUT", 2, 1, asked, DAYS[1], True, None),
        ("PART", 1, 0.5, asked, DAYS[1], True, 5),
        ("PART", 1, 1.5, again, DAYS[2], True, 15),
    ]


def test_events(home: Home) -> None:
    events = published(home, 'cop_no, "at", list, source_id', "tracking_events where event = 'returned'")
    asked = datetime(2026, 11, 22, 8)
    assert events == [
        ("EARLY", datetime(2026, 11, 20, 12), "return", SOURCE),
        ("NUMBER", asked, "return", SOURCE),
        ("OUT", asked, "return", SOURCE),
        ("PART", asked, "return", SOURCE),
        ("PART", datetime(2026, 11, 24, 8), "return", SOURCE),
    ]


def test_value_given_back_by_each_run(home: Home) -> None:
    with warehouse.connect(home, read_only=True) as connection:
        rows = connection.execute(
            "select run_date, split_part(declaration_key, chr(31), 2), year, cast(restored_value as double) "
            "from matching.returned_values order by all"
        ).fetchall()
    assert rows == [
        (DAYS[1], "EARLY", 2026, 27),
        (DAYS[1], "NUMBER", 2026, 27),
        (DAYS[1], "PART", 2026, 5),
        (DAYS[1], "WHOLE", 2026, 27),
        (DAYS[2], "PART", 2026, 15),
        (DAYS[2], "WHOLE", 2026, -27),
    ]


def test_returns_are_accepted_records(home: Home) -> None:
    with warehouse.connect_published(home) as lake:
        states = lake.execute(
            "select sum(received), sum(accepted), sum(quarantined) from audit.conservation"
        ).fetchone()
    assert states is not None
    assert states[2] == 0
    assert states[0] == states[1]


def test_the_last_day_again_publishes_the_same(home: Home) -> None:
    tables = ("clearance_facts", "clearance_items", "tracking_events", "returned_items")
    before = {table: published(home, "*", table) for table in tables}
    run(home, DAYS[-1])
    assert {table: published(home, "*", table) for table in tables} == before
