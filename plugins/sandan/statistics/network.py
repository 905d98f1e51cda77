"""The table as a network, for targets that no simple move protects.

Sums over the tree of goods and sums over partners are a network: its nodes are the sums (a leaf over partners, a
heading over what is below it for each partner), its arcs the cells, each in the two sums that it takes part in. A way
round through an arc is a change that no published number shows, if the cells on it are hidden (Kelly, Golden and
Assad 1992; shortest ways: Castro 2007).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra

from sandan.statistics.table import DEEPEST

if TYPE_CHECKING:
    from sandan.statistics.table import Flags, Ids, Numbers, Table

_NO_WAY = -9999  # of scipy: a node without predecessor
_LEAST = 1e-3  # an arc of length 0 would be none


class Network:
    """Nodes and arcs of one table, or of what is below one of its nodes.

    Arc n is cell `cells[n]`; `leaf[n]` is its place among leaf cells, or −1.
    """

    def __init__(self, table: Table, depth: int, node: int) -> None:
        """Lay out the arcs of all cells below a node; for all goods also of its own, but the grand total stands."""
        first, last = table.below(depth, node)
        inside = (table.leaf_below >= first) & (table.leaf_below < last)
        inside &= (table.depth > depth) if depth else (table.cells != table.cell(0, 0, table.margin))
        cells, leaf = table.cells[inside], table.node[inside]
        is_leaf = table.depth[inside] == DEEPEST
        sums = int(table.start[DEEPEST])
        # nodes: sums over goods by cell id, sums over partners by leaf, what is outside
        lower = np.where(is_leaf, sums + leaf, cells)
        upper = np.where(table.depth[inside] == 0, sums + table.leaves, table.parents[inside])
        names, ends = np.unique(np.concatenate([lower, upper]), return_inverse=True)
        lower, upper = np.split(ends, 2)
        self.cells: Ids = cells
        self.leaf: Ids = np.where(is_leaf, cells - sums, -1)
        self._ends = lower, upper
        self._number = {int(cell): n for n, cell in enumerate(cells)}
        arcs = np.arange(len(cells), dtype=float)
        self._graph = csr_array(
            (np.concatenate([arcs, arcs]), (np.concatenate([lower, upper]), np.concatenate([upper, lower]))),
            shape=(len(names), len(names)),
        )
        self._arcs = self._graph.data.astype(np.int64)

    def way_round(self, cell: int, cost: Numbers, closed: Flags) -> Ids | None:
        """The arcs of the cheapest way round through a cell, without its own; None if all are closed."""
        own = self._number.get(cell)
        if own is None:  # the grand total
            return None
        length = np.where(closed, np.inf, cost[self.cells] + _LEAST)
        length[own] = np.inf
        graph = csr_array((length[self._arcs], self._graph.indices, self._graph.indptr), shape=self._graph.shape)
        lower, upper = int(self._ends[0][own]), int(self._ends[1][own])
        distance, before = dijkstra(graph, indices=lower, return_predecessors=True)
        if not np.isfinite(distance[upper]):
            return None
        way = []
        node = upper
        while before[node] != _NO_WAY:
            way.append(self._arc(int(before[node]), node))
            node = int(before[node])
        return np.array(way)

    def _arc(self, one: int, other: int) -> int:
        begin, end = self._graph.indptr[one], self._graph.indptr[one + 1]
        return int(self._arcs[begin + np.flatnonzero(self._graph.indices[begin:end] == other)[0]])
