"""One table of a period and flow as arrays: cells of every level by node and column, capacities of the leaves."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from sandan.statistics.cells import LEVELS, MEASURES
from sandan.statistics.rules import Contributed

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Numbers = NDArray[np.float64]
    Ids = NDArray[np.int64]
    Owners = NDArray[np.int32]
    Flags = NDArray[np.bool_]

DEEPEST = len(LEVELS) - 1
_NOISE = 1e-9


@dataclass(frozen=True)
class Capacities:
    """How far leaves can move: of each measure (first axis, quantity last) and cell, leaf by leaf, column by column.

    `usable`: what all but the second largest contributor hold; a cell moves that far unknown to all but the largest.
    `robust`: what all but the largest hold; a cell moves that far, whoever looks on. `owner`: the largest contributor.
    Cells of all partners follow those of their partners: they move as far as one likes.
    """

    usable: Numbers
    robust: Numbers
    owner: Owners

    def without_quantity(self) -> Capacities:
        """Those of the other measures: quantities of different codes are not tied to each other."""
        return Capacities(self.usable[:-1], self.robust[:-1], self.owner[:-1])


class Table:
    """The cells of one period and flow.

    A cell's id is `start[depth] + node × width + column`, where depth counts the levels from all goods (0) to leaves
    (4). Nodes of a level are in the order of their codes, so the leaves below a node are neighbours.
    """

    def __init__(self, rows: pa.Table) -> None:
        """Lay out the rows of `cells.cells` that have one number of `table`."""
        depth = np.searchsorted(LEVELS, _integers(rows, "hs_level"))
        node, column = _integers(rows, "node"), _integers(rows, "column")
        nodes = [int(node[depth == d].max()) + 1 for d in range(DEEPEST + 1)]
        self.width = int(column.max()) + 1
        self.margin = self.width - 1
        self.leaves = nodes[DEEPEST]
        self.start = np.concatenate([[0], np.cumsum(nodes)]) * self.width
        self.cells: Ids = self.start[depth] + node * self.width + column
        self.depth, self.node, self.column = depth, node, column
        self.exists = self._spread(np.ones(len(depth), dtype=np.bool_))
        #: of each measure (the quantity last) and cell: the total, the largest contribution and whose it is
        self.totals, self.largest = (
            np.stack([self._spread(_numbers(rows, f"{measure}{suffix}")) for measure in (*MEASURES, "qty1")])
            for suffix in ("", "_first")
        )
        self.owners = np.stack([self._spread(_integers(rows, f"{measure}_owner")) for measure in (*MEASURES, "qty1")])
        self.value = self.totals[0]
        self.contributed = Contributed(
            _numbers(rows, MEASURES[0]),
            _integers(rows, "contributors"),
            _numbers(rows, f"{MEASURES[0]}_first"),
            _numbers(rows, f"{MEASURES[0]}_second"),
        )
        codes = rows.filter(pc.field("hs_level") == LEVELS[-1])
        self.ancestor = self._ancestors(codes)
        self.first_leaf = [np.searchsorted(line, np.arange(nodes[d] + 1)) for d, line in enumerate(self.ancestor)]
        #: of each row, the first leaf below, and the id of the cell above (of all goods: its own)
        self.leaf_below = np.zeros(len(depth), dtype=np.int64)
        self.parents = self.cells.copy()
        for d in range(DEEPEST + 1):
            here = depth == d
            leaf = self.leaf_below[here] = self.first_leaf[d][node[here]]
            if d:
                self.parents[here] = self.start[d - 1] + self.ancestor[d - 1][leaf] * self.width + column[here]
        #: of each row, whether it is all there is of the cell above
        children = np.bincount(self.parents[depth > 0], minlength=int(self.start[-1]))
        self.only: Flags = (depth > 0) & (children[self.parents] == 1)
        self.room = self._capacities(rows)
        #: leaves whose quantity is published for all partners: only there quantities of partners tell of each other
        margins = (depth == DEEPEST) & (column == self.margin)
        tied = margins & rows["qty1"].is_valid().to_numpy()
        self.quantity_tied = np.isin(np.arange(self.leaves), node[tied])

    def cell(self, depth: int, node: int, column: int) -> int:
        """Id of one cell."""
        return int(self.start[depth]) + node * self.width + column

    def below(self, depth: int, node: int) -> tuple[int, int]:
        """The first leaf below a node, and the one after the last."""
        return int(self.first_leaf[depth][node]), int(self.first_leaf[depth][node + 1])

    def line(self, depth: int, leaf: int) -> int:
        """Id of the first cell of a leaf's ancestor."""
        return int(self.start[depth]) + int(self.ancestor[depth][leaf]) * self.width

    def _spread(self, values: NDArray[np.generic]) -> NDArray[np.generic]:
        everywhere = np.zeros(self.start[-1], dtype=values.dtype)
        everywhere[self.cells] = values
        return everywhere

    def _ancestors(self, leaves: pa.Table) -> list[Ids]:
        """Of each depth, the node above each leaf."""
        nodes = _integers(leaves, "node")
        codes = np.empty(self.leaves, dtype=object)
        codes[nodes] = leaves["hs_code"].to_numpy(zero_copy_only=False)
        return [np.unique([code[:level] for code in codes], return_inverse=True)[1] for level in LEVELS]

    def _capacities(self, rows: pa.Table) -> Capacities:
        measures = (*MEASURES, "qty1")
        leaf = self.depth == DEEPEST
        place = self.node[leaf] * self.width + self.column[leaf]
        usable = np.zeros((len(measures), self.leaves * self.width))
        robust = np.zeros_like(usable)
        owner = np.full(usable.shape, -1, dtype=np.int32)
        for number, measure in enumerate(measures):
            value = _numbers(rows, measure)[leaf]
            robust[number, place] = rest(value, _numbers(rows, f"{measure}_first")[leaf])
            usable[number, place] = rest(value, _numbers(rows, f"{measure}_second")[leaf])
            owner[number, place] = _integers(rows, f"{measure}_owner")[leaf]
        for capacity in (usable, robust):
            capacity.reshape(len(measures), self.leaves, self.width)[:, :, self.margin] = np.inf
        owner.reshape(len(measures), self.leaves, self.width)[:, :, self.margin] = -1
        return Capacities(usable, robust, owner)


def rest(whole: Numbers, part: Numbers) -> Numbers:
    """What is left of a whole; nothing where it is no more than the error of floating point."""
    left: Numbers = whole - part
    return np.where(left > _NOISE * whole, left, 0.0)


def _numbers(rows: pa.Table, name: str) -> Numbers:
    found: Numbers = np.nan_to_num(rows[name].cast(pa.float64()).to_numpy())
    return found


def _integers(rows: pa.Table, name: str) -> Ids:
    found: Ids = rows[name].cast(pa.int64()).to_numpy()
    return found
