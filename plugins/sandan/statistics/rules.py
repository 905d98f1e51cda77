"""When a cell is unsafe, and how uncertain its value must then stay (Handbook on Statistical Disclosure Control, 4).

The parameters are secret: who knows them knows more about a hidden cell than its interval. They are
`SANDAN_DISCLOSURE_RULES`, else the file `$SANDAN_HOME/keys/disclosure.key`, made at first use. No text of an object or
of an error here has them.
"""

from __future__ import annotations

import os
import re
import secrets
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from sandan.errors import ConfigurationError
from sandan.keys import kept

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from sandan.home import Home

#: what parameters may be; counts of the largest `fewest` and more are published, since they tell no secret
FEWEST = range(2, 21)
PERCENT = range(1, 51)


@dataclass(frozen=True)
class Rules:
    """When a cell is unsafe.

    It has fewer than `fewest` contributors, or the second largest of them could work out the largest within `percent`
    of its value.
    """

    fewest: int = field(repr=False)
    percent: int = field(repr=False)

    def levels(self, cells: Contributed, before: NDArray[np.bool_]) -> Levels:
        """Which cells are unsafe, and how far their value must be able to lie off, as a share of it.

        Cells unsafe `before`, in an earlier vintage, remain so, at the level of those with too few contributors.
        `either` holds for who looks on or contributes; `largest`, the smaller one, for the largest contributor, who
        wants to know of the others.
        """
        others = np.maximum(cells.value - cells.first - cells.second, 0)
        part = self.percent / 100
        few = before | (cells.contributors < self.fewest)
        dominated = others < part * cells.first
        value = np.where(cells.value > 0, cells.value, 1)
        return Levels(
            unsafe=few | dominated,
            either=np.where(few, part, np.maximum(part * cells.first - others, 0) / value),
            largest=np.where(
                few,
                np.where(cells.contributors > 1, part * (cells.value - cells.first), 0),
                np.maximum(part * cells.second - others, 0),
            )
            / value,
        )


@dataclass(frozen=True)
class Contributed:
    """Of each cell: its value, number of contributors, the largest contribution and the second largest."""

    value: NDArray[np.float64]
    contributors: NDArray[np.int64]
    first: NDArray[np.float64]
    second: NDArray[np.float64]


@dataclass(frozen=True)
class Levels:
    """Of each cell: whether it is unsafe, and shares of its value."""

    unsafe: NDArray[np.bool_]
    either: NDArray[np.float64]
    largest: NDArray[np.float64]


def secret_rules(home: Home) -> Rules:
    """The parameters of this installation.

    Raises:
        ConfigurationError: they cannot be read; the message does not repeat them.
    """
    file = home.disclosure_rules
    given = os.environ.get("SANDAN_DISCLOSURE_RULES", "")
    text = given or kept(file, _made)
    found = re.fullmatch(r"(\d{1,3})\s+(\d{1,3})", text.strip())
    if found is None or int(found[1]) not in FEWEST or int(found[2]) not in PERCENT:
        place = "SANDAN_DISCLOSURE_RULES" if given else "this file"
        raise ConfigurationError(
            file,
            0,
            "the parameters of disclosure control cannot be read",
            f"give {place} two whole numbers: fewest contributors ({FEWEST[0]} to {FEWEST[-1]}) "
            f"and p of the p % rule ({PERCENT[0]} to {PERCENT[-1]})",
        )
    return Rules(int(found[1]), int(found[2]))


def _made() -> str:
    return f"{3 + secrets.randbelow(3)} {10 + secrets.randbelow(16)}\n"
