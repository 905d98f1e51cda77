"""Faults that only imports can have: persons, amounts, taxes and the two limits."""

from __future__ import annotations

from sandan.simulate.fault import CLOSED, STAYS, Fault, fine, review

#: of all declarations, those of buyers who come again; most of them are in order
REGULAR_SHARE = 0.01


def _differs(rule: str, breaks: str, detail: str = "") -> Fault:
    name = f"{rule.lower()}_{detail}" if detail else rule.lower()
    return Fault(name, "import_differs", breaks, "review", (rule,), STAYS, detail=name, flow="I")


IMPORT_LISTS = (
    _differs("ORD07", "a discount that the amount paid does not show"),
    _differs("ORD08", "the order has a line more"),
    _differs("PAY03", "somebody else paid", "number"),
    _differs("PAY03", "the payer has another name", "name"),
    Fault(
        "pay03_second",
        "pay03_second",
        "the second of two payments is somebody else's",
        "review",
        ("PAY03",),
        STAYS,
        flow="I",
    ),
    _differs("PAY04", "the order names another transaction"),
    _differs("PAY05", "the order names another payment enterprise"),
    _differs("LOG03", "the waybill has another receiver"),
    _differs("LOG05", "the waybill names another order"),
    _differs("LOG06", "the waybill has another telephone", "telephone"),
    _differs("LOG06", "the waybill has another address", "address"),
    _differs("BUY01", "declared for another buyer", "number"),
    _differs("BUY01", "the declared buyer has another name", "name"),
    _differs("BUY02", "the declared buyer has another telephone"),
    review(
        "many_persons",
        "several persons and amounts at once",
        "BUY01",
        "BUY02",
        "LOG03",
        "ORD07",
        "PAY03",
        "PAY05",
        flow="I",
    ),
    Fault(
        "tax01",
        "tax01",
        "the order has one CNY too much of tax",
        "released",
        ("TAX01",),
        "closed, the warning stays",
        flow="I",
    ),
    fine("tax01_tolerance", "tax01", "the order's tax is off by a cent a line", detail="tolerance", flow="I"),
    Fault("tax01_review", "tax01_review", "wrong tax, and wrong pieces", "review", ("LOG02", "TAX01"), STAYS, flow="I"),
)

LIMITS = (
    Fault("lim01", "lim01", "5,200 CNY in two pieces", "refused", ("LIM01",), STAYS, flow="I"),
    fine("lim01_single", "lim01", "8,000 CNY, one piece: pays in full", detail="single", flow="I"),
    fine("lim01_equal", "lim01", "exactly 5,000 CNY", detail="equal", flow="I"),
    Fault(
        "lim01_reopened",
        "lim01_reopened",
        "declares a freight of 9,000 CNY, changed the next day",
        "refused",
        ("LIM01", "TAX01"),
        "released, closed",
        flow="I",
    ),
    Fault("lim02_day", "lim02_day", "seven purchases in a day, the sixth too much", None, (), CLOSED, flow="I", size=7),
    Fault(
        "lim02_single",
        "lim02_single",
        "two dear single pieces, then a third purchase",
        None,
        (),
        CLOSED,
        flow="I",
        size=3,
    ),
    Fault(
        "lim02_freed",
        "lim02_freed",
        "the sixth is too much; one comes back in time, the sixth is changed",
        None,
        (),
        "the sixth released",
        flow="I",
        size=6,
    ),
    Fault(
        "lim02_turn",
        "lim02_turn",
        "at the limit when the day ends, and buys on the next day, which may be of another year",
        None,
        (),
        CLOSED,
        flow="I",
        size=12,
    ),
    Fault(
        "regular_buyer",
        "regular_buyer",
        "buys every four days, until the year's limit is reached",
        None,
        (),
        "closed; some come back in time",
        flow="I",
        share=REGULAR_SHARE,
    ),
)
