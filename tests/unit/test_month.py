"""A month, as it is written and as it follows others."""

from __future__ import annotations

from datetime import date

import pytest

from sandan.month import Month


def test_a_month_knows_its_last_day_and_its_neighbours():
    december = Month.fromisoformat("2026-12")
    assert december.last == date(2026, 12, 31)
    assert (str(december.before), str(december.after)) == ("2026-11", "2027-01")
    assert Month.fromisoformat("2028-02").last == date(2028, 2, 29)
    assert Month.of(date(2026, 12, 31)) == december
    assert december.before < december


@pytest.mark.parametrize("text", ["2026-13", "202611", "2026-11-01", "2026-W1", "November", ""])
def test_what_is_no_month_is_refused(text):
    with pytest.raises(ValueError, match=r"."):
        Month.fromisoformat(text)
