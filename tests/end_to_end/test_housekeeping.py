"""Two small simulated days, of two months, and housekeeping that keeps nothing: all that may be asked for is there.

Tests follow one another: what was archived is proved, runs again, is archived again and is forgotten.
"""

from __future__ import annotations

import io
from datetime import date, datetime
from typing import TYPE_CHECKING

import pytest
from rich.console import Console

from sandan import evidence, warehouse
from sandan.home import PROJECT, Home
from sandan.housekeeping import STEPS
from sandan.lists import TABLES as LISTS
from sandan.read.survey import dates
from sandan.run import forget, outcomes
from sandan.run.outcomes import Outcome
from sandan.simulate import simulate_day
from sandan.warehouse.archive import TABLES, received

from .comparison import published, run

if TYPE_CHECKING:
    from collections.abc import Iterator

FIRST, SECOND = date(2026, 10, 31), date(2026, 11, 1)
NOON = datetime(2026, 11, 23, 12)


def ran(home: Home, day: date) -> None:
    outcomes.begin(home, day)
    run(home, day, NOON)
    evidence.record(home)
    outcomes.append(home, day, Outcome("publish", "", NOON, 1.0, ok=True))


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Home]:
    home = Home(root=tmp_path_factory.mktemp("housekeeping"), sources=PROJECT / "sources")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SANDAN_HOME", str(home.root))
        for day in (FIRST, SECOND):
            simulate_day(home, day, 20, seed=day.day)
            ran(home, day)
        yield home


@pytest.fixture(scope="module")
def before(home: Home) -> tuple[object, ...]:
    return seen(home)


@pytest.fixture(scope="module")
def tidied(home: Home, before: tuple[object, ...]) -> Home:
    tidy(home)
    return home


def tidy(home: Home) -> None:
    for name in ("readings", "raw", "warehouse", "logs"):
        STEPS[name](home, 0)


def seen(home: Home) -> tuple[object, ...]:
    """What readers see, and what of the records is in the warehouse or the archive."""
    with warehouse.connect(home, read_only=True) as connection:
        raw = {
            table: connection.execute(f"from {received(home, connection, table)} order by all").fetchall()
            for pair in LISTS.values()
            for table in pair
            if table
        }
    return published(home), raw


def rows_of_first(home: Home) -> int:
    """How many rows of the tables that are archived the warehouse has, less what is quarantined."""
    with warehouse.connect(home, read_only=True) as connection:
        of_first = "select count(*) from raw.{} where run_date = $1"
        rows = sum(connection.execute(of_first.format(table), [FIRST]).fetchone()[0] for table in TABLES)
        quarantined = "select count(*) from audit.record_states where run_date = $1 and state = 'quarantined'"
        quarantined += " and list <> 'declaration'"
        return rows - connection.execute(quarantined, [FIRST]).fetchone()[0]


def verified(home: Home) -> tuple[int, str]:
    console = Console(file=io.StringIO(), soft_wrap=True)
    return evidence.verify(home, console=console), console.file.getvalue()


def proved(home: Home) -> tuple[int, str]:
    """A declaration of the first day."""
    with warehouse.connect(home, read_only=True) as connection:
        query = "select ebc_code || '/' || cop_no from staging.stg_declarations where run_date = $1 order by all"
        (declaration,) = connection.execute(query, [FIRST]).fetchone()
    console = Console(file=io.StringIO(), soft_wrap=True)
    return evidence.prove(home, declaration, console), console.file.getvalue()


def test_what_can_be_made_again_is_gone_and_everything_is_seen_as_before(tidied, before):
    assert dates(tidied.read) == [SECOND]
    assert rows_of_first(tidied) == 0
    assert {file.name for file in tidied.archive.rglob("*.parquet")} == {"2026-10.parquet"}
    assert seen(tidied) == before


def test_verify_and_prove_compare_what_is_archived(tidied):
    status, said = verified(tidied)
    assert status == 0, said
    status, said = proved(tidied)
    assert status == 0, said


def test_a_changed_or_lost_archive_is_named(tidied):
    file = tidied.archive / "raw" / "declaration_items" / "2026-10.parquet"
    kept = file.read_bytes()
    with warehouse.connect(tidied, read_only=True) as connection:
        changed = f"copy (select * replace ('9' as qty) from '{file}') to '{file}.changed' (format parquet)"
        connection.execute(changed)
    (file.parent / f"{file.name}.changed").replace(file)
    assert "raw.declaration_items: qty not as in landing/" in proved(tidied)[1]
    file.write_bytes(b"nothing")
    assert "cannot be read" in verified(tidied)[1]
    assert "raw, or its archive, cannot be read" in proved(tidied)[1]
    file.unlink()
    for status, said in (verified(tidied), proved(tidied)):
        assert status == 1
        assert "2026-10.parquet is gone" in said
    file.write_bytes(kept)


def test_the_first_date_runs_again_and_gives_the_same(tidied, before):
    ran(tidied, FIRST)
    assert rows_of_first(tidied) > 0
    assert seen(tidied)[1] == before[1]
    # it stands on the first
    ran(tidied, SECOND)
    assert seen(tidied) == before
    tidy(tidied)
    assert rows_of_first(tidied) == 0
    assert seen(tidied) == before


def test_persons_of_what_was_archived_are_forgotten(tidied):
    forget._forget(Console(file=io.StringIO()), tidied, SECOND)  # noqa: SLF001 - without its log
    assert [file for file in tidied.archive.rglob("*") if file.is_file()] == []
    assert rows_of_first(tidied) > 0
    with warehouse.connect(tidied, read_only=True) as connection:
        notes = connection.execute("select distinct note from raw.order_items where run_date = $1", [FIRST]).fetchall()
    assert {note for (note,) in notes} <= {None, "forgotten"}
    tidy(tidied)
    assert rows_of_first(tidied) == 0
    status, said = verified(tidied)
    assert status == 0, said
    assert proved(tidied)[0] == 0
