"""Protection by the cheapest ways round through the table."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from sandan.statistics.network import Arcs, Network

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sandan.statistics.table import Flags, Ids, Numbers, Table
    from sandan.statistics.targets import Target

_SMALLEST = 1 / 64  # part of the need that a way must carry at least, where several share it
#: of more leaf arcs than that, some are looked at first: hidden ones, and as many others
_MANY, _SOME = 4000, 1000


class Detours:
    """Ways round of one table, or of what is below one of its nodes: a small network is soon searched."""

    def __init__(self, table: Table, arcs: Arcs, depth: int = 0, node: int = 0) -> None:
        """Lay out the network."""
        self.table, self.arcs = table, arcs
        self.network = Network(arcs, arcs.below(depth, node))
        place = arcs.place[self.network.ids]
        leaf = np.flatnonzero(place >= 0)
        column = place[leaf] % table.width
        limited = leaf[column != table.margin]
        #: leaf arcs of single partners; the widest first: for a large need, few of them are looked at
        self.limited = limited[np.argsort(-table.room.usable[0, place[limited]], kind="stable")]
        place = place[self.limited]
        self.row, self.column = np.divmod(place, table.width)
        self.usable, self.robust, self.owners = (
            capacity.take(place, axis=1) for capacity in (table.room.usable, table.room.robust, table.room.owner)
        )

    def cheapest(self, target: Target, cost: Numbers) -> tuple[float, Ids]:
        """Cells that let the target move, whoever looks on, and what they cost; no cells if none do.

        Either ways that nobody sees through, or any, and for each who sees through them others that he does not.
        """
        cost = self.arcs.cost(cost)[self.network.ids]
        wide = int(np.searchsorted(-self.usable[0], -_SMALLEST * target.need[0, 0], side="right"))
        best, cells = np.inf, np.array([], dtype=np.int64)
        for some in self._choices(target, cost, wide):
            search = _Search(self, target, cost, some)
            for ways in (search.unseen, search.by_observer):
                found = ways(best)
                if found is not None and search.price(found) < best:
                    best, cells = search.price(found), self.arcs.cells(self.network.ids[found])
                if best == 0:
                    return best, cells
            if best < np.inf and len(some) >= wide:
                break
        return best, cells

    def _choices(self, target: Target, cost: Numbers, wide: int) -> Iterator[Ids]:
        """Leaf arcs to look at, by number: of many those that promise most; all wide enough; narrow ones as well.

        These can be of use against the target's own largest contributor, who needs less not to see through.
        """
        if wide > _MANY:
            own = self.own_rows(target, self.row[:wide])
            price = cost[self.limited[:wide]]
            hidden = np.flatnonzero(~own & (price == 0))[:_SOME]
            enough = int(np.searchsorted(-self.usable[0], -target.need[0, 0], side="right"))
            others = np.flatnonzero(~own[:enough] & (price[:enough] > 0))
            cheap = others[np.argsort(price[others], kind="stable")[:_SOME]]
            yield np.sort(np.concatenate([np.flatnonzero(own), hidden, cheap]))
        yield np.arange(wide)
        yield np.arange(len(self.limited))

    def own_rows(self, target: Target, row: Ids) -> Flags:
        """Of leaf arcs in these rows, whether they are of the target's goods."""
        first, last = self.table.below(target.depth, target.node)
        return (row >= first) & (row < last)


class _Search:
    """The search for ways of one target over some leaf arcs."""

    def __init__(self, detours: Detours, target: Target, cost: Numbers, some: Ids) -> None:
        """`cost` is that of each arc of the network."""
        self._detours, self._target, self._cost = detours, target, cost
        self._own = detours.network.number(detours.arcs.of(target.depth, target.node, target.column))
        self._some, self._limited, self._owners = some, detours.limited[some], detours.owners[:, some]
        self._usable, self._robust = detours.usable[:, some], detours.robust[:, some]
        self._inside = detours.own_rows(target, detours.row[some])
        self._other_code = ~self._inside
        if target.column != detours.table.margin:
            self._inside &= detours.column[some] == target.column

    def price(self, ways: Ids) -> float:
        """What they newly hide."""
        return float(self._cost[ways].sum())

    def unseen(self, most: float) -> Ids | None:
        """Ways that nobody sees through, for `most`."""
        usable, robust = self._shares()
        carried = self._carry_all(self._cost, np.minimum(usable, robust), most)
        return None if carried is None else carried[0]

    def by_observer(self, most: float) -> Ids | None:
        """Any ways, and others for those who see through them: hidden ones for all of these, else some for each."""
        usable, robust = self._shares()
        carried = self._carry_all(self._cost, usable, most)
        if carried is None:
            return None
        chosen, amount = carried
        most -= self.price(chosen)
        if most < 0:
            return None
        observers = np.unique(self._owners[(robust < amount) & (amount > 0)])
        cost = self._cost.copy()
        cost[chosen] = 0.0
        theirs = np.isin(self._owners, observers)
        others = self._carry_all(cost, np.where(theirs, robust, usable), 0.0)
        if others is not None:
            return np.union1d(chosen, others[0])
        for observer in observers:
            usable, robust = self._shares(observer)
            others = self._carry_all(cost, np.where(self._owners == observer, robust, usable), most)
            if others is None:
                return None
            chosen = np.union1d(chosen, others[0])
            cost[chosen] = 0.0
        return chosen

    def _carry_all(self, cost: Numbers, room: Numbers, most: float) -> tuple[Ids, Numbers] | None:
        """`_carry` of all measures on the same ways; where there are none, of each on its own."""
        together = self._carry(cost, room.min(axis=0), most)
        if together is not None:
            return together[0], np.broadcast_to(together[1], room.shape)
        cost, amount = cost.copy(), np.zeros_like(room)
        ways: list[Ids] = []
        for measure in np.flatnonzero(self._target.need.ravel() > 0):
            alone = self._carry(cost, room[measure], most)
            if alone is None:
                return None
            ways.append(alone[0])
            amount[measure] = alone[1]
            cost[alone[0]] = 0.0
        return np.unique(np.concatenate(ways)), amount

    def _carry(self, cost: Numbers, room: Numbers, most: float) -> tuple[Ids, Numbers] | None:
        """Ways that together carry the need, and what each leaf cell carries; the widest ways first."""
        cost, amount = cost.copy(), np.zeros_like(room)
        chosen: list[Ids] = []
        left, part = 1.0, 1.0
        while left > 0:
            way = self._way(cost, room - amount >= part, most)
            if way is not None:
                is_on = np.zeros(len(cost), dtype=np.bool_)
                is_on[way] = True
                amount[is_on[self._limited]] += part
                left -= part
                chosen.append(way)
                cost[way] = 0.0
                part = min(part, left)
            elif part > _SMALLEST and (part < left or self._way(cost, room >= _SMALLEST, most) is not None):
                part /= 2
            else:
                return None
        return np.unique(np.concatenate(chosen)), amount

    def _way(self, cost: Numbers, wide: Flags, most: float) -> Ids | None:
        if self._own is None:  # the grand total
            return None
        is_closed = np.ones(len(self._detours.limited), dtype=np.bool_)
        is_closed[self._some[wide]] = False
        return self._detours.network.way_round(self._own, cost, self._detours.limited[is_closed], most)

    def _shares(self, observer: int | None = None) -> tuple[Numbers, Numbers]:
        """Of each measure (the last one is the quantity) and leaf cell: what it can carry, as a share of the need.

        First what it can carry unseen by all but its largest contributor, then unseen by all. The target's own
        largest contributors need less not to see through.
        """
        target = self._target
        own = self._inside & (self._owners == target.owner)
        need = target.need if observer is None else target.towards(observer).need
        usable = _share(self._usable, need)
        robust = _share(self._robust, np.where(own, target.need_inside, need))
        for shares in (usable, robust):
            shares[-1, self._other_code] = np.inf  # quantities of other codes need not move
            if target.alone:
                shares[:, self._inside] = np.inf
        return usable, robust


def _share(amount: Numbers, need: Numbers) -> Numbers:
    return np.divide(amount, need, out=np.full_like(amount, np.inf), where=need > 0)
