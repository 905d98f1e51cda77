"""What has to be protected in one table: unsafe cells, and how far each must be able to move."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from sandan.statistics.table import DEEPEST, Table, rest

if TYPE_CHECKING:
    from sandan.statistics.rules import Levels
    from sandan.statistics.table import Ids, Numbers

#: levels are reached in floating point; a millionth more than the rule asks outweighs its error
_MORE = 1 + 1e-6
#: of the measures: the largest contributor to those in money is the one that the rules are about
_MONEY = np.array([[True], [True], [False], [False]])
_COUNTED = np.array([[False], [False], [False], [True]])


@dataclass(frozen=True)
class Target:
    """An unsafe cell.

    `need` is how far it must move, a measure each (the quantity last; 0 where none is published that could tell),
    whoever looks on but its own largest contributor to the measure, `owner`, for whom `need_inside` is enough in leaves
    that the cell itself consists of. `alone`: it is a single leaf and partner.
    """

    depth: int
    node: int
    column: int
    owner: Ids
    need: Numbers
    need_inside: Numbers
    alone: bool

    def towards(self, observer: int) -> Target:
        """The same for one of its largest contributors."""
        return replace(self, need=np.where(self.owner == observer, self.need_inside, self.need))


def targets(table: Table, levels: Levels) -> list[Target]:
    """The unsafe cells, the highest level first, the farthest to move first.

    A cell that is all there is of the cell above it has the same numbers, and whatever moves the one moves the other:
    it is left out, the one above stands for both.
    """
    unsafe, either, largest = (np.zeros(table.start[-1], dtype=kind) for kind in (np.bool_, float, float))
    unsafe[table.cells] = levels.unsafe
    either[table.cells], largest[table.cells] = levels.either, levels.largest
    only = table.only
    order = np.argsort(-table.depth, kind="stable")
    for row in order[unsafe[table.cells[order]] | only[order]]:
        cell, parent = table.cells[row], table.parents[row]
        if only[row] and unsafe[cell]:
            unsafe[parent] = True
            either[parent] = max(either[parent], either[cell])
            largest[parent] = max(largest[parent], largest[cell])
    chosen = np.flatnonzero(unsafe[table.cells] & ~only)
    leaf_cells = table.exists[table.start[DEEPEST] :].reshape(table.leaves, table.width).astype(np.int64)
    leaf_cells[:, table.margin] = leaf_cells[:, : table.margin].sum(axis=1)
    before = np.vstack([np.zeros((1, table.width), dtype=np.int64), leaf_cells.cumsum(axis=0)])
    ids = table.cells[chosen]
    chosen = chosen[np.lexsort((ids, -either[ids] * table.value[ids], table.depth[chosen]))]
    found = []
    for row in chosen:
        cell, depth, node, column = (
            int(x) for x in (table.cells[row], table.depth[row], table.node[row], table.column[row])
        )
        first, last = table.below(depth, node)
        existing = np.flatnonzero(leaf_cells[first:last, column]) + first
        tied = len(existing) == 1 and bool(table.quantity_tied[existing[0]])
        place = table.line(DEEPEST, int(existing[0])) + column if len(existing) == 1 else cell
        total = np.where(_COUNTED & (not tied), 0.0, table.totals[:, place, None])
        others = rest(total, np.minimum(table.largest[:, place, None], total))
        found.append(
            Target(
                depth=depth,
                node=node,
                column=column,
                owner=table.owners[:, place, None],
                need=either[cell] * total * _MORE,
                need_inside=np.where(_MONEY, largest[cell] * total, either[cell] * others) * _MORE,
                alone=bool(before[last, column] - before[first, column] == 1),
            )
        )
    return found
