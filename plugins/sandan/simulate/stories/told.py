"""What every story needs: the case, its fault, and short ways to send the rest of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sandan.simulate.sheet import cents, grams, kilograms, money

if TYPE_CHECKING:
    from collections.abc import Callable

    from sandan.simulate.case import Case
    from sandan.simulate.fault import Fault
    from sandan.simulate.record import Record
    from sandan.simulate.sheet import Elements, Sheet
    from sandan.simulate.teller import Teller

LISTS = ("order", "payment", "waybill", "declaration")
STORIES: dict[str, Callable[[Told], None]] = {}


def story(name: str) -> Callable[[Callable[[Told], None]], Callable[[Told], None]]:
    """Register the story that faults name so."""

    def register(tell: Callable[[Told], None]) -> Callable[[Told], None]:
        STORIES[name] = tell
        return tell

    return register


def clean(t: Teller, flow: str, number: int, second: int) -> None:
    """Three lists that agree: released, and mostly closed a day later."""
    case = t.case(flow, number, second)
    t.send(case.order)
    t.send(case.payments[0])
    t.send(case.waybill)
    t.send(case.declaration)
    t.decide(case, "released")
    if flow == "E":
        t.arrives(case)
    t.usually_closes(case, 1)


@dataclass(slots=True)
class Told:
    """One faulty case being told; `turn` is any number, to vary cases of one kind; `ordinal` counts them."""

    t: Teller
    fault: Fault
    flow: str
    number: int
    second: int
    turn: int
    ordinal: int

    @property
    def detail(self) -> str:
        """The fault's own."""
        return self.fault.detail

    def case(self, *, national: bool = False, back_days: int = 0) -> Case:
        """A clean case, declared `back_days` days ago."""
        return self.t.case(self.flow, self.number, self.second - back_days * 86400, national=national)

    def send(self, case: Case, *but: str) -> dict[str, Record]:
        """Send the four lists as they stand, without those named."""
        return {name: self.t.send(case.sheet(name)) for name in LISTS if name not in but}

    def expect(self, case: Case, back_days: int = 0) -> None:
        """The declaration comes out of today's run as the fault's entry says."""
        if self.fault.status:
            self.t.decide(case, self.fault.status, self.fault.failed, 0, back_days)

    def released(self, case: Case, due: int = 0, warnings: tuple[str, ...] = ()) -> None:
        """Released `due` days later, then closed as most are."""
        self.t.decide(case, "released", warnings, due)
        self.t.usually_closes(case, due + 1, warnings)

    def fine(self, case: Case) -> None:
        """Nothing is wrong with it."""
        self.released(case)
        if self.flow == "E":
            self.t.arrives(case)

    def change(self, sheet: Sheet, seconds: int, due: int = 0) -> Sheet:
        """An appType 2 of the sheet, so many seconds after the declaration."""
        return self.t.resend(sheet, "2", self.second + seconds, due)

    def delete(self, sheet: Sheet, seconds: int, due: int = 0) -> Sheet:
        """An appType 3 of the sheet."""
        return self.t.resend(sheet, "3", self.second + seconds, due)


def paid_element(sheet: Sheet) -> str:
    """The element with the amount of a payment."""
    return "charge" if sheet.message == "CEB403" else "amountPaid"


def weight_element(sheet: Sheet) -> str:
    """The element with the gross weight of a waybill."""
    return "grossWeight" if sheet.message == "CEB505" else "weight"


def add_amount(record: Elements, element: str, more: int) -> None:
    """Add cents to an amount."""
    record[element] = money(cents(record[element]) + more)


def set_quantity(item: Elements, qty: int) -> None:
    """Another quantity at the same price; legal quantities follow."""
    before = int(item["qty"])
    for number, unit in (("qty1", "unit1"), ("qty2", "unit2")):
        if item.get(unit) == "035":
            item[number] = kilograms(grams(item[number]) * qty // before)
        elif item.get(unit):
            item[number] = str(qty)
    item["qty"] = str(qty)
    item["totalPrice"] = money(cents(item["price"]) * qty)
