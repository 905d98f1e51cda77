"""Which tables are published, and by what a run replaces their rows. Their columns are those of the marts."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Family:
    """Tables whose rows are replaced together: all rows of each key that the run touched in any of them.

    An empty key stands for tables that are a log of runs: the rows of the run date are replaced.
    """

    schema: str
    tables: tuple[str, ...]
    key: tuple[str, ...] = ()


FAMILIES = (
    Family(
        "clearance",
        ("clearance_facts", "clearance_items", "check_findings", "tracking_events"),
        ("ebc_code", "cop_no"),
    ),
    Family("clearance", ("list_usage",), ("list", "key")),
    Family("audit", ("conservation",), ("file_id",)),
    Family("audit", ("runs", "files", "quarantine", "gate_results")),
)
