"""`report.html`: one page that opens anywhere, offline; its first screen says what to do today and what money comes."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from sandan.pack import cells, sections
from sandan.pack.words import words

if TYPE_CHECKING:
    from sandan.pack.own import Own

VIEWS = Path(__file__).with_name("views")
FUNCTIONS = {"words": words} | {
    function.__name__: function for function in (cells.both, cells.due, cells.money, cells.amount, cells.counted)
}


def write_report(own: Own, file: Path) -> None:
    """Write the page; the same rows give the same bytes."""
    pages = Environment(loader=FileSystemLoader(VIEWS), autoescape=True, undefined=StrictUndefined, trim_blocks=True)
    page = pages.get_template("report.html.j2").render(
        own=own,
        style=Markup((VIEWS / "report.css").read_text(encoding="utf-8")),  # noqa: S704 - our own file
        **FUNCTIONS,
        **sections.about(own),
        **sections.today(own),
        **sections.refunds(own),
        **sections.exchange(own),
        **sections.logistics(own),
        **sections.scorecard(own),
    )
    file.write_text(page, encoding="utf-8", newline="\n")
