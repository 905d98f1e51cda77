"""The sections of a quality report: what stands in each, from the published lake."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sandan.page import charts
from sandan.page.cells import Column, both, count, day, money, numbers, percent
from sandan.quality import queries
from sandan.quality.words import FIELDS, FLOWS, FRAMEWORKS, KINDS, LISTS, NOT_COVERED, NOT_MEASURED, REASONS, words
from sandan.statistics.cells import LEAF

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from decimal import Decimal

    from markupsafe import Markup

    from sandan.page.cells import Row
    from sandan.page.charts import Rows
    from sandan.quality.asked import Asked

TRADE = ("E", "I")
COLOURS = {"E": charts.BLUE, "I": charts.AMBER}
PARTS = {
    "counted": charts.GREEN,
    "not_departed": "#8fb8de",
    "waiting": charts.BLUE,
    "review": charts.AMBER,
    "refused": charts.RED,
    "cancelled": "#7d5ba6",
    "returned_before_departure": "#c98bb9",
    "below_zero": "#5b6875",
    "other": charts.GREY,
}
FEW = f"< {queries.LEAST}"
#: below this a share would be shown as none
LEAST_SHARE = 0.0005


def all_of(asked: Asked) -> dict[str, Any]:
    """Everything that the page shows."""
    values: dict[str, Any] = {}
    for section in (about, coverage, accuracy, revisions, timeliness, access, integrity):
        values |= section(asked)
    return values


def about(asked: Asked) -> dict[str, Any]:
    """Which vintage it is, whether it is made up, and the figures that it is about."""
    made_up = None
    if asked.rows(queries.IS_SIMULATED)[0]["said"]:
        made_up = "模拟数据：企业、单证、金额均为虚构。", "Simulated: enterprises, lists and amounts are made up."
    elif asked.vintage["rates_simulated"]:
        made_up = (
            "汇率为模拟样本，金额仅供演示。",
            "Exchange rates are a simulated sample: amounts are for show.",
        )
    totals = {row["flow"]: row for row in asked.rows(queries.TOTALS)}
    return {
        "month": asked.month,
        "vintage": asked.vintage,
        "kind": words(KINDS, asked.vintage["vintage"]),
        "simulated": made_up,
        "totals": [(FLOWS[flow], _value(totals[flow])) for flow in FLOWS if flow in totals],
        "frameworks": FRAMEWORKS,
        "not_covered": NOT_COVERED,
        "not_measured": NOT_MEASURED,
        "least": queries.LEAST,
    }


def coverage(asked: Asked) -> dict[str, Any]:
    """What of the month's items is counted, and which sources were heard of."""
    rows = asked.rows(queries.LEFT_OUT)
    bars = [
        {"flow": FLOWS[row["flow"]][1], "part": row["reason"], "share": float(row["share"]), "rank": rank}
        for rank, row in enumerate(rows)
    ]
    return {
        "counted_share": [(FLOWS[row["flow"]], percent(row["share"])) for row in rows if row["reason"] == "counted"],
        "left_out_chart": charts.shares(bars, "flow", "part", PARTS) if bars else None,
        "left_out_parts": [(words(REASONS, part), PARTS[part]) for part in PARTS if _has(rows, "reason", part)],
        "left_out": rows,
        "left_out_columns": (
            Column(("流向", "flow"), lambda row: both(words(FLOWS, row["flow"]))),
            Column(("状态", "state"), lambda row: both(words(REASONS, row["reason"]))),
            numbers("商品项", "items", "items", count),
            numbers("份额", "share", "share", percent),
        ),
        "sources": asked.rows(queries.SOURCES),
        "source_columns": (
            Column(("单证", "list"), lambda row: both(words(LISTS, row["list"]))),
            Column(("来源", "source"), lambda row: row["source_id"]),
            Column(("有数据的天数", "days heard of"), _days, number=True),
            Column(("最后一天", "last day"), lambda row: day(row["last_heard"])),
            numbers("采用", "accepted", "accepted_share", _share),
            numbers("隔离", "quarantined", "quarantined_share", _share),
        ),
    }


def accuracy(asked: Asked) -> dict[str, Any]:
    """What items do not say, and which unit values are unlikely."""
    missing = asked.by_flow(queries.NONRESPONSE)
    return {
        "missing": [
            (
                FLOWS[flow],
                _bars(rows, lambda row: words(FIELDS, row["field"])[0].partition("（")[0], "missing_share"),
                rows,
            )
            for flow, rows in missing.items()
        ],
        "missing_columns": (
            Column(("项目", "field"), lambda row: both(words(FIELDS, row["field"]))),
            numbers("缺失项数", "items without", "missing_items", _few),
            numbers("缺失份额", "share", "missing_share", _share),
            Column(("估算份额", "estimated"), lambda row: percent(row["estimated_share"] or None), number=True),
        ),
        "outliers": asked.rows(queries.OUTLIERS),
        "outlier_columns": (
            Column(("流向", "flow"), lambda row: both(words(FLOWS, row["flow"]))),
            numbers("单价异常项", "unlikely items", "outliers", _few),
            numbers("占计入项", "of items counted", "share", _share),
        ),
        "chapters": [(FLOWS[flow], _counts(rows)) for flow, rows in asked.by_flow(queries.OUTLIER_CHAPTERS).items()],
    }


def revisions(asked: Asked) -> dict[str, Any]:
    """What vintages changed of each other: of this month, and of those before."""
    months = [row for row in asked.rows(queries.MONTHS) if row["revised"] is not None and row["vintages"] > 1]
    points = [{"month": row["period"][2:], "flow": row["flow"], "share": float(row["revised"])} for row in months]
    return {
        "revisions": asked.rows(queries.REVISIONS),
        "revision_columns": (
            Column(("流向", "flow"), lambda row: both(words(FLOWS, row["flow"]))),
            Column(("版次", "vintage"), _vintage),
            Column(("金额", "value"), _value, number=True),
            numbers("总额变动", "change of the total", "change_share", _signed),
            numbers("单元变动（绝对值）", "changes of cells, without signs", "cells_share", percent),
            numbers("其中迟到", "late items", "late_share", percent),
        ),
        "revised_chart": charts.lines(points, ("month", "share"), "flow", COLOURS, "+.1%") if points else None,
    }


def timeliness(asked: Asked) -> dict[str, Any]:
    """How long after the month its vintages came, and the series that they stand in."""
    months = asked.rows(queries.MONTHS)
    lags = {row["period"]: row["lag"] for row in months}
    points = [
        {"month": row["period"][2:], "flow": row["flow"], "cny": float(row["value_cny"])}
        for row in months
        if row["value_cny"] is not None
    ]
    return {
        "vintages": asked.rows(queries.VINTAGES),
        "vintage_columns": (
            Column(("版次", "vintage"), _vintage),
            Column(("发布日", "published on"), lambda row: day(row["published_on"])),
            Column(("数据截至", "data until"), lambda row: day(row["data_until"])),
            numbers("月后天数", "days after the month", "lag", count),
        ),
        "lag_chart": charts.bars([{"label": month, "value": lag, "text": f"{lag:,}"} for month, lag in lags.items()])
        if len(lags) > 1
        else None,
        "series_chart": charts.lines(points, ("month", "cny"), "flow", COLOURS, "~s") if len(lags) > 1 else None,
        "flow_colours": [(FLOWS[flow], COLOURS[flow]) for flow in TRADE],
    }


def access(asked: Asked) -> dict[str, Any]:
    """What disclosure control hides, by flow and level of goods."""
    hidden = asked.by_flow(queries.HIDDEN)
    return {
        "hidden": [
            (
                FLOWS[flow],
                None if rows[0]["withheld"] else _bars(rows, lambda row: f"HS {row['hs_level']}", "hidden_share"),
            )
            for flow, rows in hidden.items()
        ],
        "hidden_rows": [row for rows in hidden.values() for row in rows],
        "hidden_columns": (
            Column(("流向", "flow"), lambda row: both(words(FLOWS, row["flow"]))),
            numbers("HS 位数", "HS digits", "hs_level", count),
            numbers("单元", "cells", "cells", _few),
            numbers("隐藏", "hidden", "hidden_cells", _few),
            Column(("隐藏的金额份额", "share of value hidden"), _hidden, number=True),
        ),
        "hidden_leaf": [(FLOWS[flow], _hidden(row)) for flow in TRADE for row in hidden.get(flow, []) if _is_leaf(row)],
    }


def integrity(asked: Asked) -> dict[str, Any]:
    """What the gate of the vintage saw; what it observed may name enterprises, and stays inside."""
    rows = asked.rows(queries.GATES)
    return {
        "passed": sum(row["expectations"] for row in rows if row["success"]),
        "expected": sum(row["expectations"] for row in rows),
        "warned": [name for row in rows if not row["success"] for name in row["names"]],
    }


def _value(row: Row) -> Markup | str:
    """A published value; where disclosure control hides it, that is said."""
    return both(("不公布", "withheld")) if row["value_cny"] is None else money(row["value_cny"])


def _hidden(row: Row) -> Markup | str:
    return both(("全部", "all")) if row["withheld"] else percent(row["hidden_share"])


def _is_leaf(row: Row) -> bool:
    return bool(row["hs_level"] == LEAF)


def _vintage(row: Row) -> Markup:
    chinese, english = words(KINDS, row["vintage"])
    return both((f"{row['vintage_no']} {chinese}", english))


def _days(row: Row) -> Markup | str:
    if not row["days_heard"]:
        return both(("未收到", "silent"))
    return f"{row['days_heard']} / {row['days']}"


def _few(value: int | None) -> str:
    return FEW if value is None else count(value)


def _share(value: Decimal | float | None) -> str:
    """A share that is not shown with few behind it, and is more than nothing where there is something."""
    if value is None:
        return "–"
    return "< 0.1%" if 0 < value < LEAST_SHARE else percent(value)


def _signed(value: Decimal | float | None) -> str:
    return "" if value is None else f"{value:+.2%}"


def _has(rows: Rows, column: str, value: str) -> bool:
    return any(row[column] == value for row in rows)


def _bars(rows: Rows, label: Callable[[Row], str], column: str) -> Markup:
    """Bars of shares; what is not shown has none."""
    return charts.bars(list(_lengths(rows, label, column)))


def _lengths(rows: Rows, label: Callable[[Row], str], column: str) -> Iterator[dict[str, Any]]:
    for row in rows:
        yield {"label": label(row), "value": float(row[column] or 0), "text": _share(row[column])}


def _counts(rows: Rows) -> Markup:
    return charts.bars(
        [{"label": f"HS {row['chapter']}", "value": row["items"], "text": count(row["items"])} for row in rows]
    )
