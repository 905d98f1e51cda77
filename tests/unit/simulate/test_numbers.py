"""What names a number that a receipt gave: it lands with that number, or not at all."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta
from typing import TYPE_CHECKING

import pyarrow.parquet as pq
import pytest
from simulate_landed import Landed, files, records

from sandan.home import PROJECT, Home
from sandan.simulate import simulate_day

if TYPE_CHECKING:
    from pathlib import Path

FIRST = date(2026, 11, 18)
SECOND = FIRST + timedelta(days=1)
SENT = {"CEB213", "CEB605", "CEB623", "CEB625"}
RECEIPT = '<CEB{code}Message xmlns="http://www.chinaport.gov.cn/ceb">{heads}</CEB{code}Message>'
HEAD = "<InventoryReturn><copNo>{cop_no}</copNo><invtNo>{number}</invtNo></InventoryReturn>"


def declared(home: Home) -> list[str]:
    """The copNo of what the first day declares."""
    folders = (home.landing_of(f"{flow}-declarations", FIRST) for flow in ("export", "import"))
    landed = [
        r for folder in folders for path, data in files(folder) if "_B" not in path for r in of(folder, path, data)
    ]
    return sorted({record.head["copNo"] for record in landed if record.head.get("copNo")})


def of(folder: Path, path: str, content: bytes) -> list[Landed]:
    return records(folder, SECOND, path, content)


def named(home: Home) -> list[Landed]:
    """What lands on the second day from senders who waited for a number."""
    return [
        record
        for file in sorted(home.landing.glob(f"*/{SECOND}/*N_*"))
        for record in of(file.parent, file.name, file.read_bytes())
    ]


def statuses(home: Home) -> Counter[str]:
    rows = pq.read_table(home.simulation / f"truth/{SECOND}/declarations.parquet").to_pylist()
    return Counter(row["status"] for row in rows)


@pytest.fixture
def home(tmp_path: Path) -> Home:
    home = Home(tmp_path, PROJECT / "sources")
    simulate_day(home, FIRST, 240, seed=1, faults=5)
    return home


def write_receipts(home: Home, cop_nos: list[str]) -> dict[str, str]:
    given = {cop_no: f"534920260{place:09d}" for place, cop_no in enumerate(cop_nos)}
    for code, letter in (("604", "E"), ("622", "I")):
        heads = [HEAD.format(cop_no=c, number=number) for c, number in given.items() if c.startswith(letter)]
        folder = home.exchange / "AGENT" / FIRST.isoformat()
        folder.mkdir(parents=True, exist_ok=True)
        (folder / f"CEB{code}-00001.xml").write_text(RECEIPT.format(code=code, heads="".join(heads)), encoding="utf-8")
    return given


def test_it_lands_with_the_number_of_the_receipt(home: Home) -> None:
    given = write_receipts(home, declared(home))
    simulate_day(home, SECOND, 0, seed=1)
    sent = named(home)
    assert {record.message for record in sent} == SENT
    assert {record.head["invtNo"] for record in sent} <= set(given.values())
    assert len({record.head["invtNo"] for record in sent}) == len(sent)
    assert not {record.head.get("copNo", record.head.get("coElNo")) for record in sent} & set(given)


def test_nothing_comes_of_it_without_receipts(home: Home, tmp_path: Path) -> None:
    simulate_day(home, SECOND, 0, seed=1)
    other = Home(tmp_path / "other", PROJECT / "sources")
    simulate_day(other, FIRST, 240, seed=1, faults=5)
    write_receipts(other, declared(other))
    simulate_day(other, SECOND, 0, seed=1)
    assert named(home) == []
    changed = statuses(other)
    changed.subtract(statuses(home))
    returned = sum(record.message in {"CEB213", "CEB625"} for record in named(other))
    cancelled = sum(record.message in {"CEB605", "CEB623"} for record in named(other))
    assert changed["returned"] == -changed["closed"] == returned
    assert changed["cancelled"] == -changed["review"] == cancelled
