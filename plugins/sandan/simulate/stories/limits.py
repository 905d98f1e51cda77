"""The limits of one purchase and of a buyer's year."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sandan.simulate.buyers import regular
from sandan.simulate.duty import ANNUAL_LIMIT, SINGLE_LIMIT
from sandan.simulate.imports import dutiable_value, set_lines, taxes_of
from sandan.simulate.people import Person, person
from sandan.simulate.sheet import cents
from sandan.simulate.stories import returns
from sandan.simulate.stories.told import Told, clean, story
from sandan.simulate.teller import DAY

if TYPE_CHECKING:
    from sandan.simulate.case import Case

LIM02 = ("LIM02",)
#: what regular buyers spend, in cents
_SPENT = (490_000, 490_000, 490_000, 455_000, 320_000, 120_000, 60_000)
_GIVEN_BACK = 6  # every so manieth purchase of regular buyers comes back, whole or in part


@story("lim01")
def lim01(told: Told) -> None:
    """Above the limit, at it, or above it in a single piece."""
    case = told.case()
    rates = told.t.rates(told.second)
    if told.detail == "single":
        set_lines(case, rates, (1, 800_000))
    elif told.detail == "equal":
        set_lines(case, rates, (2, (SINGLE_LIMIT - cents(case.declaration.head["freight"])) // 2))
    else:
        set_lines(case, rates, (2, 260_000))
    told.send(case)
    if told.detail:
        told.fine(case)
    else:
        told.expect(case)


@story("lim01_reopened")
def lim01_reopened(told: Told) -> None:
    """Refused for a freight that is wrong, which the declaration's own change puts right."""
    case = told.case(national=True)
    set_lines(case, told.t.rates(told.second), (2, 20_000))
    right, taxes = told.change(case.declaration, 0, 1), case.taxes
    case.declaration.head["freight"] = "9000.00"
    case.taxes = taxes_of(told.t.rates(told.second), case.declaration.items, 900_000)
    told.send(case)["declaration"].becomes("superseded", 1)
    told.expect(case)
    told.t.send(right, 1)
    case.taxes = taxes
    told.released(case, 1)


@story("lim02_day")
def lim02_day(told: Told) -> None:
    """The sixth would be too much and does not count, so that the small seventh may pass."""
    buyer = person(told.t.rng)
    for nth in range(7):
        case = _purchase(told, buyer, nth, (2, 30_000 if nth == 6 else 245_000))  # noqa: PLR2004
        told.send(case)
        if nth == 5:  # noqa: PLR2004
            told.t.decide(case, "refused", LIM02)
        else:
            _counts(told, case, buyer)
            told.fine(case)


@story("lim02_single")
def lim02_single(told: Told) -> None:
    """Single pieces above the limit of one purchase count like all others."""
    buyer = person(told.t.rng)
    for nth, line in enumerate(((1, 1_200_000), (1, 1_150_000), (2, 140_000))):
        case = _purchase(told, buyer, nth, line)
        told.send(case)
        if nth == 2:  # noqa: PLR2004
            told.t.decide(case, "refused", LIM02)
        else:
            _counts(told, case, buyer)
            told.fine(case)


@story("lim02_freed")
def lim02_freed(told: Told) -> None:
    """What comes back in time is free for another purchase, from the next run on."""
    t = told.t
    if t.clock.date(1)[:4] != t.clock.date()[:4]:  # the sixth would fall in the new year
        for nth in range(told.fault.size):
            clean(t, "I", told.number + nth, told.second + 60 * nth)
        return
    buyer = person(t.rng)
    cases = [_purchase(told, buyer, nth, (2, 245_000)) for nth in range(6)]
    for case in cases[:5]:
        told.send(case)
        _counts(told, case, buyer)
        t.decide(case, "released")
        t.closes(case, 1)
    sixth = cases[5]
    for sheet in (sixth.order, *sixth.payments, sixth.waybill):
        t.send(sheet)
    declared = t.resend(sixth.declaration, "1", told.second, 1)
    t.send(declared, 1).becomes("superseded", 3)
    t.decide(sixth, "refused", LIM02, 1)
    first = cases[0]
    returns.comes_back(told, first, returns.all_of(first), 2)
    t.returned(first, returns.all_of(first), in_time=True, due=2)
    t.decide(first, "returned", (), 2)
    t.bought(buyer.id_number, t.clock.day.year, -dutiable_value(first), 2)
    t.send(told.change(sixth.declaration, 0, 3), 3)
    t.bought(buyer.id_number, t.clock.day.year, dutiable_value(sixth), 3)
    t.decide(sixth, "released", (), 3)


@story("lim02_turn")
def lim02_turn(told: Told) -> None:
    """At the limit when the day ends: what the next day buys passes if that is in another year, up to its own limit."""
    t = told.t
    buyer = person(t.rng)
    for nth in range(5):
        case = _purchase(told, buyer, nth, (2, 245_000))
        told.send(case)
        _counts(told, case, buyer)
        t.decide(case, "released")
        t.closes(case, 1)
    heard_late = _purchase(told, buyer, 5, (2, 245_000))
    _send_all(told, heard_late, 1)
    t.decide(heard_late, "refused", LIM02, 1)
    anew = t.clock.date(1)[:4] != t.clock.date()[:4]
    for nth in range(6, 12):
        case = _purchase(told, buyer, nth, (2, 245_000), 1)
        _send_all(told, case, 1)
        if not anew or nth == 11:  # noqa: PLR2004
            t.decide(case, "refused", LIM02, 1)
            continue
        _counts(told, case, buyer, 1)
        t.decide(case, "released", (), 1)
        t.closes(case, 2)


@story("regular_buyer")
def regular_buyer(told: Told) -> None:
    """One purchase of somebody who comes every few days; what the year has left decides.

    What comes back does so between two purchases: whether it counts in its own run is of no matter then.
    """
    t = told.t
    if not t.totals.known:
        clean(t, "I", told.number, told.second)
        return
    buyer = regular(t.clock.day, told.ordinal)
    case = _purchase(told, buyer, 0, (2, _SPENT[told.turn % len(_SPENT)] // 2))
    told.send(case)
    if t.totals.of(buyer, t.clock.day.year) + dutiable_value(case) > ANNUAL_LIMIT:
        t.decide(case, "refused", LIM02)
        return
    _counts(told, case, buyer)
    t.decide(case, "released")
    t.closes(case, 1)
    if told.turn // 7 % _GIVEN_BACK == 0:
        pieces = 1 + told.turn // 42 % 2
        back = {"1": pieces}
        returns.comes_back(told, case, back, 2)
        t.returned(case, back, in_time=True, due=2)
        t.bought(buyer.id_number, t.clock.day.year, -dutiable_value(case) * pieces // 2, 2)
        if pieces == 2:  # noqa: PLR2004
            t.decide(case, "returned", (), 2)


def _purchase(told: Told, buyer: Person, nth: int, line: tuple[int, int], due: int = 0) -> Case:
    """The nth purchase of a story, a minute after the one before, or days later: so many pieces at so many cents."""
    second = told.second + 60 * nth + due * DAY
    case = told.t.case("I", told.number + nth, second, buyer=buyer)
    set_lines(case, told.t.rates(second), line)
    return case


def _send_all(told: Told, case: Case, due: int) -> None:
    for sheet in (case.order, *case.payments, case.waybill, case.declaration):
        told.t.send(sheet, due)


def _counts(told: Told, case: Case, buyer: Person, due: int = 0) -> None:
    told.t.bought(buyer.id_number, int(told.t.clock.date(due)[:4]), dutiable_value(case), due)
