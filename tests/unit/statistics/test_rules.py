"""The secret parameters, and the two rules, worked by hand."""

from __future__ import annotations

import numpy as np
import pytest

from sandan.errors import ConfigurationError
from sandan.statistics.rules import Contributed, Rules, secret_rules


@pytest.mark.parametrize(
    ("sizes", "unsafe", "either", "largest"),
    [
        ([1000], True, 150, 0),  # one enterprise: its value must be uncertain by 15 %
        ([800, 200], True, 150, 30),  # two: each knows the other; the larger one may not find 200 within 15 %
        ([900, 60, 40], True, 95, 0),  # 0.15 × 900 = 135 > 40: 95 more
        ([900, 80, 75, 60], False, 0, 0),  # 75 + 60 others hide the largest from the second
        ([900, 80, 75, 59], True, 1, 0),
        ([300, 300, 300], False, 0, 0),
        ([500, 500, 1], True, 74, 74),
    ],
)
def test_a_cell_is_unsafe_and_by_how_much(sizes, unsafe, either, largest):
    first, second = sorted([*sizes, 0], reverse=True)[:2]
    cell = Contributed(*(np.array([number]) for number in (float(sum(sizes)), len(sizes), float(first), float(second))))

    levels = Rules(3, 15).levels(cell, np.array([False]))

    assert levels.unsafe[0] == unsafe
    if unsafe:
        assert levels.either[0] * sum(sizes) == pytest.approx(either)
        assert levels.largest[0] * sum(sizes) == pytest.approx(largest)


def test_what_was_unsafe_once_stays_unsafe():
    cell = Contributed(np.array([900.0]), np.array([3]), np.array([300.0]), np.array([300.0]))

    levels = Rules(3, 15).levels(cell, np.array([True]))

    assert levels.unsafe[0]
    assert levels.either[0] == pytest.approx(0.15)


def test_parameters_are_made_once_and_for_their_owner_alone(home, monkeypatch):
    monkeypatch.delenv("SANDAN_DISCLOSURE_RULES", raising=False)

    first = secret_rules(home)

    assert secret_rules(home) == first
    assert home.disclosure_rules.stat().st_mode & 0o077 == 0


def test_the_environment_comes_first(home, monkeypatch):
    monkeypatch.setenv("SANDAN_DISCLOSURE_RULES", "4 20")

    assert secret_rules(home) == Rules(4, 20)
    assert not home.disclosure_rules.exists()


@pytest.mark.parametrize("text", ["1 20", "4 51", "4", "four 20", "4 20 7"])
def test_an_error_does_not_repeat_them(home, monkeypatch, text):
    monkeypatch.setenv("SANDAN_DISCLOSURE_RULES", text)

    with pytest.raises(ConfigurationError) as caught:
        secret_rules(home)

    assert text not in str(caught.value).replace(str(home.root), "")


def test_nothing_shows_them():
    assert repr(Rules(7, 23)) == "Rules()"
