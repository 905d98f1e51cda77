"""A SIMULATED library of rebate rates in the layout of the published one, as two editions of it would say."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sandan.simulate.goods import goods
from sandan.simulate.papers.paper import Paper

if TYPE_CHECKING:
    from collections.abc import Iterator

SECOND_EDITION = "2026-02-16"
#: code, TSL, first and last day, TSFLAG; all others have the rate of their heading
OWN_ROWS = (
    ("8507600090", "9", "20241201", "20260331", ""),
    ("8507600090", "6", "20260401", "20261231", ""),
    ("8507600090", "0", "20270101", "", ""),
    ("8711600090", "13", "20140101", "20251231", ""),
    ("8711600090", "", "20260101", "", "1"),
    ("48201", "9", "20140101", "", ""),
    ("4820100000", "", "20140101", "", "2"),
    ("9615110000", "0", "20140101", "", ""),
)
#: not in the first edition, and what the second puts right
MISSING = "9608"
CORRECTED = ("3924", "9")
HEADING = "13"


def editions(day: str) -> Iterator[Paper]:
    """The edition at hand on a day, then the second."""
    names = {good.hs_code[:4]: good.name for good in goods("E")}
    for code, name in names.items():
        if code != MISSING:
            yield _row(day, code, name, HEADING, "20140101")
    for code, rate, first, last, flag in OWN_ROWS:
        yield _row(day, code, names[code[:4]], rate, first, last, flag)
    second = max(day, SECOND_EDITION)
    yield _row(second, MISSING, names[MISSING], HEADING, "20140101")
    yield _row(second, CORRECTED[0], names[CORRECTED[0]], CORRECTED[1], "20140101")


def _row(  # noqa: PLR0913, PLR0917 - the columns of the library
    day: str, code: str, name: str, rate: str, first: str, last: str = "", flag: str = ""
) -> Paper:
    head = {"code": code, "name": name, "unit": "千克", "zssl": "13", "tsl": rate, "stDate": first, "endDate": last}
    return Paper("rebate_rate", day, head | {"tsflag": flag, "note": "模拟"})
