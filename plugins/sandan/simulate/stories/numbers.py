"""Applications that name a list by the number that its receipt gave, and by nothing else."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sandan.simulate.numbers import wanted
from sandan.simulate.stories import returns, versions
from sandan.simulate.stories.told import Told, story
from sandan.simulate.teller import DAY, NUMBERED

if TYPE_CHECKING:
    from sandan.simulate.case import Case
    from sandan.simulate.sheet import Sheet


@story("numbered_return")
def numbered_return(told: Told) -> None:
    """Released, closed the next day, and on that day all of it comes back."""
    case = told.case(national=True)
    told.send(case)
    told.expect(case)
    told.t.closes(case, 1)
    everything = returns.all_of(case)
    _send(told, case, returns.application(told, case, everything, told.second + DAY))
    told.t.returned(case, everything, in_time=True, due=NUMBERED)
    told.t.decide(case, "returned", (), NUMBERED)


@story("numbered_cancel")
def numbered_cancel(told: Told) -> None:
    """In review, and cancelled the next day."""
    case = told.case(national=True)
    case.waybill.head["packNo"] = "2"
    told.send(case)["declaration"].becomes("superseded", NUMBERED)
    told.expect(case)
    _send(told, case, versions.application(told, case, told.second + DAY))
    told.t.decide(case, "cancelled", told.fault.failed, NUMBERED)


def _send(told: Told, case: Case, sheet: Sheet) -> None:
    """The declaration's own number is no help: an import leaves it out, an export application has one of its own."""
    own = "coElNo" if sheet.message == "CEB213" else "copNo"
    sheet.head |= {own: "" if case.flow == "I" else f"{sheet.head[own]}-2", "invtNo": wanted(sheet.head[own])}
    told.t.sink(sheet.source, NUMBERED).put_alone(told.t.record(sheet))
