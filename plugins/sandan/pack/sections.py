"""The sections of a report: what stands in each, from the rows of one enterprise."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sandan.pack import cells, charts, queries
from sandan.pack.words import currency, words
from sandan.page.cells import money, percent
from sandan.page.charts import bars as bars_of
from sandan.run.pages import rows_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from markupsafe import Markup

    from sandan.pack.own import Own
    from sandan.page.charts import Rows

#: how many of each the page shows; the workbook has all
ACTIONS_SHOWN, LINES_SHOWN, CARRIERS_SHOWN, BARS_SHOWN = 5, 60, 12, 5
#: what a carrier and the enterprise can hasten
LEGS_SHOWN = ("ordered_to_paid", "paid_to_shipped", "declared_to_released", "released_to_closed", "ordered_to_closed")


def _rows(own: Own, query: str) -> Rows:
    return rows_of(own.connection, query, {})


def about(own: Own) -> dict[str, Any]:
    """Whose page it is, and whether what it shows is made up."""
    name = _rows(own, queries.NAME)[0]["name"] if queries.NAMED in own.tables else None
    made_up = None
    # the simulator's parties are of customs district 99, which does not exist
    if own.enterprise.startswith("99"):
        made_up = "模拟数据：企业、单证、金额均为虚构。", "Simulated: enterprise, lists and amounts are made up."
    elif own.rates_simulated:
        made_up = (
            "汇率为模拟样本，人民币金额仅供演示。",
            "Exchange rates are a simulated sample: amounts in CNY are for show.",
        )
    return {"name": name, "simulated": made_up}


def today(own: Own) -> dict[str, Any]:
    """What to do, ranked: by kind of action, and line by line."""
    return {
        "todo": _rows(own, queries.TODO)[0],
        "actions": _rows(own, queries.ACTIONS),
        "shown": ACTIONS_SHOWN,
        "todo_columns": cells.TODO,
        "lines": _rows(own, f"{queries.RANKED} limit {LINES_SHOWN}"),
    }


def refunds(own: Own) -> dict[str, Any]:
    """What money comes when, what may be advanced on it, and behind whom it stands."""
    ahead = _rows(own, queries.NEXT_WEEKS)
    bars = [
        {
            "week": "之后 later" if row["is_rest"] else f"{row['week']:%m-%d}",
            "state": state,
            "cny": float(row[f"{state}_cny"]),
        }
        for row in ahead
        for state in charts.STATES
    ]
    advance = next(iter(_rows(own, "from enterprise_advance")), None)
    return {
        "coming": _rows(own, queries.COMING)[0],
        "weeks_chart": charts.refund_by_week(bars) if any(bar["cny"] for bar in bars) else None,
        "weeks": _rows(own, queries.WEEKS),
        "week_columns": cells.WEEKS,
        "advance": advance,
        "limit": _limit(advance) if advance else [],
        "quality": list(_quality(advance)) if advance else [],
        "concentration": list(_concentration(own)),
    }


def _limit(advance: dict[str, Any]) -> list[tuple[tuple[str, str], str]]:
    """How the advance limit comes about, step by step."""
    return [
        (("单证已齐、未到账的退税", "refunds that stand, still to come"), money(advance["eligible_cny"])),
        (("× 预支比例", "× share that may be advanced"), percent(advance["advance_rate"])),
        (("− 暂缓、冻结的退税", "− refunds on hold"), money(advance["held_cny"])),
        (
            (f"− 退货准备（近期退货 {percent(advance['returned_share'])}）", "− reserve for goods that come back"),
            money(advance["return_reserve_cny"]),
        ),
        (
            (f"= 预支额度（{advance['as_of']}）", "= advance limit, not below nothing"),
            money(advance["advance_limit_cny"]),
        ),
    ]


def _quality(advance: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """What a lender asks besides: how fast refunds stand, and whether they stay."""
    if (days := advance["days_to_eligibility_median"]) is not None:
        slow = advance["days_to_eligibility_p90"]
        yield (
            f"从清单办结到单证齐全：中位 {days:,.0f} 天，九成不超过 {slow:,.0f} 天。",
            f"From closing to complete papers: median {days:,.0f} days, nine of ten within {slow:,.0f}.",
        )
    if advance["dilution_rate"] is not None:
        share = percent(advance["dilution_rate"])
        yield f"已退税款中后来追回 {share}。", f"Of refunds once granted {share} were taken back."


def _concentration(own: Own) -> Iterator[tuple[tuple[str, str], Markup]]:
    for kind, title in (
        ("supplier", ("退税来自哪些供货方", "Suppliers behind the refunds")),
        ("commodity", ("退税来自哪些商品（税目）", "Headings behind the refunds")),
    ):
        rows = _rows(own, queries.CONCENTRATION.format(kind=kind, shown=BARS_SHOWN))
        if rows:
            bars = [{"label": r["name"], "value": float(r["share"]), "text": percent(r["share"])} for r in rows]
            yield title, bars_of(bars)


def exchange(own: Own) -> dict[str, Any]:
    """What is received and what is open, by currency."""
    rows = _rows(own, queries.FOREX)
    for row in rows:
        row["name"] = currency(row["currency"])
    ages = [
        {"currency": row["name"][1] or row["currency"], "age": age, "rank": rank, "share": float(part / row["open"])}
        for row in rows
        if row["open"]
        for rank, (age, part) in enumerate(zip(charts.AGES, row["ages"], strict=True))
    ]
    return {
        "forex": rows,
        "forex_total": _rows(own, queries.FOREX_TOTAL)[0],
        "forex_columns": cells.FOREX,
        "ages_chart": charts.open_by_age(ages) if ages else None,
        "ages": charts.AGES,
    }


def logistics(own: Own) -> dict[str, Any]:
    """How long parcels of the month take, by leg and carrier, and what they cost."""
    legs = _rows(own, queries.LEGS)
    return {
        "parcels": _rows(own, queries.PARCELS)[0]["parcels"],
        "legs": [
            (words(leg), _hours([row for row in legs if row["leg"] == leg]))
            for leg in LEGS_SHOWN
            if any(row["leg"] == leg for row in legs)
        ],
        "carriers": _rows(own, queries.CARRIERS)[:CARRIERS_SHOWN],
        "carrier_columns": cells.CARRIERS,
    }


def _hours(rows: Rows) -> Markup:
    return bars_of(
        [
            {"label": row["logistics_code"] or "–", "value": float(row["hours"]), "text": f"{row['hours']:,.0f} h"}
            for row in rows[:BARS_SHOWN]
        ]
    )


def scorecard(own: Own) -> dict[str, Any]:
    """How well the lists agree, over twelve weeks and against peers."""
    trend = _rows(own, queries.TREND)
    return {
        "trends": [
            (words(measure), _trend(found), percent(found[-1]["share"]), percent(found[-1]["peer_median"]))
            for measure in ("matched", "held")
            if (found := [row for row in trend if row["measure"] == measure])
        ],
        "scored_week": _rows(own, queries.SCORED_WEEK)[0]["week"],
        "scores": _rows(own, queries.SCORES),
        "score_columns": cells.SCORES,
    }


def _trend(rows: Rows) -> Markup:
    points = [
        {"week": f"{row['week']:%m-%d}", "who": who, "share": float(row[column])}
        for row in rows
        for who, column in (("own", "share"), ("peers", "peer_median"))
        if row[column] is not None
    ]
    return charts.trend(points)
