"""Two small simulated days, then somebody changes what lies there: verify and prove say what was changed.

The rooms of the package are called as the tasks of the DAG call them, in this process, without Airflow and gates.
"""

from __future__ import annotations

import hashlib
import io
import re
import shutil
import sqlite3
import tempfile
from contextlib import contextmanager
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import duckdb
import pyarrow.parquet as pq
import pytest
from rich.console import Console

from sandan import evidence, gates, read, warehouse
from sandan.errors import SandanError
from sandan.evidence import ledger, logs
from sandan.home import PROJECT, Home
from sandan.simulate import simulate_day
from sandan.warehouse import forgotten
from sandan.warehouse.connect import settings
from sandan.warehouse.lake import attach
from sandan.warehouse.runs import record_run
from tests.days import PARTS

if TYPE_CHECKING:
    from collections.abc import Iterator

FIRST, SECOND = date(2026, 11, 18), date(2026, 11, 19)
NOON = datetime(2026, 1, 1, 12)


def run(home: Home, day: date, *, killed: bool = False) -> None:
    """A day; `killed` between publishing and its line in the ledger."""
    for source in read.survey(home, day).sources:
        read.read_source(home, day, source)
    evidence.record(home)
    warehouse.begin(home, day)
    warehouse.load(home, day)
    warehouse.transform(home, day, *PARTS)
    gates.check(home, day, "marts")
    record_run(home, day, run_id=f"of {day}", started_at=NOON, ended_at=NOON, unclaimed=[], stage_seconds={})
    warehouse.publish(home, day, f"of {day}")
    if not killed:
        evidence.record(home)


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Home]:
    home = Home(root=tmp_path_factory.mktemp("evidence"), sources=PROJECT / "sources")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SANDAN_HOME", str(home.root))
        for day, declarations in ((FIRST, 40), (SECOND, 20)):
            simulate_day(home, day, declarations, seed=1)
        run(home, FIRST)
        run(home, SECOND, killed=True)
        yield home


def verified(home: Home, **options: str) -> tuple[int, str]:
    console = Console(file=io.StringIO(), soft_wrap=True)
    return evidence.verify(home, **options, console=console), console.file.getvalue()


def proved(home: Home, declaration: str) -> tuple[int, str]:
    console = Console(file=io.StringIO(), soft_wrap=True)
    return evidence.prove(home, declaration, console), console.file.getvalue()


def ask(home: Home, query: str) -> tuple:
    with warehouse.connect(home, read_only=True) as connection:
        row = connection.execute(query).fetchone()
    assert row
    return row


@pytest.fixture(scope="module")
def closed(home: Home) -> str:
    """A closed export that was declared in XML, as it is named to `prove`."""
    query = """
    select facts.ebc_code, facts.cop_no
    from clearance.clearance_facts as facts join staging.stg_declarations using (ebc_code, cop_no)
    where status = 'closed' and source_id = 'export-declarations' and path like '%.xml' order by all
    """
    return "/".join(ask(home, query))


@contextmanager
def tampered(*places: Path) -> Iterator[None]:
    """Give files and folders back as they were."""
    with tempfile.TemporaryDirectory() as folder:
        kept = {place: Path(folder) / str(n) for n, place in enumerate(places)}
        for place, copy in kept.items():
            (shutil.copytree if place.is_dir() else shutil.copy)(place, copy)
        try:
            yield
        finally:
            for place, copy in kept.items():
                if copy.is_dir():
                    shutil.rmtree(place)
                    shutil.copytree(copy, place)
                else:
                    shutil.copy(copy, place)


def change(home: Home, sql: str) -> None:
    with warehouse.connect(home) as connection:
        connection.execute(sql)


def landed(home: Home, declaration: str) -> tuple[Path, str]:
    """The file that the declaration landed in, and its name below the landing."""
    ebc_code, _, cop_no = declaration.partition("/")
    place = "landing/" + "/".join(
        ask(
            home,
            "select source_id, strftime(run_date, '%Y-%m-%d'), path from staging.stg_declarations "
            f"where (ebc_code, cop_no) = ('{ebc_code}', '{cop_no}')",
        )
    )
    return home.root / place, place


def lake_file(home: Home, declaration: str) -> Path:
    with warehouse.connect_published(home) as lake:
        (file,) = lake.execute(
            "select filename from clearance.clearance_facts where ebc_code || '/' || cop_no = $1", [declaration]
        ).fetchone() or ("",)
    return Path(file)


def test_a_run_killed_before_its_line_gets_it_from_whoever_comes_next(home):
    status, said = verified(home)
    assert status == 1
    assert "snapshot 2 of 2026-11-19 has no line: its run was killed" in said
    assert "is in no line of the ledger" not in said
    first = home.ledger.read_bytes()
    (line,) = evidence.record(home)
    assert (line["run"], line["run_id"], line["snapshot"]) == ("2026-11-19", "of 2026-11-19", 2)
    assert home.ledger.read_bytes().startswith(first), "only appended"
    assert evidence.record(home) == []
    status, said = verified(home)
    assert status == 0, said
    assert ledger.head(home.ledger) in said
    assert ask(home, "select count(*), max(hash) filter (line = 2) from audit.ledger") == (2, line["hash"])


def test_the_chain_of_a_declaration(home, closed):
    status, said = proved(home, closed)
    assert status == 0, said
    _, place = landed(home, closed)
    for part in (
        "clearance.clearance_facts: 1 rows",
        "clearance.tracking_events",
        f"{place} sha256",
        "waybills: record",
    ):
        assert part in said
    assert "of the ledger" not in said
    with pytest.raises(SandanError, match="no declaration X of"):
        proved(home, "X/X")


def test_a_changed_landing_file_is_named_with_the_fields(home, closed):
    file, place = landed(home, closed)
    weight = rb"(copNo>" + closed.partition("/")[2].encode() + rb"</.*?grossWeight>)"
    with tampered(file):
        data = file.read_bytes()
        file.write_bytes(re.sub(weight, rb"\g<1>1", data, count=1, flags=re.DOTALL))
        status, said = proved(home, closed)
        assert status == 1
        assert f"raw.declarations: gross_weight not as in {place}, record" in said
        assert f"{place} is not as read (ledger line 1)" in said
        status, said = verified(home, run=FIRST.isoformat())
        assert status == 1
        assert said.count("✗") == 1
        assert f"{place} is not as read (ledger line 1)" in said
        file.unlink()
        assert f"{place} is gone" in verified(home, run=FIRST.isoformat())[1]
        assert f"{place} is gone" in proved(home, closed)[1]
    added = file.with_name("put in.xml")
    added.write_bytes(data)
    assert (
        "put in.xml is in no line of the ledger: it landed after the run, or was put there"
        in verified(home, run=FIRST.isoformat())[1]
    )
    added.unlink()


@pytest.mark.parametrize(
    ("sql", "named", "in_proof"),
    [
        (
            "update raw.declarations set gross_weight = '9.9'",
            "raw.declarations: gross_weight not as in landing/",
            "raw.declarations: gross_weight not as in landing/",
        ),
        (
            "delete from raw.declarations",
            "raw.declarations: agent_code, ",
            "raw.declarations: agent_code, ",
        ),
        (
            "update staging.stg_declarations set gross_weight_kg = 9.9",
            "warehouse table staging.stg_declarations is not as the run of 2026-11-18 left it (ledger line 1)",
            "staging.stg_declarations: gross_weight_kg not as published",
        ),
        (
            "update matching.decisions set status = 'review'",
            "warehouse table matching.decisions is not as the run of 2026-11-18 left it (ledger line 1)",
            "matching.decisions of 2026-11-1",
        ),
        (
            "update clearance.clearance_facts set goods_value_cny = 1",
            "clearance.clearance_facts ({key}): 1 rows of the warehouse are not published so, 1 published",
            "warehouse row of clearance.clearance_facts: goods_value_cny not as published",
        ),
    ],
    ids=["raw", "raw row gone", "staged", "decided", "mart"],
)
def test_a_changed_row_of_the_warehouse_is_named(home, closed, sql, named, in_proof):
    ebc_code, _, cop_no = closed.partition("/")
    with tampered(home.warehouse):
        change(home, f"{sql} where (ebc_code, cop_no) = ('{ebc_code}', '{cop_no}')")
        status, said = verified(home) if "{key}" in named else verified(home, run=FIRST.isoformat())
        assert status == 1
        assert named.format(key=f"{ebc_code}, {cop_no}") in said
        status, said = proved(home, closed)
        assert status == 1
        assert in_proof in said


def test_rows_that_no_run_owns_are_named(home, closed):
    cop_no = closed.partition("/")[2]
    source, path = landed(home, closed)[1].removeprefix("landing/").split(f"/{FIRST}/")
    with tampered(home.warehouse):
        (file_id,) = ask(home, f"select file_id from raw.files where (source_id, path) = ('{source}', '{path}')")
        change(home, f"delete from raw.declarations where file_id = {file_id}")
        change(home, f"delete from raw.files where file_id = {file_id}")
        change(home, "insert into raw.cancellations (run_date, record_id, file_id) values ('2026-11-18', 10000001, 1)")
        change(
            home,
            "insert into matching.decisions select * replace (date '2026-11-01' as run_date) from matching.decisions "
            f"where cop_no = '{cop_no}'; update matching.findings set run_date = null where run_date = '2026-11-19'",
        )
        status, said = verified(home)
        assert status == 1
        assert f"raw.files does not know {source}/{path} of 2026-11-18 as it was received (ledger line 1)" in said
        assert "raw.declaration_items has " in said
        assert "rows of 2026-11-18 that came in no file" in said
        assert "raw.cancellations has 1 rows of 2026-11-18 that came in no file" in said
        assert " rows of 2026-11-01, of which the ledger has no run" in said
        assert "rows of no date, of which the ledger has no run" in said
        status, said = proved(home, closed)
        assert status == 1
        assert f"raw.files does not know {source}/{path} of 2026-11-18 as it was received" in said


def test_what_was_not_compared_is_said(home, closed, tmp_path):
    shutil.copytree(home.sources, tmp_path / "sources")
    mapping = tmp_path / "sources" / f"{landed(home, closed)[1].split('/')[1]}.yml"
    mapping.write_text(mapping.read_text() + "# since\n")
    other = Home(root=home.root, sources=tmp_path / "sources")
    status, said = verified(other, run=FIRST.isoformat())
    assert status == 2
    assert f"not compared: records of landing/{mapping.stem}/2026-11-18: sources/{mapping.name} is another" in said
    assert "as it was published, as far as it was compared" in said
    status, said = proved(other, closed)
    assert status == 2
    assert f"not compared: records of landing/{mapping.stem}/2026-11-18" in said
    assert "every link" not in said
    with tampered(home.warehouse):
        change(home, "delete from audit.runs where run_date = date '2026-11-18'")
        status, said = verified(home)
        assert status == 1
        assert "2026-11-18 is published, and audit.runs of the warehouse lacks it" in said
        assert "not compared: files and logs of 2026-11-18" in said
    with tampered(home.warehouse):
        change(home, "insert into main.runs_begun values (date '2026-11-20')")
        status, said = verified(home)
        assert status == 2
        assert "not compared: the marts with the lake: 2026-11-20 began" in said
    status, said = verified(home, run="2026-11-01")
    assert status == 1
    assert "the ledger has no run of 2026-11-01" in said


def test_a_changed_lake_file_is_named(home, closed):
    file = lake_file(home, closed)
    name = str(file.relative_to(home.published / "data"))
    with tampered(file):
        # still Parquet, of the same shape
        with duckdb.connect() as connection:
            connection.register("facts", pq.read_table(file))
            connection.execute(
                f"copy (select * replace (goods_value_cny * 2 as goods_value_cny) from facts) to '{file}'"
            )
        for status, said in (verified(home), proved(home, closed)):
            assert status == 1
            assert f"lake file {name} is not as" in said
        file.write_bytes(b"nothing")
        for status, said in (verified(home), proved(home, closed)):
            assert status == 1
            assert f"lake file {name} is not as" in said
        file.unlink()
        assert f"lake file {name} is gone" in verified(home, run=SECOND.isoformat())[1]


def test_a_changed_catalogue_is_named(home):
    catalogue = home.published / "catalog.sqlite"
    with tampered(home.published):
        # two runs have few rows in audit.runs: they lie in the catalogue itself
        with sqlite3.connect(catalogue) as lake:
            (table,) = lake.execute(
                "select inlined.table_name from ducklake_inlined_data_tables as inlined "
                "join ducklake_table as tables on inlined.table_id = tables.table_id where tables.table_name = 'runs'"
            ).fetchone()
            lake.execute(f"update {table} set state = 'perfect' where run_date = '{FIRST}'")
        lake.close()
        status, said = verified(home)
        assert status == 1
        assert "the lake's catalogue of audit.runs is not as the run of 2026-11-18 left it (ledger line 1)" in said
        assert "audit.runs (2026-11-18): 1 rows of the warehouse are not published so" in said


@pytest.mark.parametrize(
    ("change", "named"),
    [
        ("max_value = min_value", True),
        ("min_value = max_value", True),
        ("min_value = '0', max_value = '~'", False),
    ],
    ids=["largest", "smallest", "wider"],
)
def test_statistics_that_leave_rows_out_are_named(home, closed, change, named):
    column = (
        "(table_id, column_id) in (select tables.table_id, column_id from ducklake_table as tables "
        "join ducklake_column using (table_id) where table_name = 'clearance_facts' and column_name = 'cop_no')"
    )
    with tampered(home.published):
        with sqlite3.connect(home.published / "catalog.sqlite") as lake:
            assert lake.execute(f"update ducklake_table_column_stats set {change} where {column}").rowcount == 1
        lake.close()
        status, said = verified(home, run=SECOND.isoformat())
        assert ("the lake's statistics of clearance.clearance_facts.cop_no leave out values" in said) == named
        assert status == named


def test_a_changed_partition_is_named(home):
    with tampered(home.published):
        with sqlite3.connect(home.published / "catalog.sqlite") as lake:
            lake.execute(
                "insert into ducklake_file_partition_value select data_file_id, table_id, 0, '2026-12' "
                "from ducklake_data_file join ducklake_table using (table_id) where table_name = 'clearance_facts'"
            )
        lake.close()
        said = verified(home, run=SECOND.isoformat())[1]
        assert "the lake's partitions of clearance.clearance_facts are not those of its values" in said


def test_what_no_run_published_is_named(home, closed):
    with tampered(home.published):
        with duckdb.connect(config=settings(home)) as connection:
            attach(connection, home)
            connection.execute("update published.clearance.clearance_facts set goods_value_cny = 1")
        status, said = verified(home)
        assert status == 1
        assert "snapshot 3 of " in said
        assert "was written by no run: without a word" in said
        assert evidence.record(home) == [], "no line makes it good"
        status, said = proved(home, closed)
        assert status == 1
        assert "which has no line in the ledger" in said


def test_a_changed_ledger_is_named(home):
    head = ledger.lines(home.ledger)[-1]["hash"]
    assert verified(home, run=SECOND.isoformat(), head=head)[0] == 0
    with tampered(home.ledger, home.warehouse):
        one, two = home.ledger.read_text().splitlines()
        home.ledger.write_text(one.replace("2026-11-18", "2026-11-17", 1) + "\n" + two + "\n")
        assert "ledger line 1 was changed" in verified(home, run=FIRST.isoformat())[1]
        home.ledger.write_text(one + "\n")
        status, said = verified(home, run=FIRST.isoformat())
        assert status == 1
        assert f"ledger line 2 is gone; audit.ledger has it, with the hash {head}" in said
        assert "snapshot 2 of 2026-11-19 has no line" in said
        # all of it made anew, as whoever may write everything can
        home.ledger.unlink()
        change(home, "delete from audit.ledger")
        evidence.record(home)
        assert verified(home, run=FIRST.isoformat())[0] == 0
        assert f"no line of the ledger has the hash {head}" in verified(home, run=SECOND.isoformat(), head=head)[1]
    assert verified(home, run=SECOND.isoformat(), head=head)[0] == 0


def test_a_line_that_no_run_appended_is_named(home, closed):
    cop_no = closed.partition("/")[2]
    first = ledger.lines(home.ledger)[0]
    with tampered(home.ledger, home.warehouse):
        change(home, f"update matching.decisions set status = 'review' where cop_no = '{cop_no}'")
        with warehouse.connect(home, read_only=True) as connection:
            now = logs.digests(connection, FIRST.isoformat())
        blessing = {name: value for name, value in first.items() if name not in ("line", "previous", "hash")}
        with tampered(home.ledger):
            ledger.append(home.ledger, blessing | {"logs": now})
            for status, said in (verified(home, run=FIRST.isoformat()), proved(home, closed)):
                assert status == 1
                assert "ledger line 3 is about snapshot 1, as line 1 is" in said
        forget = {name: blessing[name] for name in ("run", "at")} | {"event": "forget", "landing": {}}
        ledger.append(home.ledger, forget | {"logs": {"matching.decisions": now["matching.decisions"]}})
        for status, said in (verified(home, run=FIRST.isoformat()), proved(home, closed)):
            assert status == 1
            assert "ledger line 3 has another digest of matching.decisions, which forgetting does not rewrite" in said
        said = verified(home, run=FIRST.isoformat())[1]
        assert "ledger line 3, 2026-11-18: 0 files forgotten on" in said
        assert "ledger line 3 is not in audit.ledger: its run was killed" in said
        name = next(iter(first["landing"]))
        ledger.append(home.ledger, forget | {"landing": {name: {"was": first["landing"][name], "is": "0"}}, "logs": {}})
        evidence.record(home)
        said = verified(home, run=FIRST.isoformat())[1]
        assert "ledger line 3 is not in audit.ledger: no run appended it" in said
        assert f"ledger line 4 says {name} was forgotten, audit.forgotten does not" in said


def test_what_was_forgotten_still_proves(home, closed):
    file, place = landed(home, closed)
    source, path = place.removeprefix("landing/").split(f"/{FIRST}/")
    with tampered(file, home.ledger, home.warehouse):
        came = hashlib.sha256(file.read_bytes()).hexdigest()
        file.write_bytes(file.read_bytes() + b"\n")
        redacted = hashlib.sha256(file.read_bytes()).hexdigest()
        with warehouse.connect(home) as connection:
            connection.execute(forgotten.TABLE)
        forgotten.record(home, SECOND, NOON, (source, FIRST), {path: redacted})
        (line,) = evidence.record_forgotten(home)
        assert line["landing"] == {f"{source}/{path}": {"was": came, "is": redacted}}
        assert evidence.record_forgotten(home) == []
        status, said = verified(home, run=FIRST.isoformat())
        assert status == 0, said
        assert "2026-11-18: 1 files forgotten on 20" in said
        status, said = proved(home, closed)
        assert status == 0, said
        assert "declarations: record" in said
        assert "redacted on 20" in said


def test_what_the_ledger_knows_otherwise_is_not_forgotten(home):
    evidence.check_received(home, [FIRST, SECOND])
    with tampered(home.warehouse):
        change(home, "update raw.files set sha256 = '0' where run_date = date '2026-11-19'")
        evidence.check_received(home, [FIRST])
        with pytest.raises(SandanError, match="of 2026-11-19 is known by another digest"):
            evidence.check_received(home, [FIRST, SECOND])


def test_a_changed_log_is_not_forgotten(home, closed):
    source, path = landed(home, closed)[1].removeprefix("landing/").split(f"/{FIRST}/")
    with tampered(home.warehouse, home.ledger):
        change(home, "update staging.stg_orders set buyer_name = 'forgotten' where run_date = date '2026-11-18'")
        with pytest.raises(SandanError, match=r"staging\.stg_orders is not as the run of 2026-11-18 left it"):
            evidence.check_received(home, [FIRST])
        with warehouse.connect(home) as connection:
            connection.execute(forgotten.TABLE)
        forgotten.record(home, SECOND, NOON, (source, FIRST), {path: "0"})
        # as a command that was killed before its line left it
        evidence.check_received(home, [FIRST])
        change(home, "update matching.decisions set status = 'review'")
        with pytest.raises(SandanError, match=r"matching\.decisions is not as the run of 2026-11-18 left it"):
            evidence.check_received(home, [FIRST])
        before = home.ledger.read_bytes()
        with pytest.raises(SandanError, match=r"matching\.decisions is .* forgetting does not rewrite it"):
            evidence.record_forgotten(home)
        assert home.ledger.read_bytes() == before


def test_one_run_alone(home, closed):
    file, _ = landed(home, closed)
    with tampered(file):
        file.write_bytes(b"nothing")
        assert verified(home, run=SECOND.isoformat())[0] == 0
        assert verified(home, run=FIRST.isoformat())[0] == 1


def test_a_cell_is_every_declaration_behind_it(home, closed):
    with pytest.raises(SandanError, match="no statistics are published"):
        evidence.prove_cell(home, "2026-11/E/61091000/USA")
    ebc_code, _, cop_no = closed.partition("/")
    with tampered(home.published):
        with duckdb.connect(config=settings(home)) as connection:
            attach(connection, home)
            connection.execute(
                "create schema published.statistics; create table published.statistics.trade_items as select "
                "'2026-11' as period, 1 as vintage_no, ebc_code, cop_no, gnum, 'E' as flow, '61' as hs_code, "
                f"'USA' as partner, value_cny from published.clearance.clearance_items where cop_no = '{cop_no}'"
            )
        console = Console(file=io.StringIO(), soft_wrap=True)
        assert evidence.prove_cell(home, "2026-11/E/61/USA", console) == 1, "no run wrote this table"
        said = console.file.getvalue()
        items, value = ask(
            home, f"select count(*), sum(value_cny) from clearance.clearance_items where cop_no = '{cop_no}'"
        )
        assert f"2026-11/E/61/USA: {items} items of 1 declarations, {value:,.2f} CNY" in said
        assert f"declaration {cop_no} of {ebc_code}" in said
        assert said.count("✗") == 2
        assert f"warehouse rows of statistics.trade_items: {items} not as published" in said
        assert re.search(r"statistics\.trade_items: a row was written by snapshot \d, which has no line", said)
        with pytest.raises(SandanError, match="no item is counted in 2026-11/E"):
            evidence.prove_cell(home, "2026-11/E")
