"""What was found of a model's SQL is kept until something that it depends on changes."""

from __future__ import annotations

import pytest

from sandan.lineage import queries

TABLES = {"s": {"a": {"x": "VARCHAR", "y": "DATE"}, "m": {"k": "VARCHAR"}}}
SQL = "select x as k from warehouse.s.a where y = date '2026-11-20' limit 5"


@pytest.fixture
def follow(tmp_path, monkeypatch):
    """Follow one model; returns what is found and whether its SQL was read for that."""
    reads = []
    lineage_of = queries.lineage_of
    monkeypatch.setattr(queries, "lineage_of", lambda *given: reads.append(given) or lineage_of(*given))

    def followed(sql, tables=TABLES):
        reads.clear()
        (tmp_path / "m.sql").write_text(sql)
        found = queries.followed({"s.m": tmp_path / "m.sql"}, tables, tmp_path / "kept.json")
        return found["s.m"], bool(reads)

    return followed


def test_another_date_is_no_other_query(follow):
    first, read = follow(SQL)
    assert (first.inputs, first.columns, read) == ({"s.a"}, {"k": {("s.a", "x")}}, True)
    assert follow(SQL) == (first, False)
    assert follow(SQL.replace("20", "21").replace("limit 5", "limit 6")) == (first, False)


def test_another_query_or_shape_is_followed_anew(follow):
    follow(SQL)
    other, read = follow(SQL.replace("x as k", "y as k"))
    assert (other.columns, read) == ({"k": {("s.a", "y")}}, True)
    wider = {"s": TABLES["s"] | {"a": TABLES["s"]["a"] | {"z": "VARCHAR"}}}
    assert follow(SQL.replace("x as k", "y as k"), wider)[1]


def test_what_cannot_be_read_is_nothing(follow):
    assert follow("select from where (") == (None, True)
    assert follow("select from where (") == (None, False)
    assert follow(SQL)[0].columns == {"k": {("s.a", "x")}}


def test_what_never_ran_is_nothing(tmp_path):
    assert queries.followed({"s.m": tmp_path / "m.sql"}, TABLES, tmp_path / "kept.json") == {"s.m": None}
