"""A platform whose mapping is mended, and who sends one order again: what was quarantined comes in by a later run.

The rooms of the package are called as the tasks of the DAG call them, in this process, without Airflow.
"""

from __future__ import annotations

import io
import os
import subprocess
import sys
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

import pytest
from rich.console import Console

from sandan import evidence, gates, read, warehouse
from sandan.errors import SandanError
from sandan.home import PROJECT, Home
from sandan.read import replays
from sandan.run.quarantine import Wanted, show
from sandan.warehouse.runs import record_run
from tests.days import PARTS

if TYPE_CHECKING:
    from pathlib import Path

SOURCE = "local-orders"
FIRST, SECOND, THIRD = date(2026, 11, 18), date(2026, 11, 19), date(2026, 11, 20)
NOON = datetime(2026, 1, 1, 12)
RIGHT = (PROJECT / "sources" / f"{SOURCE}.yml").read_text("utf-8").replace("    note: 备注\n", "")
#: as it was: a unit that nobody mapped, and a column that not every file has
WRONG = RIGHT.replace('支: "012", ', "").replace("  item:\n", "    note: 备注\n  item:\n", 1)
HEADER = (
    "操作类型,更新时间,申报状态,平台代码,订单号,平台名称,商家代码,商家名称,"
    "商品总额,运费,币种,行号,货号,商品名称,规格,条码,单位,数量,单价,金额"
)


def order(number: str, unit: str = "件", price: str = "10", hour: int = 9, day: date = FIRST) -> str:
    head = f"新增,{day} {hour:02}:00:00,申报,33019650LP,{number},平台,3301960001,商家,10,0,人民币"
    return f"{head},1,X,口红,3g,,{unit},1,{price},10"


def land(home: Home, day: date, name: str, *orders: str, note: bool = True) -> None:
    folder = home.landing_of(SOURCE, day)
    folder.mkdir(parents=True, exist_ok=True)
    lines = [HEADER, *orders]
    if note:
        lines = [f"{HEADER},备注", *(f"{line}," for line in orders)]
    (folder / name).write_text("\n".join((*lines, "")), "gb18030")


def run(home: Home, day: date) -> None:
    for source in read.survey(home, day).sources:
        read.read_source(home, day, source)
    evidence.record(home)
    warehouse.begin(home, day)
    warehouse.load(home, day)
    gates.check(home, day, "received")
    warehouse.transform(home, day, *PARTS)
    gates.check(home, day, "staged")
    record_run(home, day, run_id=f"of {day}", started_at=NOON, ended_at=NOON, unclaimed=[], stage_seconds={})
    warehouse.publish(home, day, f"of {day}")
    evidence.record(home)


def command(home: Home, *arguments: str) -> subprocess.CompletedProcess[str]:
    clean = {name: value for name, value in os.environ.items() if not name.startswith(("AIRFLOW", "SANDAN"))}
    places = {"SANDAN_HOME": home.root, "SANDAN_SOURCES": home.sources, "PYTHONPATH": PROJECT / "plugins"}
    return subprocess.run(  # noqa: S603 - our own command
        [sys.executable, "-m", "sandan", *arguments],
        env=clean | {name: str(place) for name, place in places.items()},
        capture_output=True,
        text=True,
        check=False,
    )


def rows(home: Home, query: str) -> list[tuple[Any, ...]]:
    with warehouse.connect_published(home) as lake:
        return lake.execute(query).fetchall()


def staged_orders(home: Home) -> list[tuple[Any, ...]]:
    with warehouse.connect(home, read_only=True) as connection:
        query = "select order_no, run_date, path, position from staging.stg_orders order by all"
        return connection.execute(query).fetchall()


def told(home: Home, **wanted: Any) -> str:
    console = Console(file=io.StringIO(), width=400)
    assert show(home, Wanted(**wanted), console) == 0
    return console.file.getvalue()


class Mended:
    """What was said and published on the way: the first day, the order, the day that read again, and that day again."""

    def __init__(self, root: Path) -> None:
        self.home = home = Home(root=root / "home", sources=root / "sources")
        home.sources.mkdir()
        (home.sources / f"{SOURCE}.yml").write_text(WRONG, "utf-8")
        land(home, FIRST, "day.csv", order("A"), order("B", "支"), order("C", price=""), order("D", "支"))
        land(home, FIRST, "short.csv", order("E"), order("F"), note=False)
        run(home, FIRST)
        self.before = told(home)
        by_platform = RIGHT.replace("[平台代码, 订单号, 操作类型, 更新时间]", "[平台代码]")
        (home.sources / f"{SOURCE}.yml").write_text(by_platform, "utf-8")
        self.refused = command(home, "replay", "--source", SOURCE, "--date", str(FIRST))
        (home.sources / f"{SOURCE}.yml").write_text(RIGHT, "utf-8")
        self.ordered = command(home, "replay", "--source", SOURCE, "--date", str(FIRST))
        self.ordered_again = command(home, "replay", "--source", SOURCE, "--date", str(FIRST))
        land(home, SECOND, "new.csv", order("C", hour=11, day=SECOND))
        run(home, SECOND)
        self.once = [rows(home, f"from audit.{name} order by all") for name in ("replays", "resent", "quarantine")]
        run(home, SECOND)


@pytest.fixture(scope="module")
def mended(tmp_path_factory: pytest.TempPathFactory) -> Mended:
    with pytest.MonkeyPatch.context() as patch:
        root = tmp_path_factory.mktemp("replay")
        patch.setenv("SANDAN_HOME", str(root / "home"))
        patch.setenv("SANDAN_SOURCES", str(root / "sources"))
        return Mended(root)


def test_the_worklist_says_who_what_how_many_why_and_what_to_do(mended: Mended) -> None:
    lines = mended.before.splitlines()
    assert any("2026-11-18  local-orders (地方平台出口订单" in line for line in lines)
    (units,) = (line for line in lines if "FMT03" in line and "2 records" in line)
    assert "unit does not fit C3" in units
    (file,) = (line for line in lines if "1 file" in line)
    assert "the header lacks the column 备注" in file
    assert any("FMT03" in line and "the sender corrects it and sends it again; replay" in line for line in lines)
    assert "4 open of 4" in mended.before


def test_only_what_is_open_is_ordered_and_for_the_next_run(mended: Mended) -> None:
    assert mended.ordered.returncode == 0, mended.ordered.stdout + mended.ordered.stderr
    said = mended.ordered.stdout
    assert "Ordered: 3 records and 1 whole files of local-orders, quarantined on 2026-11-18" in said
    assert "make run DATE=2026-11-19" in said
    found = replays.ordered(mended.home, SECOND, SOURCE)
    assert {path: order.positions for path, order in found.items()} == {
        "replay/2026-11-18/day.csv": frozenset({2, 3, 4}),
        "replay/2026-11-18/short.csv": None,
    }


def test_a_replay_reads_the_records_meant_and_no_others(mended: Mended) -> None:
    assert staged_orders(mended.home) == [
        ("A", FIRST, "day.csv", 1),
        ("B", SECOND, "replay/2026-11-18/day.csv", 2),
        ("C", SECOND, "new.csv", 1),
        ("D", SECOND, "replay/2026-11-18/day.csv", 4),
        ("E", SECOND, "replay/2026-11-18/short.csv", 1),
        ("F", SECOND, "replay/2026-11-18/short.csv", 2),
    ]
    query = "select path, records, state, replayed_from from audit.files where run_date = '2026-11-19' order by path"
    assert rows(mended.home, query) == [
        ("new.csv", 1, "read", None),
        ("replay/2026-11-18/day.csv", 3, "read", FIRST),
        ("replay/2026-11-18/short.csv", 2, "read", FIRST),
    ]


def test_the_trail_has_the_first_fate_and_the_second(mended: Mended) -> None:
    query = """
    select quarantined_on, path, position, natural_key, rule_ids, state, rule_ids_now, records
    from audit.replays order by path, position
    """
    assert rows(mended.home, query) == [
        (FIRST, "day.csv", 2, "33019650LP|B", ["FMT03"], "accepted", [], None),
        (FIRST, "day.csv", 3, "33019650LP|C", ["FMT02"], "quarantined", ["FMT02"], None),
        (FIRST, "day.csv", 4, "33019650LP|D", ["FMT03"], "accepted", [], None),
        (FIRST, "short.csv", None, None, ["FMT01"], "read", [], 2),
    ]


def test_what_is_sent_again_closes_its_entries_and_nothing_is_left(mended: Mended) -> None:
    query = "select quarantined_on, path, position, by_path, by_position, state from audit.resent order by all"
    assert rows(mended.home, query) == [
        (FIRST, "day.csv", 3, "new.csv", 1, "accepted"),
        (SECOND, "replay/2026-11-18/day.csv", 3, "new.csv", 1, "accepted"),
    ]
    assert "Nothing is open" in told(mended.home, only_open=True)
    single = told(mended.home, source=SOURCE, day=FIRST)
    (record,) = (line for line in single.splitlines() if "33019650LP|C" in line)
    assert "resent" in record
    assert "local-orders/new.csv record 1" in record


def test_the_same_run_again_gives_the_same(mended: Mended) -> None:
    names = ("replays", "resent", "quarantine")
    assert [rows(mended.home, f"from audit.{name} order by all") for name in names] == mended.once


def test_the_run_that_read_again_is_verified_like_any_other(mended: Mended) -> None:
    console = Console(file=io.StringIO(), soft_wrap=True)
    assert evidence.verify(mended.home, run=str(SECOND), console=console) == 0, console.file.getvalue()


def test_a_replay_goes_to_a_later_run_and_never_back(mended: Mended) -> None:
    done = command(mended.home, "replay", "--source", SOURCE, "--date", str(FIRST), "--into", str(FIRST))
    assert done.returncode == 1
    assert "2026-11-18 is no later date than 2026-11-18" in done.stdout


def test_a_mapping_that_makes_other_records_of_a_file_is_refused(mended: Mended) -> None:
    """Positions would be those of other records."""
    assert "Not ordered: day.csv: it is now 1 records and was 4" in mended.refused.stdout


def test_an_order_whose_file_is_gone_stops_the_run(mended: Mended) -> None:
    file = mended.home.landing_of(SOURCE, SECOND) / "replay/2026-11-18/short.csv"
    content = file.read_bytes()
    file.unlink()
    with pytest.raises(SandanError, match="order it again"):
        read.read_source(mended.home, SECOND, SOURCE)
    file.write_bytes(content)
