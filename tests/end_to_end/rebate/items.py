"""An exported item and the relation it is claimed in, with what follows from dates and quantities alone."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from fractions import Fraction
from typing import Any

from .papers import number

CAP_MONTHS = 36
NEW_LAW = date(2026, 1, 1)

Key = tuple[str, str, int]


def rounded(value: Fraction, decimals: int) -> Fraction:
    """Half away from zero."""
    scaled = abs(value) * 10**decimals
    whole = (2 * scaled.numerator + scaled.denominator) // (2 * scaled.denominator)
    return Fraction(whole, 10**decimals) * (-1 if value < 0 else 1)


def months_later(day: date, months: int) -> date:
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    last = (date(year + (month == 11), (month + 1) % 12 + 1, 1) - timedelta(1)).day
    return date(year, month + 1, min(day.day, last))


@dataclass
class Item:
    """An exported item with what belongs to it; what is not there is None."""

    key: Key
    listed: dict[str, Any]
    form_no: str | None = None
    line_no: int | None = None
    closed: bool = False
    goods_name: str = ""
    export_date: date = NEW_LAW
    taxpayer: dict[str, str] | None = None
    rate: dict[str, str] | None = None
    relation: str | None = None
    period: str | None = None
    overseas: bool = False
    sold: Fraction = Fraction(0)
    received: Fraction = Fraction(0)
    findings: dict[str, str] = field(default_factory=dict)
    base: Fraction | None = None
    refund: Fraction = Fraction(0)
    verdict: str = ""
    state: str = ""
    granted: bool = False

    @property
    def old_law(self) -> bool:
        return self.export_date < NEW_LAW

    @property
    def claim_by(self) -> date:
        return date(self.export_date.year + 1, 4, 30)

    @property
    def cap(self) -> date | None:
        return None if self.old_law else months_later(self.export_date, CAP_MONTHS)

    @property
    def taxpayer_id(self) -> str | None:
        return self.taxpayer["taxpayerId"] if self.taxpayer else None

    @property
    def method(self) -> str:
        return (self.taxpayer or {}).get("rebateMethod") or "T"

    @property
    def rebate_rate(self) -> Fraction | None:
        return number(self.rate["tsl"]) / 100 if self.rate and self.rate["tsl"] else None

    @property
    def flag(self) -> str:
        return (self.rate or {}).get("tsflag", "")

    @property
    def qty(self) -> Fraction:
        return Fraction(self.listed["qty"])

    @property
    def remaining(self) -> Fraction:
        return self.qty - Fraction(self.listed["returned_qty"])

    @property
    def due(self) -> Fraction:
        """Price of what did not come back."""
        return rounded(Fraction(self.listed["total_price"]) * self.remaining / self.qty, 5)

    @property
    def place(self) -> tuple[Any, ...]:
        """The order in which items share."""
        return (self.form_no or "", self.line_no or 0, f"{self.key[0]}\x1f{self.key[1]}", self.key[2])

    @property
    def reasons(self) -> list[str]:
        """The rules that made the verdict."""
        made = {"blocked": {"block"}, "taxed": {"tax"}, "exempt": {"exempt"}}.get(self.verdict, {"pending", "exclude"})
        return sorted(rule for rule, action in self.findings.items() if action in made)

    def deadline(self, day: date) -> date | None:
        """The next day by which something has to be there."""
        waits = self.verdict == "pending" or (self.verdict == "rebate" and self.overseas and not self.settled(day))
        if not waits:
            return None
        return self.claim_by if day <= self.claim_by else self.cap if self.cap and day <= self.cap else None

    def settled(self, day: date) -> bool:
        return self.overseas and (self.sold >= self.remaining or day > self.claim_by)

    def claimable(self, day: date) -> Fraction:
        return self.sold if self.overseas and day > self.claim_by else self.remaining

    def part(self, column: str, day: date) -> Fraction:
        """What of a column falls to what can be claimed."""
        return rounded(Fraction(self.listed[column] or 0) * self.claimable(day) / self.qty, 5)

    def quantity_in(self, unit: str, day: date) -> Fraction | None:
        for name in ("unit", "unit1", "unit2"):
            if self.listed[name] == unit:
                return self.part(name.replace("unit", "qty"), day)
        return None


@dataclass
class Before:
    """What the run before left of an item."""

    verdict: str | None = None
    state: str = "open"
    refund: Fraction = Fraction(0)
    returned: Fraction = Fraction(0)
    taxpayer_id: str | None = None
    period: str | None = None


@dataclass
class Relation:
    """Invoice lines behind the items of a relation."""

    items: list[Item]
    lines: list[dict[str, Any]] = field(default_factory=list)

    @property
    def known(self) -> list[dict[str, Any]]:
        return [line for line in self.lines if line["item"]]

    @property
    def valid(self) -> list[dict[str, Any]]:
        return [line for line in self.known if not line["fault"]]

    @property
    def unit(self) -> str | None:
        units = {line["unit"] for line in self.known}
        return min(units) if len(units) == 1 else None

    def total(self, name: str) -> Fraction:
        return sum((number(line["item"][name]) for line in self.known), Fraction(0))
