"""The report of a run of a month: a consolidation, each vintage of statistics, an attempt at either that stopped."""

from __future__ import annotations

from contextlib import ExitStack, closing
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

from sandan.audit import answers, months, queries, sections, trust
from sandan.audit.asked import Asked
from sandan.audit.words import stage, words
from sandan.errors import SandanError
from sandan.evidence import lake as lakes
from sandan.month import CountedMonth, Month
from sandan.page.cells import Column, both, count, money, numbers
from sandan.quality.words import FLOWS, LISTS, REASONS
from sandan.run import outcomes
from sandan.warehouse.connect import connect
from sandan.warehouse.lake import connect_published

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sandan.audit.words import Pair
    from sandan.home import Home

#: what the first screen of a day tells beside, and a month has none of
NOTHING_OF_DAYS: dict[str, Any] = {"silent": [], "rejected": [], "sources": [], "found": [], "decided": 0, "lists": {}}
NOTHING_OF_DAYS |= {"receipts": None, "mismatches": None, "rejected_before": 0, "received_before": 0}


@dataclass(frozen=True)
class MonthAsked(Asked):
    """A run of a month. `vintage_no`: that of its statistics; None of a consolidation, or where it stopped."""

    is_statistics: bool = False
    vintage_no: int | None = None

    @property
    def run(self) -> Month:
        """The month as its reports are named."""
        return (CountedMonth if self.is_statistics else Month)(self.run_date.replace(day=1))

    @property
    def gates_of(self) -> tuple[str, ...]:
        """The one gate that it has."""
        return ("statistics",) if self.is_statistics else ("consolidated",)

    @property
    def ledger_name(self) -> str:
        """Its name in the ledger."""
        return f"{self.run} · vintage {self.vintage_no}" if self.vintage_no else str(self.run)

    @property
    def run_row(self) -> str:
        """The query of what is recorded of it."""
        return queries.VINTAGE if self.is_statistics else queries.CONSOLIDATION

    @property
    def answers(self) -> list[dict[str, Any]]:
        """Those that it published; the reports are of the month, and have those of later vintages too."""
        published = [answer for run in self.rows(self.run_row) for answer in run.get("approvals") or []]
        return published if self.snapshot else super().answers

    @property
    def known(self) -> dict[str, Any]:
        """The parameters of its queries."""
        return super().known | {"month": str(self.run), "vintage_no": self.vintage_no}


def pages(home: Home, month: Month) -> Iterator[tuple[str, dict[str, Any]]]:
    """Each page of the runs of `month`, by its path in the audit report, and what it shows.

    Raises:
        BusyError: a run stopped, and another process has the warehouse.
    """
    with ExitStack() as stack:
        try:
            lake = stack.enter_context(closing(connect_published(home)))
        except SandanError:
            lake = None
        snapshots = lakes.snapshots(lake) if lake else []
        for run in (month, CountedMonth(month.first)):
            published = months.snapshots_of(run, snapshots)
            done, last = outcomes.of_attempt(home, run), max(published, default=None)
            asked = partial(MonthAsked, home, month.last, is_statistics=isinstance(run, CountedMonth))
            has_stopped = months.has_stopped(done, published)
            for number, snapshot in published.items():
                # the page of a consolidation is that of its last attempt
                if lake and (number or not has_stopped):
                    left = done if number == last and not has_stopped else []
                    one = asked(lake, snapshot.id, left, vintage_no=number or None)
                    yield months.page_of(run, one.vintage_no), _about(one)
            if has_stopped:
                with connect(home, read_only=True) as warehouse:
                    yield months.page_of(run, None), _about(asked(warehouse, None, done))


def _about(asked: MonthAsked) -> dict[str, Any]:
    found = asked.rows(asked.run_row)
    docs = asked.home.data_docs / "index.html"
    values = NOTHING_OF_DAYS | {
        "month": str(asked.run),
        "what": _what(asked, found[0] if found else {}),
        "run": found[0] | {"unclaimed": []} if found else None,
        "snapshot": asked.snapshot,
        "earlier": None,
        "stopped_at": stage(asked.stopped_at) if asked.stopped_at else None,
        "simulated": sections.SIMULATED if found and found[0]["rates_simulated"] else None,
        "data_docs": "../../data_docs/index.html" if docs.exists() else None,
        "files": _files(asked),
        "verified_by": f"MONTH={asked.run}",
    }
    values |= trust.of_run(asked) | sections.gates(asked) | (_counted(asked) if asked.is_statistics else _merged(asked))
    return values | answers.of_run(asked, values)


def _what(asked: MonthAsked, run: dict[str, Any]) -> Pair:
    if not asked.is_statistics:
        return months.CONSOLIDATED
    return months.vintage(run["vintage_no"], run["vintage"]) if run else months.COUNTED


def _files(asked: MonthAsked) -> list[tuple[Pair, str]]:
    """What was handed out of it, and the vintage before."""
    if not asked.vintage_no:
        return []
    folder, number = asked.home.statistics, asked.vintage_no
    there = (
        (("质量报告", "quality report"), folder / "quality" / str(asked.run) / f"v{number}" / "quality.html"),
        (("数据交换文件", "SDMX"), folder / str(asked.run) / f"v{number}" / "trade.sdmx.xml"),
    )
    found = [(title, f"../../{file.relative_to(asked.home.root)}") for title, file in there if file.exists()]
    if number > 1:
        found.append(((f"上一版（第 {number - 1} 版）", "vintage before"), f"v{number - 1}.html"))
    return found


def _merged(asked: MonthAsked) -> dict[str, Any]:
    rows = asked.rows(queries.MERGED)
    of = rows[0] if rows else {}
    steps = (
        ("closed", ("已结关的出口清单", "export lists closed")),
        ("consolidated", ("归并进申报单", "merged into forms")),
        ("late", ("其中上月及更早结关", "of these, closed in a month before")),
        ("left_out_simplified", ("简化申报，不归并", "simplified, not merged")),
        ("left_out_returned", ("已退回，不归并", "returned, not merged")),
        ("members", ("归并的商品项", "items merged")),
        ("forms", ("申报单", "forms")),
        ("lines", ("申报单商品项", "lines of forms")),
    )
    return {
        "parts": [
            (
                "counted",
                ("归并了什么", "What was merged"),
                (
                    Column(("内容", "what"), lambda row: both(row["what"])),
                    numbers("数量", "number", "many", count),
                ),
                [{"what": title, "many": of[name]} for name, title in steps if of],
            )
        ]
    }


def _counted(asked: MonthAsked) -> dict[str, Any]:
    flow = Column(("流向", "flow"), lambda row: both(words(FLOWS, row["flow"])))
    return {
        "parts": [
            (
                "received",
                ("来了什么", "What came"),
                (
                    Column(("来源", "source"), lambda row: row["source_id"]),
                    Column(("单证", "list"), lambda row: both(words(LISTS, row["list"]))),
                    numbers("有数据的天数", "days heard", "days_heard", count),
                    numbers("当月天数", "of days", "days", count),
                    numbers("收到", "received", "received", count),
                    numbers("采用", "accepted", "accepted", count),
                    numbers("已被更新", "superseded", "superseded", count),
                    numbers("未采用", "not applied", "ignored", count),
                    numbers("隔离", "rejected", "quarantined", count),
                    numbers("差额", "unaccounted", "lost", count),
                ),
                asked.rows(queries.COVERED),
            ),
            (
                "counted",
                ("计入了什么，什么没有", "What was counted, and what was not"),
                (
                    flow,
                    Column(("去处", "counted, or why not"), lambda row: both(words(REASONS, row["reason"]))),
                    numbers("清单", "declarations", "declarations", count),
                    numbers("商品项", "items", "items", count),
                    numbers("货值", "value of goods, CNY", "value_cny", money),
                ),
                asked.rows(queries.COUNTED),
            ),
            (
                "changes",
                ("与上一版相比", "Changes against the vintage before"),
                (
                    flow,
                    Column(("指标", "measure"), lambda row: row["measure"]),
                    numbers("上一版", "before", "before", money),
                    numbers("本版", "after", "after", money),
                    numbers("修订单元", "cells revised", "revised_cells", count),
                    numbers("全部单元", "of cells", "cells", count),
                ),
                asked.rows(queries.REVISED),
            ),
        ]
    }
