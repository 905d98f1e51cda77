"""An operator relaxes payment lists for retail exports from a date on, in the catalogue alone: two days by hand.

What practice did at the end of 2024. The first day is decided as the simulator's truth has it, the second without the
three rules for exports of supervision mode 9610; those of the first day that were held for a payment alone go then.
"""

from __future__ import annotations

import csv
import shutil
from datetime import date, datetime
from importlib import import_module
from typing import TYPE_CHECKING, NamedTuple

import pytest

from sandan import warehouse
from sandan.home import PROJECT, Home
from sandan.simulate import simulate_day
from sandan.warehouse.catalogue import check_catalogue

from .comparison import run, truth_rows, wrong_decisions

if TYPE_CHECKING:
    from pathlib import Path

BEFORE, RELAXED_FROM = date(2026, 11, 18), date(2026, 11, 19)
NOON = datetime(2026, 11, 30, 12)
REGIME = ("E", "9610")
RELAXED = {"DOC02", "PAY01", "PAY02"}
#: of either flow by turns, so that each is told of exports on one of the two days
PLANTED = "doc02_never doc_all_never doc04_payment late_payment many_waiting pay01 pay01_second pay02 log02".split()


class Decided(NamedTuple):
    status: str
    failed_rules: tuple[str, ...]


@pytest.fixture
def relaxed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project whose catalogue has three rows more; no code is touched."""
    project = tmp_path / "dbt_project"
    shutil.copytree(PROJECT / "dbt_project", project)
    catalogue = project / "seeds" / "rules.csv"
    with catalogue.open(encoding="utf-8", newline="") as text:
        rows = [row for row in csv.DictReader(text) if row["rule_id"] in RELAXED]
    flow, regime = REGIME
    change = {"flow": flow, "regime": regime, "action": "off", "parameter": "", "parameter_unit": ""}
    with catalogue.open("a", encoding="utf-8", newline="") as text:
        writer = csv.DictWriter(text, rows[0], lineterminator="\n")
        writer.writerows(row | change | {"valid_from": RELAXED_FROM.isoformat()} for row in rows)
    check_catalogue(catalogue)
    monkeypatch.setattr(import_module("sandan.warehouse.transform"), "DBT_PROJECT", project)
    return project


@pytest.mark.usefixtures("relaxed")
def test_what_a_payment_held_goes_from_the_day_on_that_the_catalogue_says(tmp_path: Path) -> None:
    home = Home(tmp_path / "home", PROJECT / "sources")
    for day in (BEFORE, RELAXED_FROM):
        simulate_day(home, day, 60, seed=day.toordinal(), faults=0, planted=tuple(PLANTED))
        run(home, day, NOON)
        if day == BEFORE:
            assert wrong_decisions(home, day) == []
    with warehouse.connect_published(home) as lake:
        rows = lake.execute(
            "select ebc_code, cop_no, flow, supervision_mode, status, failed_rules from clearance.clearance_facts"
        ).fetchall()
    found = {row[:2]: Decided(row[4], tuple(row[5])) for row in rows}
    regimes = {row[:2]: row[2:4] for row in rows}
    told = {day: _told(home, day) for day in (BEFORE, RELAXED_FROM)}
    assert set(told[RELAXED_FROM]) == set(found)
    expected = {
        key: _without_payment(decided, told[BEFORE].get(key)) if regimes[key] == REGIME else decided
        for key, decided in told[RELAXED_FROM].items()
    }
    assert found == expected
    gone = {key for key, decided in expected.items() if decided != told[RELAXED_FROM][key]}
    assert {rule for key in gone for rule in told[RELAXED_FROM][key].failed_rules} >= RELAXED
    assert {bool(told[BEFORE].get(key)) for key in gone} == {True, False}
    assert any(expected[key].status == "waiting" for key in gone), "what waits for something else too"
    held = {rule for key, decided in expected.items() if regimes[key] != REGIME for rule in decided.failed_rules}
    assert held >= RELAXED, "other declarations are held as ever"


def _told(home: Home, day: date) -> dict[tuple[str, str], Decided]:
    return {
        (row["ebc_code"], row["cop_no"]): Decided(row["status"], tuple(row["failed_rules"]))
        for row in truth_rows(home, day, "declarations")
    }


def _without_payment(told: Decided, before: Decided | None) -> Decided:
    """What is told of a declaration without the rules on payments; one refused before stays so."""
    if before and before.status == "refused":
        return told
    left = set(told.failed_rules) - RELAXED
    missing = left & {"DOC01", "DOC03"}
    if not missing:
        left.discard("DOC04")  # every list that is awaited is there
    if told.status in {"waiting", "review", "refused"}:
        status = "refused" if "DOC04" in left else "waiting" if missing else "review" if left else "released"
        return Decided(status, tuple(sorted(left)))
    return Decided(told.status, tuple(sorted(left)))
