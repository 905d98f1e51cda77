"""The quality report of a vintage of trade statistics: one page, from the published lake."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from sandan.exchange.folders import replacing
from sandan.page import render
from sandan.quality import sections
from sandan.quality.asked import vintage_asked

if TYPE_CHECKING:
    from sandan.home import Home
    from sandan.month import Month

__all__ = ["write_quality"]

VIEWS = Path(__file__).with_name("views")


def write_quality(home: Home, period: Month, vintage_no: int) -> Path:
    """Write the report of a published vintage, in place of an earlier one; returns the file.

    `exchange/statistics/quality/<YYYY-MM>/v<no>/quality.html`. It shows what disclosure control lets out, besides
    counts of at least twenty and their shares; of other months what was known when the vintage was made.

    Raises:
        BusyError: another report is being written.
        SandanError: the vintage is not published.
    """
    root = home.statistics / "quality"
    root.parent.mkdir(parents=True, exist_ok=True)
    with vintage_asked(home, period, vintage_no) as asked, replacing(root, str(period), f"v{vintage_no}") as folder:
        page = render(VIEWS, "quality", sections.all_of(asked))
        (folder / "quality.html").write_text(page, encoding="utf-8", newline="\n")
    return root / str(period) / f"v{vintage_no}" / "quality.html"
