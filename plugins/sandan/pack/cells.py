"""Which columns the tables of a report have."""

from __future__ import annotations

from typing import TYPE_CHECKING

from markupsafe import Markup

from sandan.pack.words import country, currency, lists, titles, words
from sandan.page.cells import Column, Row, both, count, counted, day, money, numbers, percent

if TYPE_CHECKING:
    from decimal import Decimal

#: days left from which on a due day stands out
SOON = 7


def due(row: Row) -> Markup:
    """The last day to act and how many days are left until it."""
    days = row["days_left"]
    if days is None:
        return Markup('<span class="due">{}</span>').format(both(("无期限", "no due day")))
    if days == 0:
        said = "今天到期", "due today"
    else:
        chinese, english = ("逾期", "overdue") if days < 0 else ("还剩", "left")
        said = f"{chinese} {abs(days)} 天", f"{counted(abs(days), '', 'day')[1]} {english}"
    kind = " late" if days < 0 else " soon" if days <= SOON else ""
    return Markup('<span class="due{}"><b>{}</b> {}</span>').format(kind, row["due_on"], both(said))


def _hours(value: Decimal | None) -> str:
    return "" if value is None else f"{value:,.0f}"


def _which(row: Row) -> str:
    return " · ".join(str(row[name]) for name in ("cop_no", "gnum", "form_no", "logistics_no") if row[name] is not None)


TODO = (
    Column(("期限", "due"), due),
    numbers("金额", "at stake", "money_cny", money),
    Column(("谁来办", "who acts"), lambda row: both(words(row["party"]))),
    Column(("做什么", "what to do"), lambda row: both((row["remedy_zh"], row["remedy_en"]))),
    Column(("哪一票", "which"), _which),
    Column(("规则与所见", "rule and finding"), lambda row: f"{row['rule_id']} {row['detail'] or ''}"),
)
WEEKS = (
    Column(("预计到账周", "week of"), lambda row: day(row["week"])),
    numbers("合计", "refund", "refund_cny", money),
    numbers("单证已齐", "complete", "complete_cny", money),
    numbers("待补单证", "papers missing", "incomplete_cny", money),
    numbers("商品项", "items", "items", count),
)
FOREX = (
    Column(("币种", "currency"), lambda row: both(currency(row["currency"]))),
    numbers("申报", "declared", "declared"),
    numbers("退货", "came back", "returned"),
    numbers("已收汇", "received", "received"),
    numbers("轧差费用", "netted fees", "netted"),
    numbers("未收汇", "open", "open"),
    numbers("其中逾期", "overdue", "overdue"),
    Column(("最早期限", "first due"), lambda row: day(row["due_on"])),
    numbers("汇兑损益", "gain or loss", "gain_cny", money),
)
CARRIERS = (
    Column(("物流企业", "carrier"), lambda row: row["logistics_code"] or "–"),
    Column(("目的地", "destination"), lambda row: both(country(row["destination"]))),
    numbers("已放行", "released", "parcels", count),
    numbers(
        "下单至离境（小时，中位）",
        "hours, order to departure",
        "hours_median",
        _hours,
    ),
    numbers("丢失", "lost", "lost", count),
    numbers("重量不符", "weight differs", "weight_differs", count),
    numbers("运费", "freight", "freight_cny", money),
    numbers("每票", "a parcel", "cny_per_parcel", money),
    numbers("每公斤", "a kilogram", "cny_per_kg", money),
)


def _what(row: Row) -> Markup:
    if row["rule_id"]:
        return both((f"{words(row['measure'])[0]} {row['rule_id']}", titles(row["rule_id"])))
    return both(words(row["measure"]))


def _source(row: Row) -> Markup | str:
    if row["measure"] == "first_pass" and row["source_id"] is None:
        return both(("未到", "did not come"))
    return row["source_id"] or ""


SCORES = (
    Column(("指标", "measure"), _what),
    Column(("单证", "list"), lambda row: both(lists(row["list"])) if row["list"] else ""),
    Column(("来源", "source"), _source),
    Column(("本企业", "you"), lambda row: f"{percent(row['share'])} ({row['hits']}/{row['total']})", number=True),
    numbers("同行中位数", "median of peers", "peer_median", percent),
)
