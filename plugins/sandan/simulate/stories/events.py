"""Closing events that do not count."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sandan.simulate.spoil import spoil
from sandan.simulate.stories.told import Told, story

if TYPE_CHECKING:
    from sandan.simulate.case import Case
    from sandan.simulate.sheet import Sheet


@story("bad_event")
def bad_event(told: Told) -> None:
    """The only departure or signing fails a record rule: the declaration stays released."""
    case = told.case()
    told.send(case)
    told.expect(case)
    event = _event(told, case)
    rules = (told.detail,)
    spoil(event, rules, told.turn)
    told.t.send(event, 1, state="quarantined", rules=rules)


@story("draft_event")
def draft_event(told: Told) -> None:
    """The only departure or signing is a draft."""
    case = told.case()
    told.send(case)
    told.expect(case)
    event = _event(told, case)
    event.head["appStatus"] = "1"
    told.t.send(event, 1, state="draft")


def _event(told: Told, case: Case) -> Sheet:
    if told.flow == "E":
        return told.t.departure(case, 1, [case.waybill.head["logisticsNo"]])
    return told.t.signing(case, 1)
