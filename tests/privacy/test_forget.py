"""`make forget`: persons go, and what was decided and published stays."""

from __future__ import annotations

import io
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from rich.console import Console

from sandan import evidence, read, warehouse
from sandan.errors import SandanError
from sandan.home import PROJECT, Home
from sandan.lists import FREE_TEXT, OWN_WORDS, PERSONAL
from sandan.read.forget import forget_folder
from sandan.read.redact import FORGOTTEN
from sandan.read.sources import load_sources
from sandan.run import forget
from sandan.simulate import people, simulate_day
from tests.end_to_end.comparison import published, run, wrong_decisions

from .awkward import SOMEBODY, land_awkward_records
from .scanner import of_bytes, of_warehouse, shown

if TYPE_CHECKING:
    from pathlib import Path

    from sandan.simulate.people import Person

DAYS = (date(2026, 11, 18), date(2026, 11, 19), date(2026, 11, 20))
FIRST, KEPT, LATER = DAYS
GONE = {*PERSONAL, *FREE_TEXT, *OWN_WORDS}


def simulated(home: Home, *days: date) -> set[Person]:
    """Simulate days with many faults; returns everybody who was made up."""
    persons, make = {SOMEBODY}, people.Person
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(people, "Person", lambda **values: persons.add(person := make(**values)) or person)
        for day in days:
            simulate_day(home, day, 60, seed=day.day, faults=3)
            land_awkward_records(home, day)
    return persons


def landed(folder: Path) -> str:
    return "\n".join(
        text for file in folder.rglob("*") if file.is_file() for _, text in of_bytes(file.read_bytes(), file.name)
    )


def was_read(home: Home, day: date) -> dict[str, list[dict[str, Any]]]:
    """What is read of a day, source by source and table by table; of files what does not come of their bytes."""
    found: dict[str, list[dict[str, Any]]] = {}
    for source in read.survey(home, day).sources:
        read.read_source(home, day, source)
        for file in sorted((home.read_of(day) / source).glob("*.parquet")):
            table: pa.Table = pq.read_table(file)
            bytes_say = ["sha256", "bytes", "reason"]
            rows = table.drop_columns([name for name in bytes_say if name in table.column_names]).to_pylist()
            # what no field table knows goes, and which files are read in one piece depends on it
            known = [row for row in rows if row.get("kind") != "unread"]
            found[f"{source}/{file.name}"] = sorted(known, key=place)
    return found


def place(row: dict[str, Any]) -> tuple[int, ...]:
    return tuple(row.get(name, 0) for name in ("file_no", "position", "line"))


def without_persons(value: object, column: str) -> object:
    return FORGOTTEN if column in GONE and value is not None else value


def test_what_is_read_of_a_redacted_landing_is_the_same_but_for_persons(tmp_path):
    home = Home(root=tmp_path, sources=PROJECT / "sources")
    persons = simulated(home, FIRST)
    before, sources = was_read(home, FIRST), load_sources(home.sources)
    there = shown(landed(home.landing), persons)
    assert sum(person.id_number in there for person in persons) > 30

    for source in before:
        name = source.partition("/")[0]
        forget_folder(home.landing_of(name, FIRST), sources[name])

    assert was_read(home, FIRST) == {
        table: [{name: without_persons(value, name) for name, value in row.items()} for row in rows]
        for table, rows in before.items()
    }
    once = landed(home.landing)
    # who stands in a wrong place is not known to be somebody
    assert shown(once, persons) <= {SOMEBODY.name, SOMEBODY.id_number, SOMEBODY.telephone, SOMEBODY.address}
    for name in sources:
        forget_folder(home.landing_of(name, FIRST), sources[name])
    assert landed(home.landing) == once


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Home:
    return Home(root=tmp_path_factory.mktemp("home"), sources=PROJECT / "sources")


@pytest.fixture(scope="module")
def persons(home: Home) -> set[Person]:
    """Three days landed, of which two ran."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SANDAN_HOME", str(home.root))
        persons: set[Person] = set()
        for day in DAYS:
            persons |= simulated(home, day)
            if day != LATER:
                run(home, day, datetime(2026, 11, 23))
                evidence.record(home)
    return persons


def forgotten(home: Home, before: date) -> str:
    """Forget as the command does; returns what it says."""
    said = io.StringIO()
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SANDAN_HOME", str(home.root))
        forget._forget(Console(file=said, width=200), home, before)  # noqa: SLF001 - without its log
    return said.getvalue()


def test_what_changed_or_was_never_read_is_refused(home, persons):
    folder = home.landing_of("import-orders", FIRST)
    late = folder / "late.xml"
    late.write_bytes((folder / "1-named.xml").read_bytes() + b"\n")
    with pytest.raises(SandanError, match=r"late\.xml was never read"):
        forgotten(home, KEPT)
    late.unlink()
    kept = (folder / "1-named.xml").read_bytes()
    (folder / "1-named.xml").write_bytes(kept.replace(b"<ceb:freight>5000", b"<ceb:freight>5001"))
    with pytest.raises(SandanError, match=r"1-named\.xml is not the file that was read"):
        forgotten(home, KEPT)
    (folder / "1-named.xml").write_bytes(kept)
    with pytest.raises(SandanError, match="no run of 2026-11-20 or later is recorded"):
        forgotten(home, LATER)


def test_what_the_ledger_does_not_know_is_refused(home, persons):
    other = "update raw.files set sha256 = $1 where run_date = $2 and source_id = 'import-orders' and path = $3"
    with warehouse.connect(home) as connection:
        (kept,) = connection.execute(
            "select sha256 from raw.files where run_date = $1 and path = '1-named.xml' and source_id = 'import-orders'",
            [FIRST],
        ).fetchone()
        connection.execute(other, ["0" * 64, FIRST, "1-named.xml"])
    with pytest.raises(SandanError, match=r"import-orders/1-named\.xml of 2026-11-18 is known by another digest"):
        forgotten(home, KEPT)
    with warehouse.connect(home) as connection:
        connection.execute(other, [kept, FIRST, "1-named.xml"])


def test_a_killed_command_goes_on(home, persons, monkeypatch):
    monkeypatch.setattr(forget.forgotten, "record", lambda *_: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        forgotten(home, KEPT)


def test_persons_go_and_what_is_published_stays(home, persons):
    rows = published(home)
    assert "files redacted" in forgotten(home, KEPT)

    assert published(home) == rows
    assert shown(landed(home.landing_of("import-payments", FIRST)), persons) == set()
    assert not home.read_of(FIRST).exists()
    assert home.read_of(KEPT).exists()
    with warehouse.connect(home, read_only=True) as connection:
        for table in ("raw.orders", "raw.payments", "staging.stg_orders", "staging.stg_declarations"):
            old, new = (
                connection.execute(f"select string_agg(t::varchar) from {table} as t where run_date {when}").fetchall()
                for when in (f"< date '{KEPT}'", f">= date '{KEPT}'")
            )
            assert shown(old[0][0], persons - {SOMEBODY}) == set()
            assert shown(new[0][0], persons)


def test_the_ledger_knows_what_was_forgotten_on_purpose(home, persons):
    said = Console(file=io.StringIO(), soft_wrap=True)
    assert evidence.verify(home, console=said) == 0, said.file.getvalue()
    assert "2026-11-18: " in said.file.getvalue()
    assert "files forgotten on" in said.file.getvalue()
    with warehouse.connect_published(home) as lake:
        (declaration,) = lake.execute(
            "select ebc_code || '/' || cop_no from clearance.clearance_facts where changed_on = $1 limit 1", [FIRST]
        ).fetchone()
    assert evidence.prove(home, declaration, said) == 0, said.file.getvalue()
    assert shown(said.file.getvalue(), persons) == set()


def test_the_file_of_the_warehouse_has_nothing_left_of_them(home, persons):
    still = shown("\n".join(text for _, text in of_warehouse(home, restricted=())), persons)
    gone = {person.id_number for person in persons} - still
    assert len(gone) > 10
    data = home.warehouse.read_bytes()
    assert [number for number in gone if number.encode() in data] == []


def test_every_digest_is_kept_beside_the_new_one(home, persons):
    with warehouse.connect(home, read_only=True) as connection:
        told = connection.execute(
            "select files.sha256 = forgotten.sha256, redacted_sha256 "
            "from raw.files full join audit.forgotten using (run_date, source_id, path) where run_date < $1",
            [KEPT],
        ).fetchall()
    assert len(told) > 30
    assert all(same and now for same, now in told)


def test_what_is_open_is_still_compared(home, persons, monkeypatch):
    monkeypatch.setenv("SANDAN_HOME", str(home.root))
    run(home, LATER, datetime(2026, 11, 23))
    assert wrong_decisions(home, LATER) == []


def test_a_forgotten_date_cannot_run_again(home, persons):
    with pytest.raises(SandanError, match="2026-11-18 cannot run again"):
        warehouse.begin(home, FIRST)


def test_again_changes_nothing(home, persons):
    before, rows = landed(home.landing), published(home)
    assert "; 0 files redacted" in forgotten(home, KEPT)
    assert (landed(home.landing), published(home)) == (before, rows)
