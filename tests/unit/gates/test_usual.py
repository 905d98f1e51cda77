"""Bounds are learned from days of the same kind, and a few odd ones among them do not move them."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from sandan.gates.usual import is_sale, usual

FRIDAY = date(2026, 10, 16)
WEEKS = {FRIDAY - timedelta(days=n): 250.0 + n % 5 for n in range(1, 57)}


def test_a_month_of_equal_days_allows_half_as_much_and_half_as_much_again():
    bounds = usual(FRIDAY, dict.fromkeys(WEEKS, 250.0), "count")
    assert (bounds.lower, bounds.upper) == (125, 375)
    assert bounds.basis == "median 250, spread 25, of 40 working days"
    assert bounds.holds(125)
    assert not bounds.holds(124)
    assert not bounds.holds(376)


def test_only_days_of_the_same_kind_count():
    weekends = {day: 9_000.0 if day.isoweekday() > 5 else value for day, value in WEEKS.items()}
    assert usual(FRIDAY, weekends, "count") == usual(FRIDAY, WEEKS, "count")
    saturday = usual(FRIDAY + timedelta(days=1), weekends, "count")
    assert saturday.holds(9_000)
    assert not saturday.holds(250)
    assert "16 weekend days" in saturday.basis


def test_odd_days_do_not_move_the_bounds_much():
    odd = WEEKS | {FRIDAY - timedelta(days=n): 100_000.0 for n in (1, 2, 3, 4, 7, 8)}
    bounds = usual(FRIDAY, odd, "count")
    assert bounds.upper is not None
    assert bounds.upper < 400


def test_days_of_a_sale_are_no_measure_and_are_allowed_more():
    after = date(2026, 11, 20)
    sale = {after - timedelta(days=n): 250.0 for n in range(1, 57)}
    assert usual(after, {day: 9e9 if is_sale(day) else n for day, n in sale.items()}, "count") == usual(
        after, {day: n for day, n in sale.items() if not is_sale(day)}, "count"
    )
    singles_day = usual(date(2026, 11, 11), sale, "count")
    assert (singles_day.lower, singles_day.upper) == (1, 1_500)
    assert singles_day.basis.endswith("; a sale: bounds 10 times as wide")


@pytest.mark.parametrize(
    ("day", "expected"),
    [("11-10", False), ("11-11", True), ("11-14", True), ("11-15", False), ("06-18", True), ("12-12", True)],
)
def test_sales(day: str, expected: bool):  # noqa: FBT001 - a table of cases
    assert is_sale(date.fromisoformat(f"2026-{day}")) is expected


def test_too_little_history_says_so_and_holds_anything():
    few = dict(list(WEEKS.items())[:9])
    bounds = usual(FRIDAY, few, "count")
    assert bounds.basis == "too little to learn from: 7 working days of the 8 needed"
    assert bounds.holds(0)
    assert bounds.holds(1e9)
    assert usual(FRIDAY, {}, "share", 10).holds(1)


def test_what_happens_later_or_long_before_does_not_count():
    other = {FRIDAY: 1.0, FRIDAY + timedelta(days=3): 1.0, FRIDAY - timedelta(days=57): 1.0}
    assert usual(FRIDAY, WEEKS | other, "count") == usual(FRIDAY, WEEKS, "count")


def test_who_sends_every_day_is_missed_and_who_sends_now_and_then_is_not():
    few = dict.fromkeys(WEEKS, 2.0)
    assert not usual(FRIDAY, few, "count").holds(0)
    weekly = {day: 1_000.0 if day.isoweekday() == 1 else 0.0 for day in WEEKS}
    bounds = usual(FRIDAY, weekly, "count")
    assert (bounds.lower, bounds.upper) == (500, 1_500)
    assert bounds.holds(0)
    assert not bounds.holds(20)
    assert not bounds.holds(2_000)
    assert bounds.basis.endswith("; not sent on every day: 0 is usual too")


def test_a_share_is_judged_by_how_many_it_is_a_share_of():
    rare = dict.fromkeys(WEEKS, 0.01)
    assert usual(FRIDAY, rare, "share", 20).holds(0.1)
    assert not usual(FRIDAY, rare, "share", 2_000).holds(0.1)
    assert not usual(FRIDAY, dict.fromkeys(WEEKS, 0.0), "share", 200).holds(0.9)
    assert usual(FRIDAY, dict.fromkeys(WEEKS, 1.0), "share", 200).upper == 1


@pytest.mark.parametrize(
    ("total", "most_usual"),
    [
        (1, 1),
        (2, 2),
        (3, 2),
        (20, 4),
        (200, 10),
    ],  # binomial tails of 1 %: two of three 0.0003, five of twenty 0.0000013
)
def test_of_few_a_share_is_held_to_what_chance_makes_of_so_many(total: int, most_usual: int):
    never = usual(FRIDAY, dict.fromkeys(WEEKS, 0.0), "share", total)
    assert never.holds(most_usual / total)
    assert most_usual == total or not never.holds((most_usual + 1) / total)
    always = usual(FRIDAY, dict.fromkeys(WEEKS, 1.0), "share", total)
    assert always.holds(1 - most_usual / total)
    assert most_usual == total or not always.holds(1 - (most_usual + 1) / total)
