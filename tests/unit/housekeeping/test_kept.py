"""How long is kept what can be made again."""

from __future__ import annotations

from datetime import date

import pytest

from sandan.errors import SandanError
from sandan.housekeeping.kept import first_kept, keep_days


def test_so_many_days_before_the_last_published(home, published):
    assert first_kept(home, 31) is None
    published(date(2026, 11, 1), date(2026, 10, 2))
    assert first_kept(home, 31) == date(2026, 10, 1)


@pytest.mark.parametrize(("told", "days"), [(None, 31), ("", 31), ("0", 0), ("92", 92)])
def test_the_operator_may_say_how_many(monkeypatch, told, days):
    monkeypatch.delenv("SANDAN_KEEP_DAYS", raising=False)
    if told is not None:
        monkeypatch.setenv("SANDAN_KEEP_DAYS", told)
    assert keep_days() == days


@pytest.mark.parametrize("told", ["-1", "a month", "1.5", "１"])
def test_what_is_no_number_of_days_is_refused(monkeypatch, told):
    monkeypatch.setenv("SANDAN_KEEP_DAYS", told)
    with pytest.raises(SandanError, match="SANDAN_KEEP_DAYS is"):
        keep_days()
