"""The table as a network, for whatever ways round there are.

Sums over the tree of goods and sums over partners are a network: its nodes are the sums (a leaf over partners, a
heading over what is below it for each partner), its arcs the cells, each in the two sums that it takes part in. A way
round through an arc is a change that no published number shows, if the cells on it are hidden (Kelly, Golden and
Assad 1992; shortest ways: Castro 2007). Cells that are all there is of each other are one arc.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra

from sandan.statistics.table import DEEPEST

if TYPE_CHECKING:
    from sandan.statistics.table import Ids, Numbers, Table

_NO_WAY = -9999  # of scipy: a node without predecessor
_LEAST = 1e-3  # an arc of length 0 would be none
_CLOSED = 1e30  # longer than any way


class Arcs:
    """The arcs of a table, each a cell with what is all there is of it, down to the last.

    Of each row of the table, `of_row` is its arc. Of each arc, `depth` is that of its highest cell, `leaf_below` the
    first leaf below, `place` that of its cell among leaf cells (−1: none), `ends` are the sums below and above it,
    `above` is the arc above (of all goods: its own).
    """

    def __init__(self, table: Table) -> None:
        """Chain the cells of a table."""
        row_of = np.zeros(table.start[-1], dtype=np.int64)
        row_of[table.cells] = np.arange(len(table.cells))
        highest = np.arange(len(table.cells))
        for depth in range(1, DEEPEST + 1):
            here = table.only & (table.depth == depth)
            highest[here] = highest[row_of[table.parents[here]]]
        tops, self.of_row = np.unique(highest, return_inverse=True)
        bottoms = tops.copy()
        for depth in range(1, DEEPEST + 1):
            here = table.depth == depth
            bottoms[self.of_row[here]] = np.flatnonzero(here)
        sums = int(table.start[DEEPEST])
        is_leaf = table.depth[bottoms] == DEEPEST
        # nodes: sums over goods by cell id, sums over partners by leaf, what is outside
        lower = np.where(is_leaf, sums + table.node[bottoms], table.cells[bottoms])
        upper = np.where(table.depth[tops] == 0, sums + table.leaves, table.parents[tops])
        self.ends = np.stack([lower, upper])
        self.depth: Ids = table.depth[tops]
        self.leaf_below: Ids = table.leaf_below[tops]
        self.place: Ids = np.where(is_leaf, table.cells[bottoms] - sums, -1)
        self._of_cell = np.zeros(table.start[-1], dtype=np.int64)
        self._of_cell[table.cells] = self.of_row
        self.above = self._of_cell[table.parents[tops]]
        self._table = table

    def cost(self, of_cells: Numbers) -> Numbers:
        """What it costs to hide each arc, by what it costs to hide each cell."""
        cost: Numbers = np.bincount(self.of_row, weights=of_cells[self._table.cells]).astype(np.float64, copy=False)
        return cost

    def cells(self, arcs: Ids) -> Ids:
        """The cells of some arcs."""
        chosen = np.zeros(len(self.depth), dtype=np.bool_)
        chosen[arcs] = True
        return self._table.cells[chosen[self.of_row]]

    def of(self, depth: int, node: int, column: int) -> int:
        """The arc of a cell."""
        return int(self._of_cell[self._table.cell(depth, node, column)])

    def below(self, depth: int, node: int) -> Ids:
        """Arcs below a node; for all goods also its own, but the grand total stands."""
        first, last = self._table.below(depth, node)
        inside = (self.leaf_below >= first) & (self.leaf_below < last)
        if depth:
            inside &= self.depth > depth
        else:
            inside[self.of(0, 0, self._table.margin)] = False
        return np.flatnonzero(inside)


class Network:
    """Some arcs of a table: arc n is number `ids[n]` among all."""

    def __init__(self, arcs: Arcs, ids: Ids) -> None:
        """Lay out the arcs."""
        self.ids = ids
        names, ends = np.unique(arcs.ends[:, ids], return_inverse=True)
        self._ends = lower, upper = ends.reshape(2, -1)
        near, far = np.concatenate([lower, upper]), np.concatenate([upper, lower])
        order = np.argsort(near, kind="stable")
        # by node: the arcs that end there, and their other ends; several may join the same two
        self._arcs, self._far = order % len(ids), far[order]
        self._first = np.searchsorted(near[order], np.arange(len(names) + 1))
        length = np.empty(len(order))
        self._graph = csr_array((length, self._far, self._first), shape=(len(names), len(names)))

    def number(self, arc: int) -> int | None:
        """Which of its arcs this one is."""
        found = int(np.searchsorted(self.ids, arc))
        return found if found < len(self.ids) and self.ids[found] == arc else None

    def way_round(self, own: int, cost: Numbers, closed: Ids, most: float = np.inf) -> Ids | None:
        """The cheapest way round through an arc, without it and closed ones; None if there is none for `most`."""
        of_arcs = cost + _LEAST
        of_arcs[closed] = of_arcs[own] = _CLOSED
        length = self._graph.data
        np.take(of_arcs, self._arcs, out=length, mode="clip")
        lower, upper = int(self._ends[0][own]), int(self._ends[1][own])
        limit = min(most + 1.0, _CLOSED / 2)
        distance, before = dijkstra(self._graph, indices=lower, return_predecessors=True, limit=limit)
        if not np.isfinite(distance[upper]):
            return None
        way = []
        node = upper
        while before[node] != _NO_WAY:
            previous = int(before[node])
            here = slice(self._first[previous], self._first[previous + 1])
            way.append(self._arcs[here][np.argmin(np.where(self._far[here] == node, length[here], np.inf))])
            node = previous
        return np.array(way)
