"""Targets that what is hidden already protects: most of them, found for all at once.

The moves are those of `sandan.statistics.moves`; only hidden cells are looked at, and of those the largest few.
"""

from __future__ import annotations

from math import prod
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from sandan.statistics.table import DEEPEST

if TYPE_CHECKING:
    from sandan.statistics.table import Capacities, Flags, Ids, Table
    from sandan.statistics.targets import Targets

#: leaves of a target, companions at each level, partners: few of each do for most targets, more for some of the others
_FEW, _MORE = (2, 6, 12), (4, 16, 32)
_AT_ONCE = 3_000_000  # moves
_NOBODY = -1


class _Moves(NamedTuple):
    """Some moves: the target of each, and who sees through it (a column each leaf cell and measure)."""

    target: Ids
    seen_by: Ids


class _Rectangles(NamedTuple):
    """Targets, each with the leaves and columns of a move."""

    target: Ids
    a: Ids
    b: Ids
    c: Ids
    q: Ids

    def take(self, kept: Flags) -> _Rectangles:
        """Those that are marked."""
        return _Rectangles(*(ids[kept] for ids in self))


def protected(table: Table, hidden: Flags, targets: Targets) -> Flags:
    """Whether hidden cells alone let each target move; False may also mean that it takes a longer search."""
    found = np.zeros(len(targets), dtype=np.bool_)
    for width in (_FEW, _MORE):
        left = np.flatnonzero(~found)
        if not len(left):
            break
        search = _Search(table, hidden, *width)
        for some in np.array_split(left, prod(width) * len(left) // _AT_ONCE + 1):
            found[some] = search.protected(targets.take(some))
    return found


class _Search:
    """The hidden leaf cells, the largest of each row and of each group first."""

    def __init__(self, table: Table, hidden: Flags, leaves: int, rows: int, columns: int) -> None:
        self._table, self._hidden = table, hidden
        self._most_leaves, self._most_rows = leaves, rows
        leaf = hidden[table.start[DEEPEST] :].reshape(table.leaves, table.width)
        self._rows, self._columns = np.nonzero(leaf[:, : table.margin])
        self._room = table.room.usable[0, self._rows * table.width + self._columns]
        across = self._largest(self._rows, np.arange(table.leaves), columns)
        margin = np.where(leaf[:, table.margin], table.margin, -1)
        self._across = np.column_stack([np.where(across < 0, -1, self._columns[across]), margin])

    def _largest(self, group: Ids, wanted: Ids, most: int) -> Ids:
        """Numbers of the hidden cells with the most room of each wanted group; −1 fills up."""
        order = np.lexsort((-self._room, group))
        names, first = np.unique(group[order], return_index=True)
        ends = np.append(first[1:], len(order))
        place = np.minimum(np.searchsorted(names, wanted), max(len(names) - 1, 0))
        if not len(names):
            return np.full((len(wanted), most), -1)
        position = first[place][:, None] + np.arange(most)
        there = (names[place] == wanted)[:, None] & (position < ends[place][:, None])
        return np.where(there, order[np.minimum(position, len(order) - 1)], -1)

    def protected(self, many: Targets) -> Flags:
        """Whether each of the targets moves."""
        table = self._table
        done: Flags = np.all(many.need == 0, axis=0)
        seen: list[_Moves] = []
        for ancestor in range(DEEPEST - 1, -1, -1):
            open_ = np.flatnonzero(~done & (many.depth > ancestor) & (many.column != table.margin))
            if not len(open_):
                continue
            moves = self._moves(many, open_, ancestor)
            done[moves.target[(moves.seen_by == _NOBODY).all(axis=1)]] = True
            seen.append(moves)
            if moves.target.size:
                done[_by_two(seen, done)] = True
        return done

    def _moves(self, many: Targets, chosen: Ids, ancestor: int) -> _Moves:
        """Moves of the chosen targets to leaves with which they have an ancestor at this depth in common."""
        table = self._table
        target, a = self._leaves(many, chosen)
        column = many.column[target]
        above = table.ancestor[ancestor]
        group = above[self._rows] * table.width + self._columns
        down = self._largest(group, above[a] * table.width + column, self._most_rows)
        rows = np.where(down < 0, -1, self._rows[down])
        across = self._across[a]
        exist = (rows >= 0)[:, :, None] & ((across >= 0) & (across != column[:, None]))[:, None, :]
        line, n, m = np.nonzero(exist)
        some = _Rectangles(target[line], a[line], rows[line, n], column[line], across[line, m])
        some = self._hidden_ones(many, some, ancestor)
        some = some.take(self._reach(many, some))
        return _Moves(some.target, self._seen_by(many, some))

    def _leaves(self, many: Targets, chosen: Ids) -> tuple[Ids, Ids]:
        """Hidden leaves of the targets, and the target of each."""
        table = self._table
        targets, leaves = [], []
        for depth in np.unique(many.depth[chosen]):
            some = chosen[many.depth[chosen] == depth]
            group = table.ancestor[depth][self._rows] * table.width + self._columns
            found = self._largest(group, many.node[some] * table.width + many.column[some], self._most_leaves)
            line, n = np.nonzero(found >= 0)
            targets.append(some[line])
            leaves.append(self._rows[found[line, n]])
        return np.concatenate(targets), np.concatenate(leaves)

    def _hidden_ones(self, many: Targets, some: _Rectangles, ancestor: int) -> _Rectangles:
        """Those whose b lies outside the target, and that change hidden cells alone."""
        table = self._table
        for level in range(ancestor + 1, DEEPEST + 1):
            of_a, of_b = table.ancestor[level][some.a], table.ancestor[level][some.b]
            kept = many.depth[some.target] != level
            outside = np.flatnonzero(of_a != of_b)
            kept[outside] = np.logical_and.reduce(
                [
                    self._hidden[table.start[level] + line[outside] * table.width + column[outside]]
                    for line in (of_a, of_b)
                    for column in (some.c, some.q)
                ]
            )
            some = some.take(kept)
        return some

    def _reach(self, many: Targets, some: _Rectangles) -> Flags:
        """Whether all leaf cells move far enough for who does not own them."""
        need = many.need[:, some.target]
        own, across, *others = (
            (capacities.usable[:, place] >= need[: len(capacities.usable)]).all(axis=0)
            for capacities, place in self._leaf_cells(some)
        )
        reached: Flags = np.logical_and.reduce([own | many.alone[some.target], across, *others])
        return reached

    def _seen_by(self, many: Targets, some: _Rectangles) -> Ids:
        need = many.need[:, some.target]
        inside, alone = many.need_inside[:, some.target], many.alone[some.target]
        lines = []
        for number, (capacities, place) in enumerate(self._leaf_cells(some)):
            measures = len(capacities.owner)
            owner, enough = capacities.owner[:, place], need[:measures]
            if number == 0:
                enough = np.where(owner == many.owner[:measures, some.target], inside[:measures], enough)
            seen = capacities.robust[:, place] < enough
            lines.append(np.where(seen & ~alone if number == 0 else seen, owner, _NOBODY))
        return np.vstack(lines).T

    def _leaf_cells(self, some: _Rectangles) -> list[tuple[Capacities, Ids]]:
        """The four leaf cells, the one in the target first; quantities of its code alone are tied."""
        room, width = self._table.room, self._table.width
        rows = (some.a, room), (some.b, room.without_quantity())
        return [(capacities, row * width + column) for row, capacities in rows for column in (some.c, some.q)]


def _by_two(found: list[_Moves], done: Flags) -> Ids:
    """Targets with two moves that no one sees through both: one with the fewest observers, and any other."""
    target = np.concatenate([moves.target for moves in found])
    seen_by = np.concatenate([moves.seen_by for moves in found])
    left = ~done[target]
    target, seen_by = target[left], seen_by[left]
    order = np.lexsort(((seen_by != _NOBODY).sum(axis=1), target))
    target, seen_by = target[order], seen_by[order]
    _, first, back = np.unique(target, return_index=True, return_inverse=True)
    shared = np.zeros(len(target), dtype=np.bool_)
    for observer in seen_by[first].T:
        one = observer[back]
        shared |= ((seen_by == one[:, None]) & (one != _NOBODY)[:, None]).any(axis=1)
    return np.unique(target[~shared])
