"""Papers of a form: what customs says of its closing, and what banks say of the money received for it."""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass
from decimal import Decimal
from itertools import groupby
from typing import TYPE_CHECKING

from sandan.simulate.papers.paper import Paper, cents, compact, later, plain

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from sandan.simulate.papers.book import Book
    from sandan.simulate.papers.published import Item, Line

STORIES = (
    "clean", "fees", "clean", "by_list", "deemed", "clean", "short", "enough", "two", "clean", "late", "missing",
    "clean", "other_currency", "reversed", "no_closing", "late_closing", "next_month", "corrected", "clean",
)  # fmt: skip
FOLLOWING = 30  # days
ENOUGH, SHORT = Decimal("0.96"), Decimal("0.9")


def tell_form(book: Book, day: str, lines: Sequence[Line], items: Sequence[Item]) -> None:
    """The papers of one form, `items` those of its lists, from `day` on."""
    story = STORIES[book.turn("form") % len(STORIES)]
    if story != "no_closing":
        book.plan(*_closings(book, day, lines, story))
    for currency, of_currency in groupby(sorted(lines, key=lambda line: line.currency), lambda line: line.currency):
        total = sum((line.total_price for line in of_currency), Decimal(0))
        book.plan(*_TOLD.get(story, _clean)(Payment(book, day, lines[0], currency, total, items)))


def _month_end(line: Line) -> str:
    year, month = (int(part) for part in line.month.split("-"))
    return f"{line.month}-{monthrange(year, month)[1]}"


def _closings(book: Book, day: str, lines: Sequence[Line], story: str) -> Iterator[Paper]:
    first = lines[0]
    exported = later(_month_end(first), 2) if story == "next_month" else _month_end(first)
    head = {
        "formNo": first.form_no,
        "declarationNo": f"{first.customs_code}{first.month.replace('-', '')}{book.turn('declaration') + 1:08d}",
        "exportDate": compact(exported),
        "customsCode": first.customs_code,
        "ebcCode": first.ebc_code,
    }
    items = [
        {
            "gnum": str(line.line_no),
            "gcode": line.hs_code,
            "gname": line.goods_name,
            "qty": plain(line.qty),
            "unit": line.unit,
            "currency": line.currency,
            "totalPrice": plain(line.total_price),
        }
        for line in lines
    ]
    closing = Paper("closing", later(day, FOLLOWING + 15 if story == "late_closing" else 0), head, items)
    yield closing
    if story == "corrected":
        yield closing.again(FOLLOWING, exportDate=compact(later(exported, 1)))


@dataclass(frozen=True, slots=True)
class Payment:
    """What is to be received for the lines of a form in one currency."""

    book: Book
    day: str
    form: Line
    currency: str
    total: Decimal
    items: Sequence[Item]

    def receipt(self, amount: Decimal, days: int = 0, fees: Decimal = Decimal(0), **changes: str) -> Paper:
        """A receipt that is due so many days later; what was netted off is not in the amount."""
        due = later(self.day, days)
        head = {
            "bankCode": "SIMBANK",
            "bankRef": f"FX{self.form.month.replace('-', '')}{self.book.turn('receipt') + 1:07d}",
            "ebcCode": self.form.ebc_code,
            "kind": "R",
            "receivedOn": compact(later(due, -3)),
            "currency": self.currency,
            "amount": plain(amount - fees),
            "nettedFees": plain(fees) if fees else "",
            "payerName": "SIMULATED BUYER",
        }
        return Paper(
            "forex", due, head | changes, [{"gnum": "1", "formNo": self.form.form_no, "amount": plain(amount)}]
        )


def _clean(payment: Payment) -> list[Paper]:
    """All of it, with the closing or on the next day that papers come."""
    return [payment.receipt(payment.total, (0, 16)[payment.book.turn("receipt late") % 2])]


def _fees(payment: Payment) -> list[Paper]:
    """Costs abroad were netted off before."""
    return [payment.receipt(payment.total, 16, cents(payment.total * Decimal("0.08")))]


def _deemed(payment: Payment) -> list[Paper]:
    """Deemed received."""
    return [payment.receipt(payment.total, 16, kind="D", deemedReason="2")]


def _short(payment: Payment) -> list[Paper]:
    """Too little at first, the rest two months later."""
    first = cents(payment.total * SHORT)
    return [payment.receipt(first), payment.receipt(payment.total - first, 2 * FOLLOWING)]


def _enough(payment: Payment) -> list[Paper]:
    """Less, within what is let pass."""
    return [payment.receipt(cents(payment.total * ENOUGH))]


def _two(payment: Payment) -> list[Paper]:
    """In two halves."""
    half = cents(payment.total / 2)
    return [payment.receipt(half), payment.receipt(payment.total - half, FOLLOWING)]


def _late(payment: Payment) -> list[Paper]:
    """After 30 April of the year after."""
    received = f"{int(_month_end(payment.form)[:4]) + 1}-05-01"
    paper = payment.receipt(payment.total, receivedOn=compact(received))
    paper.due = later(received, 1)
    return [paper]


def _other_currency(payment: Payment) -> list[Paper]:
    """As much of another currency."""
    return [payment.receipt(payment.total, currency="110" if payment.currency != "110" else "502")]


def _by_list(payment: Payment) -> list[Paper]:
    """Received for each list of the form."""
    prices: dict[str, Decimal] = {}
    for item in payment.items:
        prices[item.cop_no] = prices.get(item.cop_no, Decimal(0)) + item.total_price
    paper = payment.receipt(sum(prices.values(), Decimal(0)))
    paper.items = [
        {"gnum": str(number), "copNo": cop_no, "amount": plain(price)}
        for number, (cop_no, price) in enumerate(prices.items(), start=1)
    ]
    return [paper]


def _reversed(payment: Payment) -> list[Paper]:
    """The bank takes it back."""
    paper = payment.receipt(payment.total)
    return [paper, paper.again(2 * FOLLOWING, "3")]


_TOLD: dict[str, Callable[[Payment], list[Paper]]] = {
    "fees": _fees,
    "deemed": _deemed,
    "short": _short,
    "enough": _enough,
    "two": _two,
    "late": _late,
    "missing": lambda _: [],
    "other_currency": _other_currency,
    "by_list": _by_list,
    "reversed": _reversed,
}
