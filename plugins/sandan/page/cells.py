"""How values stand on a page, and what columns its tables have."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from markupsafe import Markup

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date
    from decimal import Decimal

Row = dict[str, Any]


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


def count(value: int | None) -> str:
    """A number of things."""
    return "" if value is None else f"{value:,}"


def day(value: date | None) -> Markup | str:
    """A date, in one piece."""
    return "" if value is None else Markup("<b>{}</b>").format(value)


def both(pair: tuple[str, str]) -> Markup:
    """Chinese and English side by side."""
    chinese, english = pair
    shown = Markup('<span lang="zh">{}</span>').format(chinese)
    return shown + Markup(' <span lang="en">{}</span>').format(english) if english else shown


def counted(number: int, chinese: str, english: str) -> tuple[str, str]:
    """A number of things, in both languages."""
    return f"{number:,} {chinese}", f"{number:,} {english}{'' if number == 1 else 's'}"


def numbers(zh: str, en: str, name: str, shown: Callable[[Any], Any] = amount) -> Column:
    """A column of numbers, set to the right: `name` of each row as `shown` writes it."""
    return Column((zh, en), lambda row: shown(row[name]), number=True)
