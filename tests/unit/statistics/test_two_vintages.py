"""A hidden cell of which all is cancelled: what the next vintage tells of it, and of the cells hidden with it.

The attacker has both vintages and knows that one enterprise's trade in one cell was cancelled and nothing else changed.
"""

from __future__ import annotations

import random

import pytest
from attacker import Attacker
from tables import PERCENT, Part, hidden, protected, published

from sandan.statistics.cells import KEY

CODES = ["61091010", "61091020", "61101010", "62011010"]
PARTNERS = ["DEU", "FRA", "ITA"]
#: alone in a cell of a code that others trade too, and in a heading
ALONE = [Part("61091010", "USA", "hermit", 3000), Part("62041010", "FRA", "hermit", 900)]


@pytest.fixture(params=range(3))
def others(request: pytest.FixtureRequest) -> list[Part]:
    """What stays: six enterprises of like size in every cell, of which nothing needs hiding."""
    draw = random.Random(request.param)  # noqa: S311
    leaves = [*((code, partner) for code in CODES for partner in PARTNERS), *((code, "USA") for code in CODES[1:])]
    parts = [Part(*leaf, firm, draw.randint(100, 900)) for leaf in leaves for firm in "abcdef"]
    assert hidden(protected(parts).cells) == set()
    return parts


@pytest.mark.parametrize("cancelled", ALONE, ids=["leaf", "heading"])
def test_nobody_learns_that_nothing_is_left(others, cancelled):
    first = protected([*others, cancelled])
    second = protected(others, before=first.hidden)
    gone = published(second.cells).keys() - published(protected(others).cells).keys()
    with_it = hidden(first.cells) - gone
    need = PERCENT / 100 * cancelled.value

    assert cancelled.cells()[-2] in gone
    assert with_it
    assert second.hidden.equals(first.hidden)
    # neither the place of the rows nor their number tells it
    assert second.cells.select(KEY).equals(first.cells.select(KEY))
    assert hidden(second.cells) == hidden(first.cells)
    assert [account.hidden_cells for account in second.accounts] == [account.hidden_cells for account in first.accounts]

    known = both(published(first.cells), published(second.cells), cancelled)
    found = Attacker(known).intervals([*gone, *with_it])
    assert all(found[cell][1] >= need - 1e-6 for cell in gone)  # it may have been more than what was cancelled
    assert all(high - low >= need - 1e-6 for low, high in found.values())

    # were it known that nothing is left, all that was hidden would follow
    rest = {cell: value for cell, value in known.items() if cell not in gone}
    exact = Attacker(rest).intervals(list(with_it))
    assert all(high - low < 1e-6 for low, high in exact.values())


def both(first, second, cancelled):
    """The second vintage, with what the first one tells of it."""
    lost = first[0, "TOTAL", "ALL"] - second[0, "TOTAL", "ALL"]
    assert lost == cancelled.value
    return {
        cell: first[cell] - lost * (cell in cancelled.cells()) if value is None and first[cell] is not None else value
        for cell, value in second.items()
    }
