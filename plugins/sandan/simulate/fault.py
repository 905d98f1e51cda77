"""What a fault is, and short ways to name one.

`status` and `failed` are those of the declaration at the end of the day it is told (None: no declaration comes to be,
or its story says which); of a case of two declarations, those of the second. `then` says in words what later days
bring. Shares are of all declarations of a day.
"""

from __future__ import annotations

from dataclasses import dataclass

SHARE = 0.0009


@dataclass(frozen=True, slots=True)
class Fault:
    """One kind of case. `story` tells it; `list_name` and `detail` are its arguments; `size` its declarations."""

    name: str
    story: str
    breaks: str
    status: str | None
    failed: tuple[str, ...] = ()
    then: str = ""
    list_name: str = ""
    detail: str = ""
    flow: str = "*"
    size: int = 1
    share: float = SHARE


LISTS = ("order", "payment", "waybill")
MISSING = {"order": "DOC01", "payment": "DOC02", "waybill": "DOC03"}
CLOSED = "closed the next day"
STAYS = "stays so"


def lost(name: str, story: str, breaks: str, list_name: str, detail: str, flow: str = "*") -> Fault:  # noqa: PLR0913, PLR0917
    """A record that never gets in: its declaration waits for it, or does not come to be."""
    if list_name == "declaration":
        return Fault(name, story, breaks, None, (), STAYS, list_name, detail, flow)
    return Fault(name, story, breaks, "waiting", (MISSING[list_name],), STAYS, list_name, detail, flow)


def fine(name: str, story: str, breaks: str, list_name: str = "", detail: str = "", flow: str = "*") -> Fault:  # noqa: PLR0913, PLR0917
    """Odd, but nothing is wrong with the declaration."""
    return Fault(name, story, breaks, "released", (), CLOSED, list_name, detail, flow)


def review(name: str, breaks: str, *failed: str, flow: str = "*", size: int = 1, story: str = "") -> Fault:
    """In review until somebody changes or deletes something."""
    return Fault(name, story or name, breaks, "review", failed, STAYS, flow=flow, size=size)
