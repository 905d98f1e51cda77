"""Goods that come back: CEB625 for imports, CEB213 for exports."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sandan.simulate.imports import set_lines
from sandan.simulate.sheet import Sheet
from sandan.simulate.sink import EXTRA
from sandan.simulate.spoil import spoil
from sandan.simulate.stories.told import Told, add_amount, story
from sandan.simulate.stories.versions import application_head, list_number
from sandan.simulate.teller import ARRIVES_LATE, ASKED_LATE, DAY

if TYPE_CHECKING:
    from sandan.simulate.case import Case

ASKED_IN_TIME = 20  # days after the release, though the goods arrive late


@story("back")
def back(told: Told) -> None:
    """Released, closed the next day, and what comes back comes the day after or much later."""
    case = _case(told)
    told.send(case)
    told.expect(case)
    told.t.closes(case, 1)
    _BACK.get(told.detail, _no_effect)(told, case)
    if told.detail == "changed":
        told.t.send(told.change(case.declaration, 0, 3), 3, EXTRA, "quarantined", ("VER04",))


@story("back_open")
def back_open(told: Told) -> None:
    """Returned before the event that would close it: it is not closed any more."""
    case = _case(told)
    told.send(case)
    told.expect(case)
    _all_back(told, case, 1)
    told.t.leaves(case, 2)


@story("back_waits")
def back_waits(told: Told) -> None:
    """A return finds its declaration waiting, and takes effect with the release."""
    case = _case(told)
    told.send(case, "payment")
    told.expect(case)
    comes_back(told, case, all_of(case), 1)
    told.t.send(told.t.resend(case.payments[0], "1", told.second, 2), 2)
    told.t.decide(case, "returned", (), 2)
    told.t.returned(case, all_of(case), in_time=True, due=2)


@story("back_early")
def back_early(told: Told) -> None:
    """A return of what is not declared yet waits for it."""
    case = _case(told)
    told.send(case, "declaration")
    comes_back(told, case, all_of(case), 0)
    told.t.send(told.t.resend(case.declaration, "1", told.second, 1), 1)
    told.t.decide(case, "returned", (), 1)
    told.t.returned(case, all_of(case), in_time=True, due=1)


@story("back_review")
def back_review(told: Told) -> None:
    """What is in review cannot come back."""
    case = _case(told)
    case.waybill.head["packNo"] = "2"
    told.send(case)
    told.expect(case)
    comes_back(told, case, all_of(case), 1)


@story("assortment")
def assortment(told: Told) -> None:
    """One enterprise sends one of everything to one country, twice, paid in two currencies; some of it comes back."""
    first = told.t.case("E", told.number, told.second, national=True, wholesale=True)
    second = told.t.case("E", told.number + 1, told.second + 180, national=True, wholesale=True)
    _same_form(first, second)
    for case in (first, second):
        case.declaration.head["invtNo"] = list_number(told, case)
        for item in case.declaration.items:
            add_amount(item, "totalPrice", 1)  # so that a part of it is no whole number of cents
        told.send(case)
        told.t.decide(case, "released")
        told.t.closes(case, 1)
    back = {item["gnum"]: 3 for item in first.declaration.items[:5]}
    whole = first.declaration.items[5]
    back[whole["gnum"]] = int(whole["qty"])
    comes_back(told, first, back, 2)
    told.t.returned(first, back, in_time=True, due=2)


def _same_form(first: Case, second: Case) -> None:
    """Give the second what the first has in common with all lists of its form, and another currency."""
    common = "ebcCode ebcName ownerCode ownerName country POD customsCode portCode".split()
    for sheet in (second.order, *second.payments, second.waybill, second.declaration):
        sheet.head |= {element: first.declaration.head[element] for element in common if element in sheet.head}
    currency = "142" if first.order.head["currency"] != "142" else "502"
    for record in (second.order.head, second.payments[0].head, *second.order.items, *second.declaration.items):
        record["currency"] = currency
    for item in second.declaration.items:
        item["country"] = first.declaration.head["country"]


def all_of(case: Case) -> dict[str, int]:
    """Every line with its whole quantity."""
    return {item["gnum"]: int(item["qty"]) for item in case.declaration.items}


def comes_back(told: Told, case: Case, quantities: dict[str, int], due: int, asked: int | None = None) -> Sheet:
    """Send a return of so much of each line; asked for on another day than it arrives where `asked` says so."""
    sheet = application(told, case, quantities, told.second + DAY * (due if asked is None else asked))
    told.t.send(sheet, due)
    return sheet


def application(told: Told, case: Case, quantities: dict[str, int], second: int) -> Sheet:
    """A return of the case's declaration, not sent yet."""
    of = case.declaration.head
    names = "ebpCode ebpName ebcCode ebcName logisticsNo logisticsCode logisticsName".split()
    head = application_head(told, case, second)
    head |= {name: of[name] for name in names}
    head |= {"preNo": "", "invtNo": of.get("invtNo") or list_number(told, case), "reason": "客户退货", "note": ""}
    head |= {name: of[name] for name in ("agentCode", "agentName")}
    items = [
        {
            "gnum": item["gnum"],
            "gcode": item["gcode"],
            "gname": item["gname"],
            "qty": str(quantities[item["gnum"]]),
            "unit": item["unit"],
            "note": "",
        }
        for item in case.declaration.items
        if item["gnum"] in quantities
    ]
    if case.flow == "I":
        persons = ("orderNo", "buyerIdType", "buyerIdNumber", "buyerName", "buyerTelephone", "copNo")
        return Sheet("CEB625", "import-returns", head | {name: of[name] for name in persons}, items)
    head |= {
        "coElNo": of["copNo"],
        "tradeMode": of["tradeMode"],
        "billNo": of["billNo"],
        "ieFlag": "I",
        "trafMode": of["trafMode"],
        "trafName": "SIM",
        "portCode": of["portCode"],
        "country": of["country"],
        "voyageNo": of["voyageNo"],
    }
    legal = {item["gnum"]: item for item in case.declaration.items}
    for item in items:
        declared = legal[item["gnum"]]
        item |= {"gmodel": declared["gmodel"], "qty1": declared["qty1"], "unit1": declared["unit1"]}
    return Sheet("CEB213", "export-returns", head, items)


def _case(told: Told) -> Case:
    """A case of at least two pieces, whose declaration names the number that customs gave it."""
    case = told.case(national=True)
    if case.flow == "I":
        set_lines(case, told.t.rates(told.second), *((2 + n, 8_800 + 700 * n) for n in range(len(case.order.items))))
    case.declaration.head["invtNo"] = list_number(told, case)
    return case


def _piece(case: Case) -> dict[str, int]:
    return {case.declaration.items[0]["gnum"]: 1}


def _all_back(told: Told, case: Case, due: int, *, in_time: bool = True) -> None:
    asked = ASKED_IN_TIME if due == ARRIVES_LATE else None
    comes_back(told, case, all_of(case), due, asked)
    told.t.returned(case, all_of(case), in_time=in_time, due=due)
    told.t.decide(case, "returned", (), due)


def _part(told: Told, case: Case) -> None:
    comes_back(told, case, _piece(case), 2)
    told.t.returned(case, _piece(case), in_time=True, due=2)


def _twice(told: Told, case: Case) -> None:
    _part(told, case)
    rest = {gnum: qty - _piece(case).get(gnum, 0) for gnum, qty in all_of(case).items()}
    comes_back(told, case, rest, 3)
    told.t.returned(case, all_of(case), in_time=True, due=3)
    told.t.decide(case, "returned", (), 3)


def _more(told: Told, case: Case) -> None:
    comes_back(told, case, {gnum: qty + 1 for gnum, qty in all_of(case).items()}, 2)
    told.t.returned(case, all_of(case), in_time=True, due=2)
    told.t.decide(case, "returned", (), 2)


def _by_number(told: Told, case: Case) -> None:
    sheet = application(told, case, all_of(case), told.second + 2 * DAY)
    sheet.head["copNo" if case.flow == "I" else "coElNo"] = ""
    told.t.send(sheet, 2)
    told.t.returned(case, all_of(case), in_time=True, due=2)
    told.t.decide(case, "returned", (), 2)


def _replaced(told: Told, case: Case) -> None:
    first = comes_back(told, case, all_of(case), 2)
    told.t.send(_once_more(told, case, first, _piece(case), "2", 2), 2, EXTRA)
    told.t.returned(case, _piece(case), in_time=True, due=2)


def _withdrawn(told: Told, case: Case) -> None:
    first = comes_back(told, case, all_of(case), 2)
    told.t.send(_once_more(told, case, first, all_of(case), "3", 2), 2, EXTRA)


def _withdrawn_later(told: Told, case: Case) -> None:
    first = comes_back(told, case, _piece(case), 2)
    told.t.returned(case, _piece(case), in_time=True, due=2)
    told.t.send(_once_more(told, case, first, _piece(case), "3", 3), 3)
    told.t.returned(case, dict.fromkeys(_piece(case), 0), in_time=True, due=3)


def _once_more(told: Told, case: Case, first: Sheet, quantities: dict[str, int], app_type: str, due: int) -> Sheet:  # noqa: PLR0913, PLR0917
    """The same return, by its guid, ten minutes later in the day."""
    sheet = application(told, case, quantities, told.second + due * DAY + 600)
    sheet.head |= {"guid": first.head["guid"], "appType": app_type}
    return sheet


def _no_effect(told: Told, case: Case) -> None:
    sheet = application(told, case, all_of(case), told.second + 2 * DAY)
    if told.detail == "draft":
        sheet.head["appStatus"] = "1"
        told.t.send(sheet, 2, state="draft")
    elif told.detail == "fmt02":
        spoil(sheet, ("FMT02",), told.turn)
        told.t.send(sheet, 2, state="quarantined", rules=("FMT02",))
    else:
        sheet.head["copNo" if case.flow == "I" else "coElNo"] += "X"
        sheet.head["invtNo"] = f"{sheet.head['invtNo'][:-9]}{10**9 - 1 - case.number}"
        told.t.send(sheet, 2)


_BACK = {
    "whole": lambda told, case: _all_back(told, case, 2),
    "changed": lambda told, case: _all_back(told, case, 2),
    "asked_late": lambda told, case: _all_back(told, case, ASKED_LATE, in_time=False),
    "arrives_late": lambda told, case: _all_back(told, case, ARRIVES_LATE, in_time=False),
    "part": _part,
    "twice": _twice,
    "more": _more,
    "number": _by_number,
    "replaced": _replaced,
    "withdrawn": _withdrawn,
    "withdrawn_later": _withdrawn_later,
}
