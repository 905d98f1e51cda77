"""No person of the landing stands anywhere outside the rooms that are restricted."""

from __future__ import annotations

import gzip
import json
import sqlite3
import zipfile

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from sandan import warehouse
from sandan.home import Home
from sandan.simulate.people import Person
from sandan.warehouse.persons import person_key

from .awkward import SOMEBODY
from .scanner import everything, of_bytes, of_file, of_warehouse, shown


def test_nobody_is_shown(ran):
    places = {place: found for place, text in everything(ran.home) if (found := shown(text, ran.persons))}
    assert places == {}


def test_no_command_names_anybody(ran):
    assert shown(ran.said, ran.persons) == set()


def test_the_key_is_nowhere(ran):
    key = person_key(ran.home).decode()
    assert [place for place, text in everything(ran.home) if key in text] == []


def test_every_kind_of_place_was_looked_at(ran):
    places = {place for place, _ in everything(ran.home)}
    looked_at = {place.partition("/")[0] for place in places}
    assert looked_at >= {"airflow", "data_docs", "dbt", "exchange", "logs", "published", "reports"}
    assert {"airflow/airflow.db", "published/catalog.sqlite", "warehouse matching.findings"} <= places
    assert "logs/lineage/2026-11-20.jsonl" in places


def test_the_restricted_rooms_know_everybody(ran):
    """So that those who are not found elsewhere were there to be found; files set aside are in the landing alone."""
    raw = "\n".join(text for place, text in of_warehouse(ran.home, restricted=("staging",)) if "raw." in place)
    found = shown(raw, ran.persons)
    assert sum(person.id_number in found for person in ran.persons) > 0.75 * len(ran.persons) > 100
    assert sum(person.address in found for person in ran.persons) > 0.75 * len(ran.persons)


@pytest.mark.parametrize("value", [SOMEBODY.name, SOMEBODY.id_number, SOMEBODY.telephone, SOMEBODY.address])
@pytest.mark.parametrize("kind", ["log", "json", "html", "gb18030", "gz", "xlsx", "parquet", "db"])
def test_the_scanner_sees(tmp_path, kind, value):
    file, text = tmp_path / f"file.{kind}", f"买方{value}，已核对"
    if kind == "parquet":
        pq.write_table(pa.table({"reason": [text]}), file)
    elif kind == "db":
        with sqlite3.connect(file) as database:
            database.execute("create table xcom (value text)")
            database.execute("insert into xcom values (?)", [json.dumps([text])])
    elif kind == "xlsx":
        with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("xl/sharedStrings.xml", text)
    else:
        file.write_bytes(
            {
                "log": text.encode(),
                "json": json.dumps(text).encode(),
                "html": text.encode("ascii", "xmlcharrefreplace"),
                "gb18030": text.encode("gb18030"),
                "gz": gzip.compress(text.encode()),
            }[kind]
        )
    assert [found for _, text in of_file(file, "file") if (found := shown(text, [SOMEBODY]))]


def test_the_scanner_sees_tables_of_the_warehouse(tmp_path):
    home = Home(root=tmp_path, sources=tmp_path)
    with warehouse.connect(home) as connection:
        connection.execute("create schema matching; create schema staging")
        for schema in ("matching", "staging"):
            connection.execute(f"create table {schema}.findings as select [{{'name': $1}}] as seen", [SOMEBODY.name])
    found = {place for place, text in of_warehouse(home) if shown(text, [SOMEBODY])}
    assert found == {"warehouse matching.findings"}


def test_words_are_no_names():
    nobody = Person("许可", "x", "x", "x")
    ((_, text),) = of_bytes("须经许可的商品".encode(), "seed.csv")
    assert shown(text, [nobody]) == set()
