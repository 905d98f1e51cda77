"""Orders to read again: what is taken, what is refused, and what a killed command leaves."""

from __future__ import annotations

import hashlib
from datetime import date
from typing import TYPE_CHECKING, Any

import duckdb
import pyarrow.parquet as pq
import pytest

from sandan.errors import SandanError
from sandan.home import PROJECT, Home
from sandan.read import read_source, replays
from sandan.read.source import load_source_of
from sandan.run.replay import _Ordering

if TYPE_CHECKING:
    from pathlib import Path

SOURCE = "local-orders"
FIRST, SECOND, THIRD = date(2026, 11, 18), date(2026, 11, 19), date(2026, 11, 20)
COPY = f"replay/{FIRST}/whole.csv"
HEADER = (
    "操作类型,更新时间,申报状态,平台代码,订单号,平台名称,商家代码,商家名称,"
    "商品总额,运费,币种,行号,货号,商品名称,规格,条码,单位,数量,单价,金额,备注"
)
BY_PLATFORM = ("[平台代码, 订单号, 操作类型, 更新时间]", "[平台代码]")


@pytest.fixture
def home(tmp_path: Path) -> Home:
    """Three orders came on the first day in a file that only the second could read, as it was ordered to."""
    home = Home(root=tmp_path / "home", sources=tmp_path / "sources")
    home.sources.mkdir()
    mapping(home)
    rows = [f"新增,2026111809000{n},申报,33019650LP,{n},平台,3301960001,商家,10,0,人民币" for n in range(3)]
    data = "\n".join([HEADER, *(f"{row},1,X,口红,3g,,件,1,10,10," for row in rows)]).encode("gb18030")
    for folder, name in ((FIRST, "whole.csv"), (SECOND, COPY)):
        file = home.landing_of(SOURCE, folder) / name
        file.parent.mkdir(parents=True)
        file.write_bytes(data)
    replays.add(home, replays.Replay(SECOND, SOURCE, FIRST, "whole.csv", digest(home), None), "now")
    return home


def mapping(home: Home, change: tuple[str, str] = ("", "")) -> None:
    text = (PROJECT / "sources" / f"{SOURCE}.yml").read_text("utf-8")
    assert change[0] in text
    (home.sources / f"{SOURCE}.yml").write_text(text.replace(*change, 1), "utf-8")


def digest(home: Home) -> str:
    return hashlib.sha256((home.landing_of(SOURCE, FIRST) / "whole.csv").read_bytes()).hexdigest()


def files(home: Home, day: date) -> list[dict[str, Any]]:
    read_source(home, day, SOURCE)
    return pq.read_table(home.read_of(day) / SOURCE / "files.parquet").to_pylist()


def ordered(home: Home, *positions: int) -> tuple[list[replays.Replay], list[str]]:
    """Order for the third day what the second quarantined of the replay."""
    with duckdb.connect() as lake:
        lake.execute("create schema audit")
        lake.execute("create table audit.files (run_date date, source_id text, path text, records int, state text)")
        rows = [(FIRST, SOURCE, "whole.csv", 0, "quarantined"), (SECOND, SOURCE, COPY, 3, "read")]
        lake.executemany("insert into audit.files values ($1, $2, $3, $4, $5)", rows)
        entries = [
            {"path": COPY, "position": position, "sha256": digest(home), "replayed_from": FIRST}
            for position in positions
        ]
        return _Ordering(home, lake, load_source_of(home, SOURCE), SECOND, THIRD).order(entries)


def test_records_of_a_whole_file_that_was_replayed_are_counted_where_they_were_quarantined(home):
    mapping(home, BY_PLATFORM)
    done, (left,) = ordered(home, 1, 3)
    assert done == []
    assert left.startswith(f"{COPY}: it is now 1 records and was 3")
    assert left.endswith("run 2026-11-19 again instead")


def test_a_mapping_that_changes_after_the_order_takes_no_other_records(home):
    (order,), left = ordered(home, 1, 3)
    assert (order.records, order.positions, left) == (3, frozenset({1, 3}), [])
    (taken,) = files(home, THIRD)
    assert (taken["state"], taken["records"]) == ("read", 2)
    mapping(home, BY_PLATFORM)
    (refused,) = files(home, THIRD)
    assert (refused["state"], refused["replayed_positions"]) == ("quarantined", [1, 3])
    assert "now 1 records and was 3" in refused["reason"]
    assert [file.name for file in (home.read_of(THIRD) / SOURCE).glob("order*")] == []


def test_an_order_that_was_cut_short_is_none_and_the_next_one_takes_its_place(home):
    whole = home.replays.read_bytes()
    home.replays.write_bytes(whole + whole[:-20])
    (taken,) = files(home, SECOND)
    assert (taken["state"], taken["replayed_from"]) == ("read", FIRST)
    ordered(home, 2)
    assert home.replays.read_bytes().startswith(whole + b'{"run_date": "2026-11-20"')
    assert len(home.replays.read_bytes().splitlines()) == 2


@pytest.mark.parametrize("broken", [b'{"run_date": "2026-1\n', b"{}\n", b"[]\n"])
def test_a_broken_line_is_named(home, broken):
    home.replays.write_bytes(broken + home.replays.read_bytes())
    with pytest.raises(SandanError, match=r"replays\.jsonl, line 1 is no order\n.*make replay"):
        read_source(home, SECOND, SOURCE)


def test_a_copy_that_nobody_ordered_is_quarantined_and_not_ordered(home):
    home.replays.unlink()
    (stray,) = files(home, SECOND)
    assert (stray["state"], stray["replayed_from"]) == ("quarantined", None)
    assert "nobody ordered it" in stray["reason"]
    with duckdb.connect() as lake:
        entries = [{"path": COPY, "position": None, "sha256": digest(home), "replayed_from": None}]
        done, left = _Ordering(home, lake, load_source_of(home, SOURCE), SECOND, THIRD).order(entries)
    assert done == []
    assert "nobody ordered it" in left[0]


def test_a_copy_is_there_whole_or_not_at_all(home, monkeypatch):
    monkeypatch.setattr("os.fsync", lambda _: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        ordered(home, 2)
    assert [file for file in home.landing_of(SOURCE, THIRD).rglob("*") if file.is_file()] == []
