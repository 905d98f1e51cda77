"""From a sender's habits to the text of the national standard, element by element.

A conversion that does not succeed passes the text on as it came: the record rules (FMT03, FMT04) then quarantine the
record with a reason. A converter drops nothing and guesses nothing.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone
from decimal import Context, Decimal, Inexact
from functools import lru_cache

BEIJING = timezone(timedelta(hours=8))
_BLANKS = " \t\r\n"
_EXCEL_TEXT = re.compile(r'="(.*)"', re.DOTALL)
_NUMBER = re.compile(r"[+-]?[0-9]+(?:\.[0-9]+)?")
_EXACT = Context(prec=200, traps=[Inexact])
_TIME_BY_LENGTH = {8: "%Y%m%d", 14: "%Y%m%d%H%M%S"}


@dataclass(frozen=True)
class Column:
    """How one element comes from one column (`source`) or is always the same (`constant`)."""

    element: str
    column: str
    source: str | None = None
    constant: str | None = None
    values: dict[str, str] = field(default_factory=dict)
    time: str | None = None
    time_length: int = 14
    thousands: str | None = None
    scale: Decimal | None = None

    def convert(self, text: str) -> str:
        """The national text of a cell; an empty cell stays empty."""
        text = bare(text)
        if not text:
            return text
        if self.values:
            text = self.values.get(text, text)
        if self.time:
            text = national_time(text, self.time, self.time_length)
        if self.thousands:
            text = without_thousands(text, self.thousands)
        if self.scale is not None:
            text = scaled(text, self.scale)
        return text


def bare(text: str) -> str:
    """The content of a cell, without blanks around it and without the `="…"` by which a spreadsheet keeps digits."""
    text = text.strip(_BLANKS)
    excel = _EXCEL_TEXT.fullmatch(text)
    return excel[1].strip(_BLANKS) if excel else text


@lru_cache(maxsize=10_000)
def national_time(text: str, pattern: str, length: int) -> str:
    """`YYYYMMDDhhmmss` (length 14) or `YYYYMMDD` (8), Beijing local; a time with a zone is brought there."""
    try:
        moment = datetime.strptime(text, pattern)
        if moment.tzinfo:
            moment = moment.astimezone(BEIJING)
    except (ValueError, OverflowError):
        return text
    return moment.strftime(_TIME_BY_LENGTH[length])


def without_thousands(text: str, separator: str) -> str:
    """`1,234.50` → `1234.50`; anything not grouped by threes is left alone."""
    if separator not in text:
        return text
    grouped = rf"[+-]?[0-9]{{1,3}}(?:{re.escape(separator)}[0-9]{{3}})+(?:\.[0-9]+)?"
    return text.replace(separator, "") if re.fullmatch(grouped, text) else text


def scaled(text: str, scale: Decimal) -> str:
    """The number times `scale`, exactly; a text that is no plain number is left alone."""
    if not _NUMBER.fullmatch(text):
        return text
    try:
        return format(_EXACT.multiply(Decimal(text), scale), "f")
    except Inexact:
        return text
