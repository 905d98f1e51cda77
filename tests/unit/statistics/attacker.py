"""The attacker: every linear equation that the published table implies, solved for each hidden value (HiGHS).

He knows which cells exist, all published values, how the sums hang together, and that nothing is negative. One who
contributed himself knows besides that no leaf is less than his own part of it. He does not know the code under test:
the equations are written from the rows that were published.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy.optimize import linprog
from scipy.sparse import csr_array

if TYPE_CHECKING:
    from collections.abc import Mapping

TOLERANCE = 1e-6
Cell = tuple[int, str, str]
WAYS_UP = {8: 6, 6: 4, 4: 2, 2: 0}


@dataclass(frozen=True)
class Attacker:
    """What he knows of one measure: each cell's value, None where it is hidden."""

    published: Mapping[Cell, float | None]

    def intervals(self, cells: list[Cell], own: Mapping[Cell, float] | None = None) -> dict[Cell, tuple[float, float]]:
        """The least and the greatest value that each of some hidden cells can have; `own` are his parts of leaves."""
        unknown = [cell for cell, value in self.published.items() if value is None]
        column = {cell: n for n, cell in enumerate(unknown)}
        matrix, right = self._equations(column)
        least = [(own or {}).get(cell, 0.0) for cell in unknown]
        found = {}
        for cell in cells:
            objective = np.zeros(len(unknown))
            objective[column[cell]] = 1
            ends = []
            for sign in (1, -1):
                solved = linprog(
                    sign * objective,
                    A_eq=matrix if len(right) else None,
                    b_eq=right if len(right) else None,
                    bounds=[(low, None) for low in least],
                    method="highs",
                )
                assert solved.status in {0, 3}, solved.message
                ends.append(sign * solved.fun if solved.status == 0 else -sign * np.inf)
            found[cell] = ends[0], ends[1]
        return found

    def _equations(self, column: dict[Cell, int]) -> tuple[csr_array, np.ndarray]:
        parts: dict[tuple[str, Cell], list[Cell]] = {}
        for level, code, partner in self.published:
            if level:
                up = WAYS_UP[level]
                parts.setdefault(("goods", (up, code[:up] or "TOTAL", partner)), []).append((level, code, partner))
            if partner != "ALL":
                parts.setdefault(("partners", (level, code, "ALL")), []).append((level, code, partner))
        rows, columns, signs, right = [], [], [], []
        for (_, whole), some in parts.items():
            if whole not in self.published:  # quantities are of leaves alone
                continue
            terms = [(whole, 1.0), *((part, -1.0) for part in some)]
            known = -sum(sign * value for cell, sign in terms if (value := self.published[cell]) is not None)
            hidden = [(column[cell], sign) for cell, sign in terms if cell in column]
            if hidden:
                rows += [len(right)] * len(hidden)
                columns += [number for number, _ in hidden]
                signs += [sign for _, sign in hidden]
                right.append(known)
        return csr_array((signs, (rows, columns)), shape=(len(right), len(column))), np.array(right)
