"""LIM02 over several runs: the compiled models of the annual limit, on buyers made up here."""

from __future__ import annotations

import itertools
import random
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

import duckdb
import pytest

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sandan.home import Home

MONDAY, TUESDAY, WEDNESDAY = date(2026, 11, 16), date(2026, 11, 17), date(2026, 11, 18)
LIMIT = Decimal(26000)
TABLES = """
attach ':memory:' as warehouse;
create schema warehouse.matching; create schema warehouse.staging; use warehouse.matching;
create table staging.rules_in_force (rule_id varchar, flow varchar, regime varchar, parameter decimal(19, 5));
insert into staging.rules_in_force values ('LIM02', 'I', '*', 26000);
create table annual_candidates (
    declaration_key varchar, buyer_hash varchar, buyer_shown varchar, year integer, dutiable_value decimal(19, 5),
    is_limited boolean, place bigint
);
create table findings (run_date date, declaration_key varchar, rule_id varchar, action varchar);
create table returned_values (run_date date, declaration_key varchar, restored_value decimal(19, 5));
create table admitted (
    run_date date, declaration_key varchar, buyer_hash varchar, year integer, dutiable_value decimal(19, 5),
    is_limited boolean
);
create table annual_totals (run_date date, buyer_hash varchar, year integer, total decimal(19, 5));
"""


@dataclass
class Year:
    """The models of the annual limit, run by run."""

    sql: dict[str, str]
    connection: duckdb.DuckDBPyConnection = field(default_factory=duckdb.connect)

    def __post_init__(self) -> None:
        self.connection.execute(TABLES)

    def run(self, day: date, *declarations: tuple[str, str, int, object], returned: Iterable[tuple[str, int]] = ()):
        """Decide declarations (key, buyer, year, value) in this rank; the keys of those admitted."""
        c = self.connection
        places: dict[tuple[str, int], itertools.count[int]] = defaultdict(lambda: itertools.count(1))
        rows = [(key, who, "***", year, value, True, next(places[who, year])) for key, who, year, value in declarations]
        c.execute("delete from annual_candidates")
        if rows:
            columns = [list(column) for column in zip(*rows, strict=True)]
            c.execute(
                f"insert into annual_candidates select {', '.join(f'unnest(${n + 1})' for n in range(7))}", columns
            )
        for table in ("findings", "admitted", "returned_values", "annual_totals"):
            c.execute(f"delete from {table} where run_date = $1", [day])
        refused = self._select("annual_limit", day)
        keys = [key for key, *_ in refused]
        c.execute("insert into findings select $1, unnest($2::varchar[]), 'LIM02', 'refuse'", [day, keys])
        for key, value in returned:
            c.execute("insert into returned_values values ($1, $2, $3)", [day, key, value])
        for table in ("admitted", "annual_totals"):
            c.execute(f"insert into {table} {self._of(table, day)}")
        admitted = {key for key, *_ in declarations} - {key for key, *_ in refused}
        counted = c.execute("select declaration_key from admitted where run_date = $1", [day]).fetchall()
        assert {key for (key,) in counted} == admitted
        return admitted

    def totals(self) -> dict[tuple[str, int], Decimal]:
        """What each buyer's year comes to by the latest run."""
        rows = self.connection.execute(
            "select buyer_hash, year, arg_max(total, run_date) from annual_totals group by all"
        ).fetchall()
        return {(buyer, year): total for buyer, year, total in rows}

    def _of(self, model: str, day: date) -> str:
        return self.sql[model].replace("2026-11-20", day.isoformat())

    def _select(self, model: str, day: date) -> list[tuple]:
        return self.connection.execute(self._of(model, day)).fetchall()


@pytest.fixture(scope="session")
def compiled(dbt, home: Home) -> dict[str, str]:
    done = dbt("compile", "--vars", "run_date: '2026-11-20'", "--select", "annual_limit", "admitted", "annual_totals")
    assert done.returncode == 0, done.stdout[-3000:]
    folder = home.root / "dbt_test" / "compiled" / "sandan" / "models" / "matching"
    files = (folder / "rules" / "annual_limit.sql", folder / "admitted.sql", folder / "annual_totals.sql")
    return {file.stem: file.read_text("utf-8") for file in files}


@pytest.fixture
def year(compiled) -> Year:
    return Year(compiled)


def greedy(totals: dict, declarations) -> set[str]:
    """The rule as it is written: in rank, each that still fits."""
    admitted = set()
    for key, buyer, of, value in declarations:
        if totals[buyer, of] + value <= LIMIT:
            totals[buyer, of] += value
            admitted.add(key)
    return admitted


def test_many_buyers_over_many_days_are_judged_as_if_one_by_one(year):
    """Buyers whose day fits are not walked, the others are: both ways give what one by one gives."""
    rng = random.Random(26)  # noqa: S311 - made up
    totals: dict = defaultdict(Decimal)
    often = (0, 1, 499_99999, 5000_00000, 12999_99999, 13000_00000)
    walked = 0
    for day in (MONDAY, TUESDAY, WEDNESDAY):
        declarations = [
            (
                f"{day} {number}",
                f"buyer {rng.randrange(80)}",
                rng.choice((2025, 2026)),
                Decimal(rng.choice((*often, rng.randrange(9 * 10**8)))) / 10**5,
            )
            for number in range(1000)
        ]
        admitted = greedy(totals, declarations)
        assert year.run(day, *declarations) == admitted
        walked += len(declarations) - len(admitted)
    assert walked > 300
    assert year.totals() == {key: total for key, total in totals.items() if total}


def test_exactly_the_limit_passes_and_one_refused_does_not_count(year):
    declarations = [
        ("a", "b", 2026, 20000),
        ("b", "b", 2026, Decimal("6000.00001")),
        ("c", "b", 2026, 6000),
        ("d", "b", 2026, 1),
    ]
    assert year.run(MONDAY, *declarations) == {"a", "c"}
    assert year.totals() == {("b", 2026): LIMIT}


def test_the_day_of_declaration_chooses_the_year(year):
    year.run(MONDAY, ("old", "b", 2025, 26000))
    assert year.run(TUESDAY, ("late", "b", 2025, 1), ("new", "b", 2026, 26000)) == {"new"}


def test_what_came_back_makes_room_from_the_next_run_on(year):
    year.run(MONDAY, ("a", "b", 2026, 26000))
    assert year.run(TUESDAY, ("same day", "b", 2026, 100), returned=[("a", 150)]) == set()
    assert year.totals() == {("b", 2026): 25850}
    assert year.run(WEDNESDAY, ("next", "b", 2026, 150), ("more", "b", 2026, 1)) == {"next"}


def test_a_return_that_is_withdrawn_takes_the_room_again(year):
    year.run(MONDAY, ("a", "b", 2026, 20000))
    year.run(TUESDAY, returned=[("a", 20000)])
    year.run(WEDNESDAY, returned=[("a", -20000)])
    assert year.run(date(2026, 11, 19), ("c", "b", 2026, 6001)) == set()


def test_the_same_date_run_again_counts_nothing_twice(year):
    declarations = [("a", "b", 2026, 20000), ("c", "b", 2026, 6000)]
    year.run(MONDAY, ("m", "b", 2026, 1))
    first = year.run(TUESDAY, *declarations), year.totals()
    assert (year.run(TUESDAY, *declarations), year.totals()) == first
    assert first == ({"a"}, {("b", 2026): 20001})


def test_a_date_run_late_is_right_once_the_dates_behind_it_are_run_again(year):
    """Tuesday ran before Monday. Monday starts from what was there before it, Tuesday run again from Monday."""
    monday, tuesday = [("m", "b", 2026, 10000)], [("t", "b", 2026, 16000), ("u", "b", 2026, 5000)]
    assert year.run(TUESDAY, *tuesday) == {"t", "u"}
    assert year.run(MONDAY, *monday) == {"m"}
    assert year.run(TUESDAY, *tuesday) == {"t"}
    assert year.totals() == {("b", 2026): LIMIT}


def test_a_date_run_again_without_what_it_released_gives_it_back(year):
    year.run(MONDAY, ("m", "b", 2026, 26000))
    year.run(TUESDAY, ("t", "c", 2026, 1))
    year.run(MONDAY)
    assert year.run(TUESDAY, ("t", "b", 2026, 26000)) == {"t"}


def test_thousands_of_declarations_of_one_buyer(year):
    """As many steps as there are declarations that fit, not as there are declarations."""
    declarations = [(f"{number:05d}", "b", 2026, 100) for number in range(5000)]
    assert year.run(MONDAY, *declarations) == {key for key, *_ in declarations[:260]}
