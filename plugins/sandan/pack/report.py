"""`report.html`: one page that opens anywhere, offline; its first screen says what to do today and what money comes."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from sandan.pack import cells, sections
from sandan.pack.words import words
from sandan.page import render
from sandan.page.cells import amount

if TYPE_CHECKING:
    from sandan.pack.own import Own

VIEWS = Path(__file__).with_name("views")
FUNCTIONS = {function.__name__: function for function in (words, cells.due, amount)}


def write_report(own: Own, file: Path) -> None:
    """Write the page; the same rows give the same bytes."""
    values = {"own": own} | FUNCTIONS
    for section in (
        sections.about,
        sections.today,
        sections.refunds,
        sections.exchange,
        sections.logistics,
        sections.scorecard,
    ):
        values |= section(own)
    file.write_text(render(VIEWS, "report", values), encoding="utf-8", newline="\n")
