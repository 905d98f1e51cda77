"""Who exports, as the tax office has it: a taxpayer for each simulated enterprise, in ways that the law tells apart."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from sandan.simulate.papers.paper import Paper
from sandan.simulate.parties import EXPORT_ENTERPRISES

if TYPE_CHECKING:
    from collections.abc import Iterator

ZONE = "330100"
#: how enterprises differ, one kind after the other
KINDS = (
    "trader", "trader", "manufacturer", "zone trader", "trader", "small", "trader", "late filer", "small zone",
    "grows", "trader", "unregistered",
)  # fmt: skip
FILED = "2015-06-01"
FILED_LATE = "2026-01-10"
GREW = "2026-01-01"


@dataclass(frozen=True, slots=True)
class Firm:
    """An export enterprise with its tax number, made up: 99 is no division of China."""

    code: str
    taxpayer_id: str
    kind: str

    @property
    def manufactures(self) -> bool:
        """免抵退; all others trade, and are rebated by their invoices."""
        return self.kind == "manufacturer"

    @property
    def in_zone(self) -> bool:
        """Registered in a pilot zone."""
        return "zone" in self.kind


@cache
def firms() -> dict[str, Firm]:
    """Every simulated export enterprise by its customs code."""
    return {
        party.code: Firm(party.code, f"91990000MASIM{number:05d}", KINDS[number % len(KINDS)])
        for number, party in enumerate(EXPORT_ENTERPRISES)
    }


def supplier(number: int) -> str:
    """The tax number of one of the suppliers."""
    return f"91990000MASUP{number % 40:05d}"


def registrations(day: str) -> Iterator[Paper]:
    """The register as it stands on a day, and the filing that comes later."""
    for firm in firms().values():
        if firm.kind == "unregistered":
            continue
        head = {
            "taxpayerId": firm.taxpayer_id,
            "partyCode": firm.code,
            "vatStatus": "S" if firm.kind in {"small", "small zone", "grows"} else "G",
            "zoneCode": ZONE if firm.in_zone else "",
            "validFrom": "20140101",
        }
        filed = {"rebateFiledOn": FILED.replace("-", ""), "rebateClass": "2", "rebateMethod": "T"}
        if firm.manufactures:
            filed["rebateMethod"] = "C"
        if firm.kind == "grows":
            yield Paper("taxpayer", day, head | {"validTo": "20251231"})
            yield Paper("taxpayer", day, head | filed | {"vatStatus": "G", "validFrom": GREW.replace("-", "")})
        elif head["vatStatus"] == "G" and firm.kind != "late filer":
            yield Paper("taxpayer", day, head | filed)
        else:
            first = Paper("taxpayer", day, head)
            yield first
            if firm.kind == "late filer":
                yield Paper("taxpayer", max(day, FILED_LATE), head | filed | {"rebateFiledOn": "20260108"}, [], "2")
