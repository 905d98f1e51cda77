"""What has to be protected in one table: unsafe cells, and how far each must be able to move."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from typing import TYPE_CHECKING

import numpy as np

from sandan.statistics.table import DEEPEST, Table, rest

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sandan.statistics.rules import Levels
    from sandan.statistics.table import Flags, Ids, Numbers

#: levels are reached in floating point; a millionth more than the rule asks outweighs its error
_MORE = 1 + 1e-6
#: of the measures: the largest contributor to those in money is the one that the rules are about
_MONEY = np.array([[True], [True], [False], [False]])


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


@dataclass(frozen=True)
class Targets:
    """Targets as arrays; measures on the first axis."""

    depth: Ids
    node: Ids
    column: Ids
    owner: Ids
    need: Numbers
    need_inside: Numbers
    alone: Flags

    def __len__(self) -> int:
        """How many they are."""
        return len(self.depth)

    def __iter__(self) -> Iterator[Target]:
        """Each of them."""
        for n in range(len(self)):
            place = int(self.depth[n]), int(self.node[n]), int(self.column[n])
            one = (slice(None), n, None)
            yield Target(*place, self.owner[one], self.need[one], self.need_inside[one], bool(self.alone[n]))

    def take(self, kept: Flags | Ids | slice) -> Targets:
        """Those that `kept` marks or numbers."""
        return Targets(*(getattr(self, name.name)[..., kept] for name in fields(self)))


def targets(table: Table, levels: Levels) -> Targets:
    """The unsafe cells, the highest level first, the farthest to move first.

    A cell that is all there is of the cell above it has the same numbers, and whatever moves the one moves the other:
    it is left out, the one above stands for both.
    """
    unsafe, either, largest = (np.zeros(table.start[-1], dtype=kind) for kind in (np.bool_, float, float))
    unsafe[table.cells] = levels.unsafe
    either[table.cells], largest[table.cells] = levels.either, levels.largest
    for depth in range(DEEPEST, 0, -1):
        rows = np.flatnonzero(table.only & (table.depth == depth))
        rows = rows[unsafe[table.cells[rows]]]
        cell, parent = table.cells[rows], table.parents[rows]
        unsafe[parent] = True
        for share in (either, largest):
            share[parent] = np.maximum(share[parent], share[cell])
    chosen = np.flatnonzero(unsafe[table.cells] & ~table.only)
    ids = table.cells[chosen]
    chosen = chosen[np.lexsort((ids, -either[ids] * table.value[ids], table.depth[chosen]))]
    cell, column = table.cells[chosen], table.column[chosen]
    is_one, leaf, alone = _leaf_below(table, chosen)
    place = np.where(is_one, table.start[DEEPEST] + leaf * table.width + column, cell)
    total = table.totals[:, place]
    total[-1, ~(is_one & table.quantity_tied[leaf])] = 0
    others = rest(total, np.minimum(table.largest[:, place], total))
    return Targets(
        depth=table.depth[chosen],
        node=table.node[chosen],
        column=column,
        owner=table.owners[:, place],
        need=either[cell] * total * _MORE,
        need_inside=np.where(_MONEY, largest[cell] * total, either[cell] * others) * _MORE,
        alone=alone,
    )


def _leaf_below(table: Table, rows: Ids) -> tuple[Flags, Ids, Flags]:
    """Of some cells: whether there is one leaf below in their column, the first there, whether it is one leaf cell."""
    column = table.column[rows]
    first = table.leaf_below[rows]
    ends = np.concatenate([leaves[1:] for leaves in table.first_leaf])
    last = ends[table.start[table.depth[rows]] // table.width + table.node[rows]]
    leaf_cells = table.exists[table.start[DEEPEST] :].reshape(table.leaves, table.width).astype(np.int64)
    leaf_cells[:, table.margin] = leaf_cells[:, : table.margin].sum(axis=1)
    exists = leaf_cells > 0
    leaves, cells = (
        np.vstack([np.zeros((1, table.width), dtype=np.int64), counted.cumsum(axis=0)])
        for counted in (exists, leaf_cells)
    )
    there = np.where(exists, np.arange(table.leaves)[:, None], table.leaves)
    following = np.minimum.accumulate(there[::-1], axis=0)[::-1]
    is_one, alone = (counted[last, column] - counted[first, column] == 1 for counted in (leaves, cells))
    return is_one, following[first, column], alone
