"""Protection by any way round through the table, for targets that no simple move protects at a fair price."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from sandan.statistics.network import Network

if TYPE_CHECKING:
    from sandan.statistics.table import Flags, Ids, Numbers, Table
    from sandan.statistics.targets import Target

_SMALLEST = 1 / 64  # part of the need that a way must carry at least, where several share it


class Detours:
    """Ways round of one table, or of what is below one of its nodes: a small network is soon searched."""

    def __init__(self, table: Table, depth: int = 0, node: int = 0) -> None:
        """Lay out the network."""
        self._table = table
        self._network = Network(table, depth, node)
        leaf = self._network.leaf
        self._limited = np.flatnonzero((leaf >= 0) & (leaf % table.width != table.margin))
        self._places = leaf[self._limited]
        self._owners = table.room.owner.take(self._places, axis=1)

    def cheapest(self, target: Target, cost: Numbers) -> tuple[float, Ids]:
        """Cells that let the target move, whoever looks on, and what they cost; no cells if none do.

        Either ways that nobody sees through, or any, and for each who sees through them others that he does not.
        """
        options = [self._unseen(target, cost), self._by_observer(target, cost)]
        return min(
            ((float(cost[cells].sum()), cells) for cells in options if cells is not None),
            key=lambda option: option[0],
            default=(np.inf, np.array([], dtype=np.int64)),
        )

    def _unseen(self, target: Target, cost: Numbers) -> Ids | None:
        usable, robust = self._shares(target)
        carried = self._carry_all(target, cost, np.minimum(usable, robust))
        return None if carried is None else carried[0]

    def _by_observer(self, target: Target, cost: Numbers) -> Ids | None:
        usable, robust = self._shares(target)
        carried = self._carry_all(target, cost, usable)
        if carried is None:
            return None
        chosen, amount = carried
        cost = cost.copy()
        for observer in np.unique(self._owners[(robust < amount) & (amount > 0)]):
            cost[chosen] = 0.0
            usable, robust = self._shares(target, observer)
            carried = self._carry_all(target, cost, np.where(self._owners == observer, robust, usable))
            if carried is None:
                return None
            chosen = np.union1d(chosen, carried[0])
        return chosen

    def _carry_all(self, target: Target, cost: Numbers, room: Numbers) -> tuple[Ids, Numbers] | None:
        """`_carry` of all measures on the same ways; where there are none, of each on its own."""
        together = self._carry(target, cost, room.min(axis=0))
        if together is not None:
            return together[0], np.broadcast_to(together[1], room.shape)
        cost, amount = cost.copy(), np.zeros_like(room)
        cells: list[Ids] = []
        for measure in np.flatnonzero(target.need.ravel() > 0):
            alone = self._carry(target, cost, room[measure])
            if alone is None:
                return None
            cells.append(alone[0])
            amount[measure] = alone[1]
            cost[alone[0]] = 0.0
        return np.unique(np.concatenate(cells)), amount

    def _carry(self, target: Target, cost: Numbers, room: Numbers) -> tuple[Ids, Numbers] | None:
        """Cells of the ways that together carry the need, and what each leaf cell carries; the widest ways first."""
        cost, amount = cost.copy(), np.zeros_like(room)
        chosen: list[Ids] = []
        left, part = 1.0, 1.0
        while left > 0:
            way = self._way(target, cost, room - amount < part)
            if way is not None:
                amount[np.isin(self._limited, way)] += part
                left -= part
                chosen.append(self._network.cells[way])
                cost[chosen[-1]] = 0.0
                part = min(part, left)
            elif part > _SMALLEST:
                part /= 2
            else:
                return None
        return np.unique(np.concatenate(chosen)), amount

    def _way(self, target: Target, cost: Numbers, narrow: Flags) -> Ids | None:
        closed = np.zeros(len(self._network.cells), dtype=np.bool_)
        closed[self._limited[narrow]] = True
        return self._network.way_round(self._table.cell(target.depth, target.node, target.column), cost, closed)

    def _shares(self, target: Target, observer: int | None = None) -> tuple[Numbers, Numbers]:
        """Of each measure (the last one is the quantity) and leaf cell: what it can carry, as a share of the need.

        First what it can carry unseen by all but its largest contributor, then unseen by all. The target's own
        largest contributors need less not to see through.
        """
        table = self._table
        row, column = np.divmod(self._places, table.width)
        first, last = table.below(target.depth, target.node)
        inside = (row >= first) & (row < last)
        if target.column != table.margin:
            inside &= column == target.column
        own = inside & (self._owners == target.owner)
        need = target.need if observer is None else target.towards(observer).need
        usable = _share(table.room.usable.take(self._places, axis=1), need)
        robust = _share(table.room.robust.take(self._places, axis=1), np.where(own, target.need_inside, need))
        for shares in (usable, robust):
            shares[-1, (row < first) | (row >= last)] = np.inf  # quantities of other codes need not move
            if target.alone:
                shares[:, inside] = np.inf
        return usable, robust


def _share(amount: Numbers, need: Numbers) -> Numbers:
    return np.divide(amount, need, out=np.full_like(amount, np.inf), where=need > 0)
