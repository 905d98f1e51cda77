"""Export controls, where the operator has loaded some: what they name must not be declared simplified (SIM01)."""

from __future__ import annotations

import csv
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date
    from pathlib import Path

HEADING = 4  # digits


@cache
def controls_on(reference: Path, day: date) -> tuple[str, ...]:
    """The codes under control on a day, of two to ten digits; none where the operator has no such table."""
    file = reference / "export_controls.csv"
    if not file.exists():
        return ()
    text = day.isoformat()
    with file.open(encoding="utf-8", newline="") as rows:
        return tuple(
            row["hs_code"]
            for row in csv.DictReader(rows)
            if row["valid_from"] <= text <= (row["valid_to"] or "9999-12-31")
        )


@cache
def controlled(code: str, controls: tuple[str, ...]) -> bool:
    """Whether a declared code is, or as a mere heading may be, one of those under control."""
    heading = code.endswith("000000")
    return any(
        code.startswith(control) or (heading and len(control) > HEADING and control[:HEADING] == code[:HEADING])
        for control in controls
    )


def any_controlled(codes: Iterable[str], controls: tuple[str, ...]) -> bool:
    """Whether one of them is."""
    return any(controlled(code, controls) for code in codes)
