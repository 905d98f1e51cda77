"""People, goods, shares."""

from __future__ import annotations

import csv
import random
from datetime import date
from typing import TYPE_CHECKING

import pytest

from sandan.home import PROJECT
from sandan.simulate.faults import FAULTS
from sandan.simulate.goods import goods
from sandan.simulate.parties import REGISTERED, UNREGISTERED
from sandan.simulate.people import check_digit, person
from sandan.simulate.plan import Wanted, chunks, quotas, second_of
from sandan.simulate.stories import STORIES

if TYPE_CHECKING:
    from pathlib import Path

DAY = date(2026, 11, 20)


def test_check_digit_of_the_standard() -> None:
    """The example of GB 11643-1999."""
    assert check_digit("11010519491231002") == "X"


def test_people_have_right_check_digits_and_no_real_region() -> None:
    rng = random.Random(1)  # noqa: S311 - sample data
    people = [person(rng) for _ in range(2000)]
    for p in people:
        weights = [2 ** (17 - n) % 11 for n in range(17)]
        total = sum(int(c) * w for c, w in zip(p.id_number, weights, strict=False))
        assert (total + (10 if p.id_number[-1] == "X" else int(p.id_number[-1]))) % 11 == 1
        assert p.id_number.startswith("99")
        date(int(p.id_number[6:10]), int(p.id_number[10:12]), int(p.id_number[12:14]))
        assert len(p.telephone) == 11
    assert len({p.id_number for p in people}) == len(people)


def test_goods_are_in_hs_2022_with_known_units() -> None:
    with (PROJECT / "dbt_project/seeds/hs_codes.csv").open(encoding="utf-8") as file:
        codes = {row["hs_code"] for row in csv.DictReader(file)}
    with (PROJECT / "dbt_project/seeds/code_lists.csv").open(encoding="utf-8") as file:
        units = {row["code"] for row in csv.DictReader(file) if row["code_list"] == "unit"}
    catalogue = [*goods("E"), *goods("I")]
    assert len(catalogue) > 50
    for good in catalogue:
        assert good.hs_code[:6] in codes
        assert {good.unit, good.unit1, good.unit2 or good.unit} <= units


def test_parties_have_one_code_each() -> None:
    codes = [p.code for p in REGISTERED]
    assert len(set(codes)) == len(codes)
    assert UNREGISTERED.code not in codes


def test_every_fault_has_a_story() -> None:
    assert len({f.name for f in FAULTS}) == len(FAULTS)
    assert {f.story for f in FAULTS} <= set(STORIES)


def test_shares_sum_to_about_a_fifth() -> None:
    assert sum(f.share for f in FAULTS) == pytest.approx(0.18, abs=0.02)


def test_quotas_keep_the_shares() -> None:
    counts = quotas(Wanted(DAY, 1, 100_000))
    for fault, count in zip(FAULTS, counts, strict=True):
        assert abs(count - fault.share * 100_000 / fault.size) <= 1


@pytest.mark.parametrize("declarations", [0, 1, 37, 5000, 12_345])
@pytest.mark.parametrize("faults", [0, 1, 9])
def test_a_day_has_as_many_declarations_as_asked_for(declarations: int, faults: float, tmp_path: Path) -> None:
    parts = chunks(Wanted(DAY, 1, declarations, faults), tmp_path, tmp_path, None)
    sizes = [1 if index < 0 else FAULTS[index].size for part in parts for index, _ in part.cases]
    assert sum(sizes) == declarations


def test_a_planted_fault_is_told_whatever_its_share(tmp_path: Path) -> None:
    (part,) = chunks(Wanted(DAY, 1, 13, 9, ("lim02_turn",)), tmp_path, tmp_path, None)
    assert "lim02_turn" in {FAULTS[index].name for index, _ in part.cases if index >= 0}
    (without,) = chunks(Wanted(DAY, 1, 13, 9), tmp_path, tmp_path, None)
    assert "lim02_turn" not in {FAULTS[index].name for index, _ in without.cases if index >= 0}


def test_declarations_come_in_order_within_the_day() -> None:
    seconds = [second_of(n, 1000) for n in range(1000)]
    assert seconds == sorted(seconds)
    assert 0 < seconds[0] < seconds[-1] < 82_000
