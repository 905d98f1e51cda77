"""Which tables are published, and by what a run replaces their rows. Their columns are those of the marts."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Family:
    """Tables whose rows are replaced together: all rows of each key that the run touched in any of them.

    `touched` is the model that lists those keys, also of rows that the run took away for good.
    An empty key stands for tables that are a log of runs: the rows of the run date are replaced.
    """

    schema: str
    tables: tuple[str, ...]
    key: tuple[str, ...] = ()
    touched: str = ""


FAMILIES = (
    Family(
        "clearance",
        ("clearance_facts", "clearance_items", "check_findings", "tracking_events"),
        ("ebc_code", "cop_no"),
        "touched_declarations",
    ),
    Family("clearance", ("list_usage",), ("list", "key"), "touched_lists"),
    Family("audit", ("conservation",), ("file_id",), "touched_files"),
    Family("audit", ("runs", "files", "quarantine", "gate_results")),
)
