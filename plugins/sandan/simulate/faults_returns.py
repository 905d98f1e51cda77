"""Returns: not faults of a declaration, but what is expected of it changes."""

from __future__ import annotations

from sandan.simulate.fault import STAYS, Fault


def _back(  # noqa: PLR0913 - the parts of a fault
    name: str, breaks: str, then: str, *, story: str = "back", flow: str = "*", status: str = "released"
) -> Fault:
    failed = {"waiting": ("DOC02",), "review": ("LOG02",)}.get(status, ())
    return Fault(f"return_{name}", story, breaks, status, failed, then, detail=name, flow=flow)


_RETURNED, _CLOSED = "closed, then returned", "closed, and stays so"

RETURNS = (
    _back("whole", "all of it comes back", _RETURNED),
    _back("part", "one piece comes back", _CLOSED),
    _back("twice", "one piece comes back, the rest the day after", _RETURNED),
    _back("more", "more comes back than was declared", _RETURNED),
    _back("number", "the return names the list's number only", _RETURNED),
    _back("replaced", "all of it, then by the same return a piece only", _CLOSED),
    _back("withdrawn", "the return is withdrawn in the run that brings it", _CLOSED),
    _back("withdrawn_later", "one piece comes back, and does not", _CLOSED),
    _back("draft", "the return is a draft", _CLOSED),
    _back("fmt02", "the return lacks what it must have", _CLOSED),
    _back("unknown", "the return names what nobody declared", _CLOSED),
    _back("changed", "all of it comes back, then the declaration is changed", _RETURNED),
    _back("open", "comes back before it is signed for or leaves", "returned, never closed", story="back_open"),
    _back("asked_late", "comes back after a month", _RETURNED, flow="I"),
    _back("arrives_late", "asked for in time, arrives after 45 days", _RETURNED, flow="I"),
    _back(
        "waits",
        "comes back while the payment is awaited",
        "returned in the run that releases it",
        story="back_waits",
        status="waiting",
    ),
    Fault("return_early", "back_early", "comes back before it is declared", None, (), "returned at once"),
    Fault(
        "assortment",
        "assortment",
        "one of everything, in two parcels and two currencies: a form of more than fifty lines",
        "released",
        (),
        "closed, part of it returned",
        flow="E",
        size=2,
    ),
    _back("review", "comes back in review: nothing happens", STAYS, story="back_review", status="review"),
)
