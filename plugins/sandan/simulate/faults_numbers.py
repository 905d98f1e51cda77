"""Lists that are later named by the number their receipt gave; where no receipts are written, nobody can."""

from __future__ import annotations

from sandan.simulate.fault import STAYS, Fault

NUMBERS = tuple(
    fault
    for flow, of in (("E", "export"), ("I", "import"))
    for fault in (
        Fault(
            f"numbered_return_{of}",
            "numbered_return",
            "the return names the number of the receipt only",
            "released",
            (),
            "returned the next day, if there are receipts; else closed",
            flow=flow,
        ),
        Fault(
            f"numbered_cancel_{of}",
            "numbered_cancel",
            "the cancel application names the number of the receipt only",
            "review",
            ("LOG02",),
            f"cancelled the next day, if there are receipts; else {STAYS}",
            flow=flow,
        ),
    )
)
