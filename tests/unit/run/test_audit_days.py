"""Which run a day is compared with, and which days are behind."""

from __future__ import annotations

from datetime import date

import pytest

from sandan.audit.days import Days

ONE, TWO, THREE = (date(2026, 11, day) for day in (19, 20, 21))


def published(*days: date) -> Days:
    return Days([(day, snapshot) for snapshot, day in enumerate(days, start=1)])


@pytest.mark.parametrize(
    ("days", "compared"),
    [
        ((ONE, TWO), (ONE, 1)),
        ((ONE, TWO, THREE), (ONE, 1)),
        ((ONE, TWO, TWO), (ONE, 1)),
        ((ONE, ONE, TWO), (ONE, 2)),
        # the snapshot of the day before has the day itself
        ((ONE, TWO, ONE), None),
        ((ONE, TWO, ONE, TWO), None),
        # a later day came between
        ((ONE, TWO, THREE, TWO), None),
        ((TWO,), None),
        ((TWO, ONE), None),
    ],
)
def test_a_day_is_compared_with_the_one_before_where_nothing_else_came_between(days, compared):
    assert published(*days).compared(TWO) == compared


@pytest.mark.parametrize(
    ("days", "behind", "later"),
    [
        ((ONE, TWO, THREE), [], []),
        ((ONE, TWO, ONE), [ONE], []),
        ((ONE, TWO, ONE, TWO), [], []),
        ((TWO, ONE), [ONE], []),
        ((ONE, TWO, THREE, TWO), [], [THREE]),
    ],
)
def test_a_day_is_behind_until_it_runs_again(days, behind, later):
    assert published(*days).behind(TWO) == behind
    assert published(*days).later(TWO) == later


def test_a_day_is_newly_behind_once():
    assert published(ONE, TWO, THREE, ONE).newly_behind(ONE) == [TWO, THREE]
    assert published(ONE, TWO, THREE, ONE, TWO).newly_behind(TWO) == []
    assert published(ONE, TWO, THREE).newly_behind(ONE) == []
