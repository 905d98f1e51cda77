"""Lists that never come, come late, or too late."""

from __future__ import annotations

from sandan.simulate.fault import MISSING
from sandan.simulate.stories.told import Told, story

TOO_LATE = 45  # days since the declaration, beyond the 30 of DOC04


@story("never")
def never(told: Told) -> None:
    """Some lists never come."""
    case = told.case()
    told.send(case, *told.fault.list_name.split())
    told.expect(case)


@story("late")
def late(told: Told) -> None:
    """Lists come one to three days later; the declaration is complete with the last."""
    case = told.case()
    names = told.fault.list_name.split()
    told.send(case, *names)
    told.expect(case)
    last = 1 + told.turn % 3
    for name in names:
        due = last if name == names[-1] else 1
        sheet = case.sheet(name)
        again = told.t.resend(sheet, "1", told.second // 60 * 60, due)
        told.t.send(again, due)
    if len(names) > 1 and last > 1:
        told.t.decide(case, "waiting", tuple(MISSING[name] for name in names[1:]), 1)
    if last < 3:  # noqa: PLR2004 - what would come on a fourth day is not told
        told.released(case, last)
    else:
        told.t.decide(case, "released", (), last)


@story("early_event")
def early_event(told: Told) -> None:
    """The parcel is gone before its payment is there: the release closes it at once."""
    case = told.case()
    told.send(case, "payment")
    told.expect(case)
    told.t.leaves(case, 0)
    told.t.send(told.t.resend(case.payments[0], "1", told.second, 2), 2)
    told.t.decide(case, "closed", (), 2)


@story("too_late")
def too_late(told: Told) -> None:
    """The window is over when the lists are first looked at."""
    case = told.case(national=True, back_days=TOO_LATE)
    name = told.fault.list_name
    records = told.send(case, name)
    told.expect(case, TOO_LATE)
    if told.detail:
        told.t.send(told.t.resend(case.order, "1", told.second - 60, 1), 1)
    if told.detail == "reopened":
        records["declaration"].becomes("superseded", 1)
        told.t.send(told.change(case.declaration, 0, 1), 1)
        told.released(case, 1)
