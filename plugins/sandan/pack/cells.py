"""How values stand in a report, and which columns its tables have."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from markupsafe import Markup

from sandan.pack.words import country, currency, lists, titles, words

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date

Row = dict[str, Any]
#: days left from which on a due day stands out
SOON = 7


@dataclass(frozen=True)
class Column:
    """A column of a table on the page: its title in both languages and what a cell shows of a row."""

    title: tuple[str, str]
    show: Callable[[Row], Any]
    number: bool = False


def money(value: Decimal | None) -> str:
    """CNY to the cent."""
    return "" if value is None else f"{'−' if value < 0 else ''}¥{abs(value):,.2f}"


def amount(value: Decimal | None) -> str:
    """An amount in a currency that stands elsewhere."""
    return "" if value is None else f"{value:,.2f}"


def percent(value: Decimal | float | None) -> str:
    """A share of 1."""
    return "" if value is None else f"{value:.1%}"


def both(pair: tuple[str, str]) -> Markup:
    """Chinese and English side by side."""
    chinese, english = pair
    shown = Markup('<span lang="zh">{}</span>').format(chinese)
    return shown + Markup(' <span lang="en">{}</span>').format(english) if english else shown


def counted(count: int, chinese: str, english: str) -> tuple[str, str]:
    """A number of things, in both languages."""
    return f"{count:,} {chinese}", f"{count:,} {english}{'' if count == 1 else 's'}"


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


def _count(value: int | None) -> str:
    return "" if value is None else f"{value:,}"


def _hours(value: Decimal | None) -> str:
    return "" if value is None else f"{value:,.0f}"


def _day(value: date | None) -> Markup | str:
    return "" if value is None else Markup("<b>{}</b>").format(value)


def _number(zh: str, en: str, name: str, shown: Callable[[Any], str] = amount) -> Column:
    return Column((zh, en), lambda row: shown(row[name]), number=True)


def _which(row: Row) -> str:
    return " · ".join(str(row[name]) for name in ("cop_no", "gnum", "form_no", "logistics_no") if row[name] is not None)


TODO = (
    Column(("期限", "due"), due),
    _number("金额", "at stake", "money_cny", money),
    Column(("谁来办", "who acts"), lambda row: both(words(row["party"]))),
    Column(("做什么", "what to do"), lambda row: both((row["remedy_zh"], row["remedy_en"]))),
    Column(("哪一票", "which"), _which),
    Column(("规则与所见", "rule and finding"), lambda row: f"{row['rule_id']} {row['detail'] or ''}"),
)
WEEKS = (
    Column(("预计到账周", "week of"), lambda row: _day(row["week"])),
    _number("合计", "refund", "refund_cny", money),
    _number("单证已齐", "complete", "complete_cny", money),
    _number("待补单证", "papers missing", "incomplete_cny", money),
    _number("商品项", "items", "items", _count),
)
FOREX = (
    Column(("币种", "currency"), lambda row: both(currency(row["currency"]))),
    _number("申报", "declared", "declared"),
    _number("退货", "came back", "returned"),
    _number("已收汇", "received", "received"),
    _number("轧差费用", "netted fees", "netted"),
    _number("未收汇", "open", "open"),
    _number("其中逾期", "overdue", "overdue"),
    Column(("最早期限", "first due"), lambda row: _day(row["due_on"])),
    _number("汇兑损益", "gain or loss", "gain_cny", money),
)
CARRIERS = (
    Column(("物流企业", "carrier"), lambda row: row["logistics_code"] or "–"),
    Column(("目的地", "destination"), lambda row: both(country(row["destination"]))),
    _number("已放行", "released", "parcels", _count),
    _number(
        "下单至离境（小时，中位）",
        "hours, order to departure",
        "hours_median",
        _hours,
    ),
    _number("丢失", "lost", "lost", _count),
    _number("重量不符", "weight differs", "weight_differs", _count),
    _number("运费", "freight", "freight_cny", money),
    _number("每票", "a parcel", "cny_per_parcel", money),
    _number("每公斤", "a kilogram", "cny_per_kg", money),
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
    _number("同行中位数", "median of peers", "peer_median", percent),
)
