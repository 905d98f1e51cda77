"""The audit report: what was wrong on a day, whose fault it was, what was done, and whether the figures hold."""

from __future__ import annotations

from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from sandan.audit import answers, index, month, sections, trust
from sandan.audit.asked import day_asked
from sandan.lock import only_one
from sandan.month import Month
from sandan.page import render
from sandan.run import outcomes

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from sandan.audit.days import Days
    from sandan.home import Home

__all__ = ["write_audit", "write_month"]

VIEWS = Path(__file__).with_name("views")


def write_audit(home: Home, run_date: date) -> Path:
    """Write the pages of the run of `run_date` and the index over all runs, in place of earlier ones.

    Returns the first page of the run, `audit/<YYYY-MM-DD>/index.html`. Of a run that was published the figures are
    those of its own snapshot, whatever came later; of one that stopped, what the warehouse had when it did. The pages
    of later dates that are behind since this run are written again too, and say so.

    Raises:
        BusyError: another report is being written; of a run that stopped, another process has the warehouse.
        SandanError: the date never ran.
    """
    with _writing(home):
        days = _put_day(home, run_date)
        for day in days.newly_behind(run_date):
            if _page(home, day).exists() and days.is_published(day, outcomes.of_attempt(home, day)):
                _put_day(home, day)
        _put_index(home)
    return _page(home, run_date)


def write_month(home: Home, written: Month) -> Path:
    """Write a page of each run of a month, of its consolidation and its vintages, and the index; returns the index.

    Raises:
        BusyError: another report is being written; of a run that stopped, another process has the warehouse.
    """
    with _writing(home):
        for place, values in month.pages(home, Month(written.first)):
            page = home.audit / place
            page.parent.mkdir(exist_ok=True)
            _put(page, render(VIEWS, "month", values, "audit"))
        return _put_index(home)


@contextmanager
def _writing(home: Home) -> Iterator[None]:
    home.audit.mkdir(parents=True, exist_ok=True)
    with only_one(home.audit / ".lock", "another audit report is being written", "wait for it to end"):
        yield


def _page(home: Home, run_date: date) -> Path:
    return home.audit / run_date.isoformat() / "index.html"


def _put_day(home: Home, run_date: date) -> Days:
    """The pages of a run; returns the order of runs in which it stands."""
    with day_asked(home, run_date) as asked:
        values = sections.about(asked) | trust.of_run(asked)
        for section in (sections.received, sections.gates, sections.decided, sections.rebates, sections.changes):
            values |= section(asked)
        values |= answers.of_run(asked, values)
        pages = {name: render(VIEWS, name, values, "audit") for name in ("run", "records")}
    page = _page(home, run_date)
    page.parent.mkdir(exist_ok=True)
    _put(page.with_name("records.html"), pages["records"])
    _put(page, pages["run"])
    return asked.days


def _put_index(home: Home) -> Path:
    file = home.audit / "index.html"
    _put(file, render(VIEWS, "runs", index.of_all(home), "audit"))
    return file


def _put(file: Path, page: str) -> None:
    """A reader sees the page before or the page after."""
    aside = file.with_suffix(".writing")
    aside.write_text(page, encoding="utf-8", newline="\n")
    aside.replace(file)
