"""The index over all runs: one line each, the newest first; those of months below."""

from __future__ import annotations

from contextlib import ExitStack, closing
from datetime import date
from typing import TYPE_CHECKING, Any

from markupsafe import Markup

from sandan.audit import asked, months, queries
from sandan.audit.days import Days, days_of
from sandan.audit.words import stage
from sandan.errors import SandanError
from sandan.evidence import ledger
from sandan.page import charts
from sandan.page.cells import Column, both, count, numbers
from sandan.run import outcomes
from sandan.warehouse.lake import connect_published

if TYPE_CHECKING:
    import duckdb

    from sandan.audit.words import Pair
    from sandan.home import Home
    from sandan.page.cells import Row

#: runs of the drawing
DRAWN = 30


def of_all(home: Home) -> dict[str, Any]:
    """Everything that the index shows."""
    with ExitStack() as stack:
        lake = _lake(home, stack)
        published = asked.rows_now(lake, queries.RUNS) if lake else []
        days = days_of(lake) if lake else Days()
        lines = ledger.by_run(ledger.lines(home.ledger))
        of_months = months.of_months(home, lake, lines)
    rows = {row["run_date"]: row | asked.AS_PUBLISHED | {"behind": days.behind(row["run_date"])} for row in published}
    for folder in sorted(home.reports.glob("????-??-??")):
        day = date.fromisoformat(folder.name)
        stages = outcomes.of_attempt(home, day)
        if stages and (outcomes.waiting(stages) or not days.is_published(day, stages)):
            none = dict.fromkeys(("received", "quarantined", "files", "warnings", "approvals", "ended_at"))
            rows[day] = rows.get(day, {"run_date": day, "is_published": False} | none) | {
                "stopped_at": stage(asked.stopped_at(stages)),
                "waits_since": asked.waits_since(stages),
            }
        elif day in rows:
            rows[day]["undone"] = asked.undone(stages)
    runs = sorted(rows.values(), key=lambda row: row["run_date"], reverse=True)
    for row in runs:
        row["ledger"] = lines.get(row["run_date"].isoformat(), {})
        row["has_report"] = (home.audit / row["run_date"].isoformat() / "index.html").exists()
    points = [
        {"day": f"{row['run_date']:%m-%d}", "who": "rejected", "share": row["quarantined"] / row["received"]}
        for row in reversed(runs[:DRAWN])
        if row["received"]
    ]
    shared = (
        Column(("结果", "result"), _result),
        Column(("批准", "approvals"), _approved),
        Column(("账本", "ledger"), _ledger),
    )
    return {
        "simulated": None,
        "runs": runs,
        "run_columns": (
            Column(("日期", "date"), _link),
            *shared[:1],
            numbers("收到记录", "records received", "received", count),
            numbers("隔离记录", "rejected", "quarantined", count),
            numbers("隔离文件", "files set aside", "files", count),
            numbers("警告", "warnings", "warnings", count),
            *shared[1:],
        ),
        "months": of_months,
        "month_columns": months.columns(*shared),
        "rejected_chart": charts.lines(points, ("day", "share"), "who", {"rejected": charts.RED}, ".2%")
        if len(points) > 1
        else None,
        "head": ledger.head(home.ledger),
        "chain": ledger.faults(home.ledger),
        "data_docs": "../data_docs/index.html" if (home.data_docs / "index.html").exists() else None,
    }


def _lake(home: Home, stack: ExitStack) -> duckdb.DuckDBPyConnection | None:
    """The published lake; none before the first run published."""
    try:
        return stack.enter_context(closing(connect_published(home)))
    except SandanError:
        return None


def _link(row: Row) -> Markup | str:
    day = row["run_date"].isoformat()
    return Markup('<a href="{}/index.html"><b>{}</b></a>').format(day, day) if row["has_report"] else day


def _result(row: Row) -> Markup:
    """How the last attempt ended, and what is published of the run, be it by an earlier one."""
    found = []
    if since := row["waits_since"]:
        found.append(_told("reserved", (f"自 {since} 等待答复", f"waits for an answer since {since}")))
    elif stopped := row["stopped_at"]:
        found.append(_told("bad", (f"停在{stopped[0]}", f"stopped: {stopped[1]}")))
    if row["is_published"]:
        found.append(_published(row))
    return Markup("<br>").join(found)


def _published(row: Row) -> Markup:
    said = [("已发布", "published")]
    if row["stopped_at"] or row["waits_since"]:
        said = [("已发布的是较早一次", "an earlier attempt is published")]
    for chinese, english in map(stage, row["undone"]):
        said.append((f"未完成：{chinese}", f"not done: {english}"))
    if row["behind"]:
        said.append(("须重跑", "behind: to be run again"))
    if row["warnings"]:
        said.append(("有警告", "with warnings"))
    return _told("bad" if row["undone"] else "reserved" if len(said) > 1 else "good", *said)


def _told(level: str, *said: Pair) -> Markup:
    pair = "，".join(chinese for chinese, _ in said), ", ".join(english for _, english in said)
    return Markup('<span class="{}">{}</span>').format(level, both(pair))


def _approved(row: Row) -> str:
    return "、".join(dict.fromkeys(answer["who"] or "–" for answer in row["approvals"] or []))


def _ledger(row: Row) -> Markup | str:
    line = row["ledger"]
    return Markup("{} <code>{}…</code>").format(line["line"], line["hash"][:12]) if line else ""
