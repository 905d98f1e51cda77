"""Simulated papers: what a sender writes is what the readers read, and the same forms give the same papers."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest

from sandan.home import PROJECT, Home
from sandan.lists import OPTIONAL_KEY_PARTS, PAPERS, TABLES, fields
from sandan.read.local import read_csv, read_json_lines
from sandan.read.sources import load_sources
from sandan.simulate import papers
from sandan.simulate.papers.book import Book
from sandan.simulate.papers.paper import Paper
from sandan.simulate.papers.published import Item, Line
from sandan.simulate.papers.write import written

if TYPE_CHECKING:
    from pathlib import Path

    from sandan.lists import Field, Message

SOURCES = {source.message.list: source for source in load_sources(PROJECT / "sources").values() if source.head}
VALUES = {"C8": "20260131", "YYYYMM": "202601", "N19,5": "1234.5", "N5,0": "7", "C18": "123456789012345678"}
CODED = {
    "app_type": "2", "app_status": "2", "currency": "502", "unit": "011", "vat_status": "S", "rebate_class": "3",
    "rebate_method": "C", "invoice_kind": "I", "invoice_state": "A", "forex_kind": "D", "deemed_reason": "1",
    "tsflag": "2", "hold_kind": "S", "hold_reason": "4", "inspection_result": "H",
}  # fmt: skip


def value(field: Field) -> str:
    return CODED.get(field.code_list) or VALUES.get(field.type, f"{field.element}值")


@pytest.mark.parametrize("message", PAPERS.values(), ids=lambda message: message.list)
def test_what_is_written_is_what_is_read(message: Message) -> None:
    source = SOURCES[message.list]
    known = fields(message.code, "202205")
    head, item = ({f.element: value(f) for f in known if f.level == level} for level in ("head", "item"))
    head |= {"appTime": "20260131102030"}
    if "taxRate" in item:
        item["taxRate"] = "0.13"  # the sender writes percent
    items = [item, item | {"gnum": "8"}] if message.item else []
    sent = [Paper(message.list, "2026-01-31", head, items, head["appType"], head["appTime"])]

    data = written(source, sent)
    parsed = (read_csv if source.format == "csv" else read_json_lines)(data, source)

    assert parsed.tables is not None
    (row,) = parsed.tables.heads.to_pylist()
    for column in source.head:
        # what the source file says is always so, whatever was sent
        told = column.constant or head[column.element]
        in_iso = source.code_lists == "iso" and column.element == "currency"
        assert row[column.column] == ("USD" if in_iso else told)
    if items:
        assert parsed.tables.items is not None
        assert [line["gnum"] for line in parsed.tables.items.to_pylist()] == ["7", "8"]
        assert all(parsed.tables.items.to_pylist()[0][c.column] == item[c.element] for c in source.item)


LINE = Line(
    "2026-01-E-1-01", "2026-01", "99019E0000", "2991", "9610", 1, "6110300090", "化纤毛衣", Decimal(10), "011",
    Decimal(10), "011", Decimal("4.2"), "035", "502", Decimal("99.9"),
)  # fmt: skip
ITEM = Item(
    "99019E0000", "C1", 1, "2991", "B", "9610", "2026-01-20", Decimal(5), "6110300090", "化纤毛衣", Decimal(10), "011",
    Decimal(10), "011", Decimal("9.99"), Decimal("99.9"), "2026-01-E-1-01", 1, "29912026E020000001",
)  # fmt: skip


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Home:
    """Sixty forms are published, each of one line."""
    lines = [replace(LINE, form_no=f"F{n:02d}") for n in range(60)]
    items = [replace(ITEM, cop_no=f"C{n}", form_no=f"F{n:02d}") for n in range(60)]
    monkeypatch.setattr(papers, "published", lambda _home: (lines, items))
    return Home(root=tmp_path, sources=PROJECT / "sources")


def landed(home: Home) -> dict[str, bytes]:
    return {str(f.relative_to(home.landing)): f.read_bytes() for f in home.landing.rglob("*") if f.is_file()}


def test_every_list_gets_papers_and_every_paper_has_its_key(home: Home) -> None:
    for day in (date(2026, 2, 6), date(2026, 2, 20), date(2026, 3, 20), date(2027, 6, 1)):
        papers.simulate_papers(home, day)
    book = Book.of(home)

    # one trader, whose goods are no overseas stock and who is in no zone
    assert {paper.list_name for paper in book.sent} == set(TABLES) & {p.list for p in PAPERS.values()} - {
        "overseas_sale",
        "vat_return",
        "zone_registration",
    } | {"return"}
    for message in PAPERS.values():
        keys = {f.element for f in fields(message.code, "202205") if f.key_part} - set(OPTIONAL_KEY_PARTS)
        assert all(paper.head.get(key) for paper in book.sent if paper.list_name == message.list for key in keys)
    assert book.waiting == []


def test_the_same_forms_give_the_same_papers(home: Home, tmp_path: Path) -> None:
    other = Home(root=tmp_path / "other", sources=home.sources)
    for each in (home, other):
        papers.simulate_papers(each, date(2026, 2, 6))
        papers.simulate_papers(each, date(2026, 3, 6))
    assert landed(home)
    assert landed(home) == landed(other)


def test_a_day_that_is_not_after_the_last_brings_nothing(home: Home) -> None:
    first = papers.simulate_papers(home, date(2026, 2, 6))
    assert first.papers > 0
    assert papers.simulate_papers(home, date(2026, 2, 6)) == papers.Written(0, 0)
    assert papers.simulate_papers(home, date(2026, 2, 1)) == papers.Written(0, 0)


def test_nothing_is_written_before_a_month_is_consolidated(tmp_path: Path) -> None:
    home = Home(root=tmp_path, sources=PROJECT / "sources")
    assert papers.simulate_papers(home, date(2026, 2, 6)) == papers.Written(0, 0)
    assert not home.landing.exists()
