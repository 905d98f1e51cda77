"""Taxes of imports, by hand."""

from __future__ import annotations

from datetime import date

from sandan.simulate.controls import any_controlled
from sandan.simulate.duty import SEED, Rate, Tax, rates_on, taxes
from sandan.simulate.goods import goods

RATES = {"plain": Rate(mfn=500, vat=1300, consumption=0), "cream": Rate(mfn=100, vat=1300, consumption=1500)}


def test_retail_pays_nine_and_one_tenth_of_a_hundred() -> None:
    assert taxes(RATES, [("plain", 10_000)], 0, full=False) == [Tax(tariff=0, consumption=0, vat=910)]


def test_consumption_tax_lies_within_the_price_and_is_taxed() -> None:
    """100.00 CNY: (0.13 + 0.15) / 0.85 × 0.7 = 23.06 %."""
    (line,) = taxes(RATES, [("cream", 10_000)], 0, full=False)
    assert (line.consumption, line.vat, line.due) == (1235, 1071, 2306)


def test_a_dear_single_piece_pays_in_full() -> None:
    """8,000.00 CNY: tariff 400.00, VAT of 8,400.00 at 13 %."""
    assert taxes(RATES, [("plain", 800_000)], 0, full=True) == [Tax(tariff=40_000, consumption=0, vat=109_200)]


def test_freight_is_shared_by_value_and_the_last_line_takes_the_rest() -> None:
    """10.00 on lines of 100.00 and 200.00: 3.33333 and 6.66667."""
    first, last = taxes(RATES, [("plain", 10_000), ("plain", 20_000)], 1_000, full=False)
    assert (first.vat, last.vat) == (940, 1881)  # 9.4033… and 18.8066… CNY


def test_without_a_rate_there_is_no_tax() -> None:
    assert taxes(RATES, [("plain", 10_000), ("unknown", 100)], 0, full=False) == []


def test_every_import_good_has_a_rate() -> None:
    rates = rates_on(SEED, date(2026, 11, 20))
    assert {good.hs_code for good in goods("I")} <= set(rates)
    assert {rates[good.hs_code].vat for good in goods("I")} == {900, 1300}
    assert any(rates[good.hs_code].consumption for good in goods("I"))


def test_a_heading_may_hide_what_is_under_control() -> None:
    assert any_controlled(["8517620000"], ("851762",))
    assert any_controlled(["8517000000"], ("8517623990",))
    assert not any_controlled(["8517629900"], ("8517623990",))
    assert not any_controlled(["8517620000"], ())
