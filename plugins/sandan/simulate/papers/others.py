"""Papers that follow no claim: holds, registrations with a pilot zone, inspections, and goods that come back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sandan.simulate.papers.firms import ZONE, Firm, firms
from sandan.simulate.papers.paper import Elements, Paper, compact, later, plain

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from sandan.simulate.papers.book import Book
    from sandan.simulate.papers.published import Item

FOLLOWING = 30  # days
HELD_GOODS = "6110"
UNIT_NAMES = {"001": "台", "007": "个", "011": "件", "025": "双", "140": "盒"}
REGISTRATIONS = (
    "equal", "price", "equal", "name", "unit_name", "qty", "equal", "zone", "date", "withdrawn", "amount", "corrected",
)  # fmt: skip


def holds(day: str) -> Iterator[Paper]:
    """An enterprise and some goods, held for some weeks."""
    firm = [firm for firm in firms().values() if firm.kind == "trader"][2]
    for kind, subject, reason, first, last in (
        ("E", firm.taxpayer_id, "1", 40, 100),
        ("G", HELD_GOODS, "4", 50, 85),
    ):
        opened = later(day, first)
        head = {"holdNo": f"H{kind}", "kind": kind, "subject": subject, "reason": reason, "openedOn": compact(opened)}
        hold = Paper("hold", opened, head)
        yield hold
        yield hold.again(last - first, closedOn=compact(later(day, last)))


def tell_list(book: Book, day: str, firm: Firm, items: Sequence[Item]) -> None:
    """The papers of one closed list, from `day` on."""
    turn = book.turn("list")
    if turn % 7 == 0:
        book.plan(*_inspections(day, items, "P" if turn % 4 else "F" if turn % 8 else "H"))
    if firm.in_zone:
        for item in items:
            if item.statistics_flag == "A" or book.turn("zone list") % 2:
                book.plan(*_registered(book, day, item))
    if any(item.form_no for item in items) and items[0].invt_no and turn % 6 == 1:
        book.plan(_return(book, later(day, 2 * FOLLOWING), items, whole=turn % 4 == 1))


def _inspections(day: str, items: Sequence[Item], result: str) -> Iterator[Paper]:
    first = items[0]
    head = {
        "ebcCode": first.ebc_code,
        "copNo": first.cop_no,
        "inspectionNo": "1",
        "result": result,
        "inspectedOn": compact(first.closed_on),
        "qty": plain(sum((item.qty for item in items[1:]), first.qty)),
        "grossWeight": plain(first.gross_weight_kg),
    }
    paper = Paper("inspection", day, head)
    yield paper
    if result == "H":
        passed = later(day, FOLLOWING)
        yield paper.again(FOLLOWING, "1", inspectionNo="2", result="P", inspectedOn=compact(passed))


def _registered(book: Book, day: str, item: Item) -> Iterator[Paper]:
    story = REGISTRATIONS[book.turn("registration") % len(REGISTRATIONS)]
    head = {
        "ebcCode": item.ebc_code,
        "copNo": item.cop_no,
        "gnum": str(item.gnum),
        "zoneCode": ZONE,
        "exportDate": compact(item.closed_on),
        "goodsName": item.goods_name,
        "unit": item.unit,
        "qty": plain(item.qty),
        "price": plain(item.price),
        "amount": plain(item.total_price),
    }
    changes: dict[str, Elements] = {
        "price": {"price": plain(item.price + 1)},
        "name": {"goodsName": "小商品"},
        "unit_name": {"unit": UNIT_NAMES.get(item.unit, item.unit)},
        "qty": {"qty": plain(item.qty + 1)},
        "zone": {"zoneCode": "330200"},
        "date": {"exportDate": compact(later(item.closed_on, 1))},
        "amount": {"amount": plain(item.total_price + 1)},
        "corrected": {"amount": plain(item.total_price + 1)},
    }
    paper = Paper("zone_registration", day, head | changes.get(story, {}))
    yield paper
    if story == "withdrawn":
        yield paper.again(FOLLOWING, "3")
    elif story == "corrected":
        yield paper.again(FOLLOWING, amount=head["amount"])


def _return(book: Book, day: str, items: Sequence[Item], *, whole: bool) -> Paper:
    """CEB213: one piece comes back, or all of the list."""
    first = items[0]
    head = {
        "guid": f"SIMULATED-RETURN-{book.turn('return of goods'):019d}",
        "appType": "1",
        "appTime": f"{compact(day)}080000",
        "appStatus": "2",
        "customsCode": first.customs_code,
        "ebcCode": first.ebc_code,
        "invtNo": first.invt_no or "",
    }
    lines = [
        {
            "gnum": str(item.gnum),
            "gcode": item.hs_code,
            "gname": item.goods_name,
            "qty": plain(item.qty) if whole else "1",
            "qty1": plain(item.qty1),
            "unit": item.unit,
            "unit1": item.unit1,
        }
        for item in (items if whole else items[:1])
    ]
    return Paper("return", day, head, lines)
