"""Secondary suppression: every unsafe cell of a table can move as far as it must, unseen."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from sandan.statistics.detours import Detours
from sandan.statistics.free import protected
from sandan.statistics.moves import Moves
from sandan.statistics.network import Arcs

if TYPE_CHECKING:
    from sandan.statistics.table import Flags, Ids, Numbers, Table
    from sandan.statistics.targets import Target, Targets

# before so many targets, or this part of them, those are left out that are protected by now
_FEW, _PORTIONS = 500, 8
_CHAPTER = 1  # depth
_DEAR = 1e-3  # share of the whole value that is worth a search by every way round


def hide(table: Table, hidden: Flags, targets: Targets) -> bool:
    """Hide what the targets need besides what is hidden already; False where one of them cannot be protected."""
    # one each: of two choices of equal value the one that hides fewer cells
    cost = np.where(hidden, 0.0, table.value + 1.0)
    dear = _DEAR * table.value[table.cell(0, 0, table.margin)]
    moves, detours = Moves(table, cost), _Detours(table)
    left = _unprotected(table, hidden, targets)
    while len(left):
        some = max(_FEW, len(left) // _PORTIONS)
        for target in _unprotected(table, hidden, left.take(slice(some))):
            price, cells = moves.cheapest(target)
            if price > dear:
                shorter, others = detours.cheapest(target, cost)
                if shorter < price:
                    price, cells = shorter, others.tolist()
                if not cells:
                    return False
            hidden[cells] = True
            cost[cells] = 0.0
        left = left.take(slice(some, None))
    return True


def _unprotected(table: Table, hidden: Flags, targets: Targets) -> Targets:
    return targets.take(~protected(table, hidden, targets))


class _Detours:
    """Networks of each chapter and of the whole table, made when they are asked for."""

    def __init__(self, table: Table) -> None:
        self._table, self._arcs = table, Arcs(table)
        self._made: dict[tuple[int, int], Detours] = {}

    def cheapest(self, target: Target, cost: Numbers) -> tuple[float, Ids]:
        """Those of the target's chapter; of the whole table where the chapter has none."""
        table = self._table
        if target.depth > _CHAPTER:
            leaf = table.below(target.depth, target.node)[0]
            found = self._of(_CHAPTER, int(table.ancestor[_CHAPTER][leaf])).cheapest(target, cost)
            if len(found[1]):
                return found
        return self._of(0, 0).cheapest(target, cost)

    def _of(self, depth: int, node: int) -> Detours:
        if (depth, node) not in self._made:
            self._made[depth, node] = Detours(self._table, self._arcs, depth, node)
        return self._made[depth, node]
