"""What the data of a run must be before the run goes on: one file a stage, one gate a file."""

from __future__ import annotations

from typing import TYPE_CHECKING

from expectations.consolidated import CONSOLIDATED
from expectations.integrated_service import INTEGRATED_SERVICE
from expectations.marts import MARTS
from expectations.matched import MATCHED
from expectations.public_service import PUBLIC_SERVICE
from expectations.received import RECEIVED
from expectations.staged import STAGED
from expectations.statistics import STATISTICS
from expectations.statistics_quality import STATISTICS_QUALITY

if TYPE_CHECKING:
    from sandan.gates.record import Suite

STAGES: dict[str, tuple[Suite, ...]] = {
    "received": RECEIVED,
    "staged": STAGED,
    "matched": MATCHED,
    "marts": MARTS,
    "public_service": PUBLIC_SERVICE,
    "integrated_service": INTEGRATED_SERVICE,
    "consolidated": CONSOLIDATED,
    "statistics": (*STATISTICS, *STATISTICS_QUALITY),
}
