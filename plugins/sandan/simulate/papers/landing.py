"""The papers of a day in the landing folders of their sources, and among them some that nobody can take in."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sandan.lists import OPTIONAL_KEY_PARTS, PAPERS, Message, fields
from sandan.read.sources import load_sources
from sandan.simulate import write_xml
from sandan.simulate.papers.paper import Paper
from sandan.simulate.papers.write import written
from sandan.simulate.sheet import Sheet
from sandan.simulate.sources import SOURCES

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date
    from pathlib import Path

    from sandan.home import Home
    from sandan.simulate.papers.book import Book

RETURNS = "export-returns"
#: every so manieth file begins with a record that goes to quarantine; beside every so manieth lies a file that does
SPOILT_EVERY, BROKEN_EVERY = 2, 9


def land(home: Home, run_date: date, book: Book, papers: Sequence[Paper]) -> int:
    """Write a file for each source that has papers; returns how many files there are.

    Raises:
        ConfigurationError: a source file is wrong.
    """
    local = [source for source in load_sources(home.sources).values() if source.format != "ceb-xml"]
    sources = {source.message.list: source for source in reversed(local)}
    files = 0
    for message in PAPERS.values():
        of_list = [paper for paper in papers if paper.list_name == message.list]
        source = sources.get(message.list)
        if not of_list or source is None:
            continue
        folder, name = _folder(home, source.id, run_date), f"papers-{run_date}"
        suffix = source.files.removeprefix("*")
        if book.turn("broken") % BROKEN_EVERY == 0:
            (folder / f"{name}-broken{suffix}").write_bytes(b"\xff\xff" + written(source, of_list[:1]))
            files += 1
        if book.turn("spoilt") % SPOILT_EVERY == 0:
            of_list.insert(0, _spoilt(of_list[0], message))
        (folder / f"{name}{suffix}").write_bytes(written(source, of_list))
        files += 1
    return files + _land_returns(home, run_date, [paper for paper in papers if paper.list_name == "return"])


def _land_returns(home: Home, run_date: date, papers: Sequence[Paper]) -> int:
    """Goods that come back: a national message."""
    if not papers:
        return 0
    source = SOURCES[RETURNS]
    sheets = [Sheet(source.message, RETURNS, paper.head, paper.items) for paper in papers]
    records = [write_xml.record(sheet, source.prefix) for sheet in sheets]
    text = write_xml.message(source, f"SIMULATED-RETURNS-{run_date}".ljust(36, "0"), records)
    (_folder(home, RETURNS, run_date) / f"papers-{run_date}.xml").write_text(text, encoding="utf-8")
    return 1


def _folder(home: Home, source_id: str, run_date: date) -> Path:
    folder = home.landing_of(source_id, run_date)
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def _spoilt(paper: Paper, message: Message) -> Paper:
    """The paper without the first part of its key."""
    known = fields(message.code, "202205")
    key = next(f.element for f in known if f.key_part and f.element not in OPTIONAL_KEY_PARTS)
    return Paper(paper.list_name, paper.due, paper.head | {key: ""}, paper.items, paper.app_type, paper.app_time)
