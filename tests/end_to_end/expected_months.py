"""What a month is made of by the simulator's truth, in Python: which lists, which items, which forms and lines."""

from __future__ import annotations

from collections import defaultdict
from decimal import ROUND_HALF_UP, Decimal, localcontext
from typing import TYPE_CHECKING, Any, NamedTuple

from .comparison import truth_rows

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from sandan.home import Home
    from sandan.month import Month

#: what lists of one form, and items of one line, share by the rule of 2018 No. 194
HEAD = "ebc_code transport_mode owner_code country_of_arrival port_code supervision_mode customs_code".split()
BODY = "hs_code country currency unit unit1 unit2".split()
SUMS = "qty qty1 qty2 total_price".split()
LINES_OF_A_FORM = 50
#: customs code → ISO, as announced in 2018 No. 60 et al.; where simulated parcels go
COUNTRIES = {
    "110": "HKG", "116": "JPN", "122": "MYS", "133": "KOR", "303": "GBR", "304": "DEU", "305": "FRA",
    "344": "RUS", "501": "CAN", "502": "USA", "601": "AUS",
}  # fmt: skip


class Expected(NamedTuple):
    """`lists`: key → outcome; members, lines and forms as `found_forms` reads them."""

    lists: dict[tuple[str, str], str]
    partly_returned: int
    members: set[tuple[Any, ...]]
    lines: set[tuple[Any, ...]]
    forms: set[tuple[Any, ...]]


def expected_month(home: Home, month: Month, days: Iterable[date]) -> Expected:
    """What consolidating `month` should make; `days` are those that were simulated."""
    told = [day for day in days if day <= month.last]
    statuses = _statuses(home, told[-1])
    before = _statuses(home, max((day for day in told if day <= month.before.last), default=None))
    exported = _exported(home, told)
    lists = {
        key: "simplified"
        if lines[0]["statistics_flag"] == "A"
        else {"closed": "consolidated", "returned": "returned"}[statuses[key]]
        for key, lines in exported.items()
        if before.get(key) not in {"closed", "returned"}
    }
    returned = {
        (row["ebc_code"], row["cop_no"], row["gnum"]): row["returned_qty"]
        for row in truth_rows(home, told[-1], "returned")
    }
    due = [
        item
        for key, outcome in lists.items()
        if outcome == "consolidated"
        for line in exported[key]
        if (item := _due(line, returned.get((*key, line["gnum"]), Decimal(0))))
    ]
    return Expected(lists, sum(1 for item in due if item["returned_qty"]), *_forms(due))


def found_forms(lake: Any, month: Month) -> tuple[set[tuple[Any, ...]], ...]:
    """Members, lines and forms of a month as published."""
    head = ", ".join(f"forms.{column}" for column in HEAD)
    body = ", ".join(f"lines.{column}" for column in BODY)
    forms_of = "clearance.consolidated_declarations as forms"
    queries = (
        f"""
        select members.ebc_code, cop_no, gnum, {head}, {body}, forms.part_no, line_no, returned_qty,
            members.qty, members.qty1, members.qty2, members.total_price
        from clearance.consolidation_members as members
        join {forms_of} using (month, form_no)
        join clearance.consolidated_items as lines using (month, form_no, line_no)
        """,
        f"""
        select {head}, forms.part_no, line_no, {body}, qty, qty1, qty2, total_price, lines.members
        from clearance.consolidated_items as lines
        join {forms_of} using (month, form_no)
        """,
        f"select {head}, part_no, lines, lists, members, total_prices from {forms_of}",
    )
    members, lines, forms = (lake.execute(f"{query} where month = $1", [str(month)]).fetchall() for query in queries)
    return set(members), set(lines), {(*row[:-1], tuple(sorted(row[-1].items()))) for row in forms}


def _due(line: dict[str, Any], returned: Decimal) -> dict[str, Any] | None:
    """A line less what has come back; nothing where all of it has."""
    whole, rest = line["qty"], line["qty"] - returned
    if returned and rest <= 0:
        return None
    with localcontext(prec=60):
        parts = {
            column: line[column] and (line[column] * rest / whole).quantize(Decimal("0.00001"), ROUND_HALF_UP)
            for column in SUMS
        }
    places = {column: COUNTRIES[line[column]] for column in ("country", "country_of_arrival")}
    return line | parts | places | {"returned_qty": returned}


def _forms(due: list[dict[str, Any]]) -> tuple[set[tuple[Any, ...]], ...]:
    by_form: dict[tuple[Any, ...], list[dict[str, Any]]] = defaultdict(list)
    for item in due:
        by_form[tuple(item[column] for column in HEAD)].append(item)
    members, lines, forms = set(), set(), set()
    for head, items in by_form.items():
        bodies = sorted({_body(item) for item in items}, key=lambda body: [value or "" for value in body])
        places = {
            body: (place // LINES_OF_A_FORM + 1, place % LINES_OF_A_FORM + 1) for place, body in enumerate(bodies)
        }
        for item in items:
            key = (item["ebc_code"], item["cop_no"], item["gnum"])
            amounts = [item[column] for column in ("returned_qty", *SUMS)]
            members.add((*key, *head, *_body(item), *places[_body(item)], *amounts))
        for body, place in places.items():
            on_line = [item for item in items if _body(item) == body]
            lines.add((*head, *place, *body, *(_sum(on_line, column) for column in SUMS), len(on_line)))
        for part in {part for part, _ in places.values()}:
            in_part = [item for item in items if places[_body(item)][0] == part]
            prices = {
                currency: _sum([item for item in in_part if item["currency"] == currency], "total_price")
                for currency in {item["currency"] for item in in_part}
            }
            counts = (
                sum(1 for place in places.values() if place[0] == part),
                len({item["cop_no"] for item in in_part}),
                len(in_part),
            )
            forms.add((*head, part, *counts, tuple(sorted(prices.items()))))
    return members, lines, forms


def _body(item: dict[str, Any]) -> tuple[Any, ...]:
    return tuple(item[column] for column in BODY)


def _sum(items: list[dict[str, Any]], column: str) -> Decimal | None:
    known = [item[column] for item in items if item[column] is not None]
    return sum(known, Decimal(0)) if known else None


def _exported(home: Home, told: list[date]) -> dict[tuple[str, str], list[dict[str, Any]]]:
    """Lines of every export list that has closed."""
    exported: dict[tuple[str, str], list[dict[str, Any]]] = {}
    for day in told:
        of_the_day = defaultdict(list)
        for row in truth_rows(home, day, "exported"):
            of_the_day[row["ebc_code"], row["cop_no"]].append(row)
        exported |= of_the_day
    return exported


def _statuses(home: Home, day: date | None) -> dict[tuple[str, str], str]:
    if not day:
        return {}
    return {(row["ebc_code"], row["cop_no"]): row["status"] for row in truth_rows(home, day, "declarations")}
