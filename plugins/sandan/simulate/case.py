"""One declaration with its lists, as the story-tellers pass it around."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sandan.simulate.duty import Tax
    from sandan.simulate.sheet import Sheet


@dataclass(slots=True)
class Case:
    """`second` is the time of day of the declaration; all sheets agree when the case is made.

    `taxes` are those of an import's lines, empty where a rate is missing.
    """

    flow: str
    number: int
    second: int
    order: Sheet
    payments: list[Sheet]
    waybill: Sheet
    declaration: Sheet
    taxes: list[Tax] = field(default_factory=list)

    def sheet(self, list_name: str) -> Sheet:
        """The sheet of a list: order, payment (the first), waybill or declaration."""
        if list_name == "order":
            return self.order
        if list_name == "payment":
            return self.payments[0]
        return self.waybill if list_name == "waybill" else self.declaration
