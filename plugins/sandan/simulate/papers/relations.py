"""Claims of an enterprise: lines of forms and of invoices tied by a relation number, and what goes wrong with them."""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING

from sandan.simulate.papers.firms import Firm, supplier
from sandan.simulate.papers.paper import Elements, Paper, cents, compact, later, plain

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from sandan.simulate.papers.book import Book
    from sandan.simulate.papers.published import Line

FOLLOWING = 30  # days
MOST_LINES = 3


@dataclass(slots=True)
class Relation:
    """What an enterprise claims together, with its papers before a story changes them."""

    book: Book
    day: str
    firm: Firm
    lines: Sequence[Line]
    number: str
    invoices: list[Paper] = field(default_factory=list)
    claims: list[Paper] = field(default_factory=list)
    purchases: list[Paper] = field(default_factory=list)

    @property
    def qty(self) -> Decimal:
        """What the forms have of the goods, in the declared unit."""
        return sum((line.qty for line in self.lines), Decimal(0))

    def claim(self, line: Line) -> Paper:
        """The claim of a line of a form; of most goods in an overseas warehouse ahead of their sale."""
        head = {
            "taxpayerId": self.firm.taxpayer_id,
            "relationNo": self.number,
            "formNo": line.form_no,
            "lineNo": str(line.line_no),
            "period": compact(self.day)[:6],
        }
        if line.supervision_mode == "9810" and self.book.turn("overseas") % 3 < 2:  # noqa: PLR2004
            head["businessType"] = "HWC-YT"
            tell_sales(self.book, self.day, line)
        return Paper("export_claim", self.day, head)

    def purchase(self, invoice: Paper, line: int = 1, number: str = "", days: int = 0) -> Paper:
        """The claim of a line of an invoice."""
        due = later(self.day, days)
        head = {
            "taxpayerId": self.firm.taxpayer_id,
            "relationNo": number or self.number,
            "invoiceCode": invoice.head["invoiceCode"],
            "invoiceNo": invoice.head["invoiceNo"],
            "invoiceLine": str(line),
            "period": compact(due)[:6],
        }
        return Paper("purchase_claim", due, head)

    def invoice(self, *quantities: Decimal, days: int = 0, unit: str = "", rate: str = "0.13") -> Paper:
        """An invoice of a line each quantity, of the goods of the relation."""
        turn = self.book.turn("invoice") + 1
        cost = Decimal(random.Random(f"cost {self.number} {turn}").randrange(312, 9_876)) / 100
        items = []
        for number, qty in enumerate(quantities, start=1):
            net = cents(qty * cost)
            items.append(
                {
                    "gnum": str(number),
                    "goodsName": self.lines[0].goods_name,
                    "unit": unit or self.lines[0].unit,
                    "qty": plain(qty),
                    "netAmount": plain(net),
                    "taxRate": rate,
                    "taxAmount": plain(cents(net * Decimal(rate))),
                }
            )
        head = {
            "invoiceCode": "",
            "invoiceNo": f"{self.day[2:4]}99{turn:016d}",
            "kind": "S",
            "issuedOn": compact(later(self.day, days - 2)),
            "sellerId": supplier(turn),
            "buyerId": self.firm.taxpayer_id,
            "state": "N",
        }
        return Paper("invoice", later(self.day, days), head | _sums(items), items)

    def put(self) -> None:
        """All papers into the book."""
        self.book.plan(*self.invoices, *self.claims, *self.purchases)


def tell_relations(book: Book, day: str, firm: Firm, lines: Sequence[Line]) -> None:
    """The claims of an enterprise for the lines of its new forms."""
    groups: list[list[Line]] = []
    for line in sorted(lines, key=lambda line: (line.hs_code, line.form_no, line.line_no)):
        last = groups[-1] if groups else []
        if last and last[0].hs_code == line.hs_code and len(last) < MOST_LINES:
            last.append(line)
        else:
            groups.append([line])
    while groups:
        story = "clean" if firm.manufactures else _STORIES[book.turn("relation") % len(_STORIES)]
        if firm.in_zone and book.turn("zone relation") % 2:
            groups.pop(0)
            continue
        of_group = groups.pop(0)
        if story == "mixed" and groups:
            of_group = of_group + groups.pop(0)[:1]
        number = f"{firm.code[-4:]}{compact(day)[:6]}{book.turn('number') + 1:06d}"
        relation = Relation(book, day, firm, of_group, number)
        relation.claims = [relation.claim(line) for line in of_group]
        if firm.manufactures:
            _tell_return(relation)
        else:
            relation.invoices = [relation.invoice(relation.qty, days=(0, 0, 16)[book.turn("invoice late") % 3])]
            relation.purchases = [relation.purchase(relation.invoices[0])]
            _TOLD[story](relation)
        relation.put()


def tell_sales(book: Book, day: str, line: Line) -> None:
    """Sales from an overseas warehouse of what a line sent there."""
    story = ("all", "part", "late", "none")[book.turn("sales") % 4]
    part = (line.qty * Decimal("0.4")).to_integral_value()
    parts = {"all": (part, line.qty - part), "part": (part,), "late": (part,), "none": ()}[story]
    for number, qty in enumerate(parts, start=1):
        sold = later(day, 20 * number)
        if story == "late":
            sold = f"{int(line.month[:4]) + 1}-05-01"
        head = {
            "ebcCode": line.ebc_code,
            "saleNo": f"SALE{book.turn('sale') + 1:07d}",
            "formNo": line.form_no,
            "lineNo": str(line.line_no),
            "soldOn": compact(sold),
            "qty": plain(qty),
            "amount": plain(cents(line.total_price * qty / line.qty)),
            "currency": line.currency,
        }
        book.plan(Paper("overseas_sale", sold, head))


def _tell_return(relation: Relation) -> None:
    """The VAT return of the month in which a manufacturer claims, once."""
    period = relation.claims[0].head["period"]
    known = f"return {relation.firm.taxpayer_id} {period}"
    if known in relation.book.seen:
        return
    relation.book.seen.add(known)
    turn = relation.book.turn("return")
    head = {
        "taxpayerId": relation.firm.taxpayer_id,
        "period": period,
        "endingCredit": ("1534.57", "25.31", "88000", "0")[turn % 4],
        "dutyFreeMaterial": ("", "", "123.45")[turn % 3],
    }
    paper = Paper("vat_return", later(relation.day, (0, 16, FOLLOWING)[turn % 3]), head)
    relation.book.plan(paper)
    if turn % 4 == 1:
        relation.book.plan(paper.again(2 * FOLLOWING, endingCredit="612.4"))


def _sums(items: Sequence[Elements]) -> Elements:
    return {
        total: plain(sum((Decimal(item[total]) for item in items), Decimal(0))) for total in ("netAmount", "taxAmount")
    }


def _clean(relation: Relation) -> None:
    """Every paper agrees."""
    if relation.firm.kind in {"small", "small zone"}:
        _ordinary(relation)


def _two_invoices(relation: Relation) -> None:
    """Two invoices of a part each."""
    part = (relation.qty / 3).quantize(Decimal("0.001"))
    relation.invoices = [relation.invoice(part), relation.invoice(relation.qty - part, days=16)]
    relation.purchases = [relation.purchase(invoice) for invoice in relation.invoices]


def _old_invoice(relation: Relation) -> None:
    """An invoice with a code, from before electronic ones."""
    head = relation.invoices[0].head
    head |= {"invoiceCode": "3300204130", "invoiceNo": head["invoiceNo"][-8:]}
    relation.purchases = [relation.purchase(relation.invoices[0])]


def _legal_unit(relation: Relation) -> None:
    """The invoice counts in the first legal unit."""
    qty = sum((line.qty1 for line in relation.lines), Decimal(0))
    relation.invoices = [relation.invoice(qty, unit=relation.lines[0].unit1)]
    relation.purchases = [relation.purchase(relation.invoices[0])]


def _more(relation: Relation) -> None:
    """The enterprise bought more than it exports."""
    relation.invoices = [relation.invoice(relation.qty * Decimal("1.5"), Decimal(7))]
    relation.purchases = [relation.purchase(relation.invoices[0])]


def _reduced(relation: Relation) -> None:
    """A supplier that is a small taxpayer: the rate of its invoice is lower than the rebate."""
    relation.invoices = [relation.invoice(relation.qty, rate="0.03")]
    relation.purchases = [relation.purchase(relation.invoices[0])]


def _changed(**changes: str) -> Callable[[Relation], None]:
    def story(relation: Relation) -> None:
        relation.invoices[0].head |= changes

    return story


def _changed_line(**changes: str) -> Callable[[Relation], None]:
    def story(relation: Relation) -> None:
        relation.invoices[0].items[0] |= changes

    return story


def _changed_later(**changes: str) -> Callable[[Relation], None]:
    def story(relation: Relation) -> None:
        relation.invoices.append(relation.invoices[0].again(FOLLOWING, **changes))

    return story


def _name_later(relation: Relation) -> None:
    """The invoice is issued again with the right name."""
    relation.invoices.append(relation.invoices[0].again(FOLLOWING))
    _changed_line(goodsName="小商品")(relation)


def _less(relation: Relation) -> None:
    """Less is invoiced than exported."""
    relation.invoices = [relation.invoice(relation.qty - 1)]
    relation.purchases = [relation.purchase(relation.invoices[0])]


def _less_at_first(relation: Relation) -> None:
    """The invoice of the rest comes later."""
    _less(relation)
    relation.invoices.append(relation.invoice(Decimal(1), days=FOLLOWING))
    relation.purchases.append(relation.purchase(relation.invoices[1], days=FOLLOWING))


def _red(relation: Relation) -> None:
    """A red-letter invoice offsets what was rebated."""
    first = relation.invoices[0]
    red = relation.invoice(relation.qty, days=2 * FOLLOWING)
    red.head |= {"redOfCode": first.head["invoiceCode"], "redOfNo": first.head["invoiceNo"]}
    for values in (red.head, *red.items):
        values |= {name: f"-{values[name]}" for name in ("netAmount", "taxAmount", "qty") if name in values}
    relation.invoices.append(red)


def _stale(relation: Relation) -> None:
    """An older version comes after the newer one, and changes nothing."""
    older = relation.invoices[0].again(0, state="V")
    relation.book.plan(older)
    older.due = later(relation.day, FOLLOWING)
    relation.invoices[0].due = later(relation.day, 1)


def _ordinary(relation: Relation) -> None:
    """An ordinary invoice: no rebate, but a lawful voucher."""
    relation.invoices[0].head["kind"] = "O"


def _no_invoice(relation: Relation) -> None:
    """The invoice is claimed, and the tax office knows of none."""
    relation.invoices = []


def _no_purchase(relation: Relation) -> None:
    """There is an invoice, and no claim of it."""
    relation.purchases = []


def _twice(relation: Relation) -> None:
    """A line of the invoice is claimed in another relation too."""
    relation.purchases.append(relation.purchase(relation.invoices[0], number=f"{relation.number}X", days=FOLLOWING))


def _line_twice(relation: Relation) -> None:
    """A line of a form is claimed in another relation too, and that claim is withdrawn."""
    again = relation.claims[0].again(FOLLOWING, "1", relationNo=f"{relation.number}X")
    relation.claims += [again, again.again(FOLLOWING, "3")]


def _no_claim(relation: Relation) -> None:
    """Nothing is claimed."""
    relation.claims = []


def _late_claim(relation: Relation) -> None:
    """The claim comes after its papers."""
    for claim in relation.claims:
        claim.due = later(claim.due, FOLLOWING)
        claim.head["period"] = compact(claim.due)[:6]


def _withdrawn_claim(relation: Relation) -> None:
    """One line of the claim is withdrawn."""
    relation.claims.append(relation.claims[0].again(2 * FOLLOWING, "3"))


def _supplier_held(relation: Relation) -> None:
    """The tax office writes to the supplier's office, and is answered."""
    opened = later(relation.day, FOLLOWING)
    head = {
        "holdNo": f"H{relation.number}",
        "kind": "S",
        "subject": relation.invoices[0].head["sellerId"],
        "reason": "3",
        "openedOn": compact(opened),
    }
    hold = Paper("hold", opened, head)
    relation.book.plan(hold, hold.again(FOLLOWING, closedOn=compact(later(opened, FOLLOWING))))


def _shared(relation: Relation) -> None:
    """Two relations take a line each of one invoice."""
    if len(relation.lines) == 1:
        return
    first, other = relation.lines[0].qty, f"{relation.number}B"
    relation.invoices = [relation.invoice(first, relation.qty - first)]
    relation.purchases = [relation.purchase(relation.invoices[0]), relation.purchase(relation.invoices[0], 2, other)]
    for claim in relation.claims[1:]:
        claim.head["relationNo"] = other


_TOLD: dict[str, Callable[[Relation], None]] = {
    "clean": _clean,
    "two_invoices": _two_invoices,
    "old_invoice": _old_invoice,
    "legal_unit": _legal_unit,
    "more": _more,
    "import_slip": _changed(kind="I"),
    "reduced": _reduced,
    "name": _changed_line(goodsName="小商品"),
    "name_later": _name_later,
    "unit": _changed_line(unit="120"),
    "quantity": _less,
    "quantity_later": _less_at_first,
    "red": _red,
    "void": _changed_later(state="V"),
    "abnormal": _changed(state="A"),
    "buyer": _changed(buyerId="91990000MASIM99999"),
    "stale": _stale,
    "ordinary": _ordinary,
    "no_invoice": _no_invoice,
    "no_purchase": _no_purchase,
    "twice": _twice,
    "line_twice": _line_twice,
    "mixed": _clean,
    "no_claim": _no_claim,
    "late_claim": _late_claim,
    "withdrawn_claim": _withdrawn_claim,
    "supplier_held": _supplier_held,
    "shared": _shared,
}
#: a clean relation after every second story
_STORIES = tuple(name for number, story in enumerate(_TOLD) for name in ((story,) if number % 2 else (story, "clean")))
