"""One warehouse in which all cases are told and the public service runs, date after date."""

from __future__ import annotations

import csv
import itertools
import shutil
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from sandan import gates, warehouse
from sandan.home import PROJECT, Home
from sandan.warehouse import months
from tests.rebate.rebate_random import relations
from tests.rebate.rebate_told import CLOSED, PAPERS, Told, Warehouse

if TYPE_CHECKING:
    from collections.abc import Callable

CASES = Path(__file__).with_name("cases.csv")
EMPTY_DAY = date(2026, 2, 1)
LIBRARY = (
    # code, VAT, rebate, from, to, flag
    ("6109", 0.13, 0.13, "2014-01-01", None, None),
    ("8507", 0.13, 0.09, "2014-01-01", "2026-03-31", None),
    ("8507", 0.13, 0.06, "2026-04-01", "2026-12-31", None),
    ("62", 0.13, 0.13, "2014-01-01", None, None),
    ("6202", 0.13, 0.09, "2014-01-01", None, None),
    ("6203", 0.13, 0.09, "2014-01-01", None, None),
    ("6203", 0.13, 0.06, "2015-01-01", None, None),
    ("7604", 0.13, 0, "2014-01-01", None, "1"),
    ("4901", 0.09, 0, "2014-01-01", None, "2"),
    ("2501", 0.13, 0, "2014-01-01", None, None),
    ("3301", 0.13, None, "2014-01-01", None, None),
)
#: the months of forms, as seen from the month after on; others stopped at their gate
PASSED = """
insert into audit.consolidations (month, ended_at)
values ('2026-01', '2026-02-05 10:00:00'), ('2026-02', '2026-03-05 10:00:00')
"""
ELIGIBILITY = """
select cop_no, gnum, verdict, reason_rules, base_amount, refund_amount, state, deadline, forex_received, changed_on,
    missing_zh, missing_en
from public_service.rebate_eligibility
"""


def cases() -> list[dict[str, str]]:
    with CASES.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture(scope="session")
def empty_home(tmp_path_factory: pytest.TempPathFactory) -> Home:
    """A home in which a date without any list has run, with the library of rates and a month's exchange rate."""
    home = Home(root=tmp_path_factory.mktemp("rebate"), sources=PROJECT / "sources")
    warehouse.load(home, EMPTY_DAY)
    warehouse.transform(home, EMPTY_DAY, "seeds", "staging", "matching", "marts", "consolidation", "public_service")
    with warehouse.connect(home) as connection:
        connection.execute(months.TABLES)
        connection.execute(PASSED)
        connection.execute(
            "insert into raw.exchange_rates (month, currency, cny_per_unit) values ('2026-01', '502', 7)"
        )
        tables = Warehouse(connection, itertools.count(1))
        for code, vat, rate, since, until, flag in LIBRARY:
            tables.paper(
                CLOSED,
                "rate",
                {"code": code, "zssl": vat, "tsl": rate, "st_date": since, "end_date": until, "tsflag": flag},
            )
    return home


@pytest.fixture(scope="session")
def new_home(empty_home: Home, tmp_path_factory: pytest.TempPathFactory) -> Callable[[], Home]:
    """Makes copies of that home, to tell cases in."""

    def copy() -> Home:
        root = tmp_path_factory.mktemp("cases")
        shutil.copytree(empty_home.root, root, dirs_exist_ok=True)
        return Home(root=root, sources=empty_home.sources)

    return copy


@pytest.fixture(scope="session")
def rebate_home(new_home: Callable[[], Home]) -> Home:
    """The home of all cases."""
    return new_home()


@pytest.fixture(scope="session")
def outcomes(rebate_home: Home) -> dict[str, dict[tuple[str, int], dict[str, Any]]]:
    """Run → (case, item) → its row of rebate_eligibility after that run."""
    told = [Told(case["case"], case["papers"]) for case in cases()]
    told += [Told(relation.case, relation.papers) for relation in relations()]
    expected = {text.split()[0] for case in cases() for text in case["expected"].split("; ")}
    numbers = itertools.count(1000)
    found: dict[str, dict[tuple[str, int], dict[str, Any]]] = {}
    for day in sorted({CLOSED, PAPERS, *expected, *(day for case in told for day in case.days())}):
        with warehouse.connect(rebate_home) as connection:
            for case in told:
                Warehouse(connection, numbers).tell(case, day)
        warehouse.transform(rebate_home, date.fromisoformat(day), "public_service")
        assert gates.check(rebate_home, date.fromisoformat(day), "public_service") == []
        with warehouse.connect(rebate_home, read_only=True) as connection:
            rows = connection.execute(ELIGIBILITY)
            names = [column[0] for column in rows.description]
            found[day] = {(row[0][1:], row[1]): dict(zip(names, row, strict=True)) for row in rows.fetchall()}
    return found
