"""Moves: changes of the table that no published number shows.

A move takes an amount from one leaf a to another b for one partner, and back for another partner:

            p     q                      p     q
        a  +d    −d                  a  +d    −d        and its chain of ancestors up to all goods
        b  −d    +d

Sums of leaves and of partners stay. Ancestors of a and b below their common one move too, so all of these cells are
hidden; everything else may be published. b may be absent (then the chain up to all goods moves, and is hidden) or q
all partners (then the totals of a and b move), not both: the grand total stands.

Since leaves stay at least what any one looker-on contributed to them himself, nobody can tell the table from a moved
one, and a cell that moves by d is uncertain by d upwards and downwards. Where one contributor could tell, since a
leaf of the move is his, a second move that he does not see through makes up for it.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from sandan.statistics.table import DEEPEST, Table

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sandan.statistics.table import Capacities, Flags, Ids, Numbers, Owners
    from sandan.statistics.targets import Target

_CHAPTER = 1  # depth
_NONE: frozenset[int] = frozenset()
#: how much is looked at: leaves of an unsafe cell above leaves, companions, partners
_LEAVES, _ROWS, _COLUMNS = 6, 16, 16


class Move(NamedTuple):
    """Leaves `a` and `b` (−1: none), columns `c` and `q`."""

    a: int
    b: int
    c: int
    q: int


class Found(NamedTuple):
    """A move that a target can make, what it would newly hide (CNY), and who would see through it."""

    cost: float
    move: Move
    seen_by: frozenset[int]


@dataclass(frozen=True)
class Grade:
    """Of some leaf cells: whether each moves far enough, and who (a measure each) would see that it does not."""

    usable: Flags
    seen: Flags
    owner: Owners

    def take(self, kept: Flags | Ids) -> Grade:
        """Those that `kept` marks or numbers."""
        return Grade(self.usable[kept], self.seen[:, kept], self.owner[:, kept])

    def observers(self, number: int) -> frozenset[int]:
        """Who sees that cell `number` does not move."""
        return frozenset(self.owner[self.seen[:, number], number].tolist())

    def seen_by(self, who: frozenset[int]) -> Flags:
        """Of each cell, whether one of them sees that it does not move."""
        theirs = np.zeros(self.owner.shape, dtype=np.bool_)
        for one in who:  # few; np.isin is slow for few
            theirs |= self.owner == one
        seen: Flags = np.any(self.seen & theirs, axis=0)
        return seen


class Moves:
    """The search for moves of one table, at what it costs to hide each cell: 0 for those that are hidden."""

    def __init__(self, table: Table, cost: Numbers) -> None:
        """Search at a cost that the caller keeps up to date."""
        self._table = table
        self._cost = cost
        self._others = table.room.without_quantity()

    def cheapest(self, target: Target) -> tuple[float, list[int]]:
        """Cells of moves of which nobody sees through all, and what they cost."""
        price, chosen = _best(self._found(target))
        if not chosen:
            price, chosen = self._besides_owners(target)
        return price, [cell for move in chosen for cell in self._moved(move)]

    def _besides_owners(self, target: Target) -> tuple[float, list[Move]]:
        """Moves for all but the target's own largest contributors, and for each of these a smaller one."""
        owners = frozenset(target.owner.ravel().tolist())
        price, chosen = _best([found._replace(seen_by=found.seen_by - owners) for found in self._found(target)])
        for owner in sorted(owners) if chosen else ():
            unseen = [
                found for found in self._found(target.towards(owner), frozenset([owner])) if owner not in found.seen_by
            ]
            if not unseen:
                return np.inf, []
            best = min(unseen, key=lambda found: found.cost)
            price += best.cost
            chosen = [*chosen, best.move]
        return price, chosen

    def _found(self, target: Target, observers: frozenset[int] | None = None) -> list[Found]:
        """Some cheap moves; `observers` are those to whom they should be unseen, else everybody."""
        found: list[Found] = []
        for a in self._leaves(target)[:_LEAVES]:
            for some in self._of_leaf(target, int(a), observers):
                found += some
                price = _best(found)[0]
                if price < np.inf:
                    break
            else:
                continue
            if price == 0:
                break
        return found

    def _moved(self, move: Move) -> list[int]:
        table = self._table
        leaves = [leaf for leaf in (move.a, move.b) if leaf >= 0]
        return [
            table.line(depth, leaf) + column
            for depth in range(DEEPEST + 1)
            if move.b < 0 or table.ancestor[depth][move.a] != table.ancestor[depth][move.b]
            for leaf in leaves
            for column in (move.c, move.q)
        ]

    def _leaves(self, target: Target) -> Ids:
        """Leaves below the target, the cheapest to move first."""
        table = self._table
        first, last = table.below(target.depth, target.node)
        leaves: Ids = np.arange(first, last)
        leaves = leaves[table.exists[table.start[DEEPEST] + leaves * table.width + target.column]]
        if len(leaves) > 1:
            leaves = leaves[np.argsort(self._path(leaves, target.column, target.depth), kind="stable")]
        return leaves

    def _path(self, leaves: Ids, column: int, depth: int) -> Numbers:
        """What it costs to hide each leaf and its ancestors from this depth down, in one column."""
        table = self._table
        cost = np.zeros(len(leaves))
        for level in range(depth, DEEPEST + 1):
            cost += self._cost[table.start[level] + table.ancestor[level][leaves] * table.width + column]
        return cost

    def _of_leaf(self, target: Target, a: int, observers: frozenset[int] | None) -> Iterator[list[Found]]:
        """Moves through one leaf of the target."""
        own = self._own(target, a)
        if own is None:
            return
        columns, grade = self._columns(target, a)
        if not len(columns):
            return
        leaf = _Leaf(a, own, observers, _Side(columns, grade))
        # companions of another chapter hide parts of chapters besides, so they come later
        for ancestor in range(min(_CHAPTER, target.depth - 1), -1, -1):
            yield self._within(target, leaf, ancestor)
        if target.column != self._table.margin:
            yield self._up_to_all(target, leaf)

    def _own(self, target: Target, a: int) -> frozenset[int] | None:
        """Who sees through any move of this leaf, since it is part of the target; None: it does not move far enough."""
        if target.alone or target.column == self._table.margin:
            return _NONE
        grade = self._grade_own(np.array([a * self._table.width + target.column]), target, inside=True)
        return grade.observers(0) if grade.usable[0] else None

    def _columns(self, target: Target, a: int) -> tuple[Ids, Grade]:
        """Columns in which the leaf could take back what it gives."""
        table = self._table
        line = table.line(DEEPEST, a)
        columns = np.flatnonzero(table.exists[line : line + table.width])
        columns = columns[columns != target.column]
        places = a * table.width + columns
        of_margin = target.column == table.margin
        if of_margin and target.alone:
            grade = Grade(*_unlimited(len(columns)))
        else:
            grade = self._grade_own(places, target, inside=of_margin)
        return columns[grade.usable], grade.take(grade.usable)

    def _grade(self, places: Ids, target: Target) -> Grade:
        """Leaf cells of other codes."""
        need = target.need[:-1]
        return _graded(self._others, places, target.owner[:-1], need, need)

    def _grade_own(self, places: Ids, target: Target, *, inside: bool) -> Grade:
        """Leaf cells of the code that the target moves by, inside the target or not."""
        need_inside = target.need_inside if inside else target.need
        return _graded(self._table.room, places, target.owner, target.need, need_inside)

    def _within(self, target: Target, leaf: _Leaf, ancestor: int) -> list[Found]:
        """Moves to leaves below the ancestor at this depth: of all goods to other chapters, of a chapter within it."""
        table = self._table
        first, last = table.below(ancestor, int(table.ancestor[ancestor][leaf.a]))
        outside = target.depth if ancestor else _CHAPTER
        own_first, own_last = table.below(outside, int(table.ancestor[outside][leaf.a]))
        rows = np.concatenate([np.arange(first, own_first), np.arange(own_last, last)])
        rows = rows[table.exists[table.start[DEEPEST] + rows * table.width + target.column]]
        if not len(rows):
            return []
        grade = self._grade(rows * table.width + target.column, target)
        down = _Side(rows[grade.usable], grade.take(grade.usable))
        if not len(down.ids):
            return []
        across = leaf.across
        few_rows = _cheap(self._apart(leaf.a, down.ids, target.column, ancestor), _ROWS)
        few_columns = _cheap(self._chain(leaf.a, DEEPEST, across.ids), _COLUMNS)
        found = self._pairs(target, leaf, ancestor, down.take(few_rows), across.take(few_columns))
        if not found and (len(few_rows) < len(down.ids) or len(few_columns) < len(across.ids)):
            found = self._pairs(target, leaf, ancestor, down, across)
        return found

    def _apart(self, a: int, b: Ids, columns: Ids | int, ancestor: int) -> Numbers:
        """What it costs to hide in one column leaf `a`, each `b` and what is above them, up to what they share."""
        table = self._table
        cost = np.zeros(len(b))
        for level in range(ancestor + 1, DEEPEST + 1):
            above = table.ancestor[level]
            both = self._cost[table.start[level] + above[b] * table.width + columns]
            both += self._cost[table.line(level, a) + columns]
            cost += np.where(above[b] == above[a], 0.0, both)
        return cost

    def _chain(self, a: int, depth: int, columns: Ids) -> Numbers:
        """What it costs to hide the leaf and its ancestors from this depth down, in each column."""
        lines = [self._table.line(level, a) for level in range(depth, DEEPEST + 1)]
        cost: Numbers = self._cost[np.add.outer(lines, columns)].sum(axis=0)
        return cost

    def _pairs(self, target: Target, leaf: _Leaf, ancestor: int, down: _Side, across: _Side) -> list[Found]:
        """Moves to some leaves and columns; the leaf of both must exist and move far enough too."""
        table = self._table
        cells = np.add.outer(down.ids * table.width, across.ids)
        rows, columns = np.nonzero(table.exists[table.start[DEEPEST] + cells])
        if not len(rows):
            return []
        grade = self._grade(cells[rows, columns], target)
        rows, columns, grade = rows[grade.usable], columns[grade.usable], grade.take(grade.usable)
        if not len(rows):
            return []
        b, q = down.ids[rows], across.ids[columns]
        cost = self._apart(leaf.a, b, target.column, ancestor) + self._apart(leaf.a, b, q, ancestor)
        whole = Grade(
            grade.usable,
            np.vstack([grade.seen, down.grade.seen[:, rows], across.grade.seen[:, columns]]),
            np.vstack([grade.owner, down.grade.owner[:, rows], across.grade.owner[:, columns]]),
        )
        return [
            Found(
                float(cost[n]),
                Move(leaf.a, int(b[n]), target.column, int(q[n])),
                leaf.own | whole.observers(n),
            )
            for n in _few(cost, whole, leaf)
        ]

    def _up_to_all(self, target: Target, leaf: _Leaf) -> list[Found]:
        """Moves of the whole chain from the leaf up to all goods, to another partner."""
        partners = leaf.across.take(np.flatnonzero(leaf.across.ids != self._table.margin))
        if not len(partners.ids):
            return []
        cost = self._chain(leaf.a, 0, partners.ids) + self._chain(leaf.a, 0, np.array([target.column]))[0]
        return [
            Found(
                float(cost[n]),
                Move(leaf.a, -1, target.column, int(partners.ids[n])),
                leaf.own | partners.grade.observers(n),
            )
            for n in _few(cost, partners.grade, leaf)
        ]


class _Side(NamedTuple):
    """Companions in one direction, leaves or columns, and how they grade."""

    ids: Ids
    grade: Grade

    def take(self, kept: Ids) -> _Side:
        """Those with these numbers."""
        return _Side(self.ids[kept], self.grade.take(kept))


class _Leaf(NamedTuple):
    """A leaf that the target moves by.

    `own` see through any move of it. `observers` are those to whom moves should be unseen (None: everybody).
    `across` are the columns in which it could take back what it gives.
    """

    a: int
    own: frozenset[int]
    observers: frozenset[int] | None
    across: _Side


def _graded(capacities: Capacities, places: Ids, owner: Ids, need: Numbers, need_inside: Numbers) -> Grade:
    owners = capacities.owner.take(places, axis=1)
    enough = need if need is need_inside else np.where(owners == owner, need_inside, need)
    usable: Flags = np.all(capacities.usable.take(places, axis=1) >= need, axis=0)
    return Grade(
        usable=usable,
        seen=capacities.robust.take(places, axis=1) < enough,
        owner=owners,
    )


def _unlimited(number: int) -> tuple[Flags, Flags, Owners]:
    """Cells that move as far as the target does, since they are the target."""
    return (
        np.ones(number, dtype=np.bool_),
        np.zeros((1, number), dtype=np.bool_),
        np.full((1, number), -1, dtype=np.int32),
    )


def _cheap(cost: Numbers, most: int) -> Ids:
    """Numbers of the cheapest, of those alike the first: a partition takes others on other processors."""
    return np.sort(np.argsort(cost, kind="stable")[:most])


def _few(cost: Numbers, grade: Grade, leaf: _Leaf) -> list[int]:
    """Numbers of the cheapest of all, of those nobody sees through, and of those hidden from who sees the first."""
    first = int(np.argmin(cost))
    chosen = [first]
    unseen: list[Flags] = [~np.any(grade.seen, axis=0)]
    if unseen[0][first]:
        return chosen
    unseen += [~grade.seen_by(who) for who in (leaf.observers, grade.observers(first) - leaf.own) if who]
    return chosen + [int(np.argmin(np.where(those, cost, np.inf))) for those in unseen if those.any()]


def _best(found: list[Found]) -> tuple[float, list[Move]]:
    """The cheapest of the moves that nobody sees through and of the pairs that no one sees through both."""
    options = [(one.cost, [one.move]) for one in found if not one.seen_by]
    options += [
        (one.cost + other.cost, [one.move, other.move])
        for one, other in combinations(found, 2)
        if not one.seen_by & other.seen_by
    ]
    return min(options, key=lambda option: option[0], default=(np.inf, []))
